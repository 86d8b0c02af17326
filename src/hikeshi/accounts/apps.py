from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "hikeshi.accounts"
    label = "accounts"

    def ready(self) -> None:
        # Models exist only once Django is ready; what verify compares is made known then.
        from hikeshi.accounts import facts, states  # noqa: F401, PLC0415  # facts: to be readable from the ledger
        from hikeshi.accounts.actions import succession  # noqa: F401, PLC0415  # says what rests on people

        states.register_all()

from importlib import import_module

from django.apps import AppConfig


class MailboxesConfig(AppConfig):
    name = "hikeshi.mailboxes"
    label = "mailboxes"

    def ready(self) -> None:
        # Need the models, so they cannot stand at the top: facts to be readable, rows for verify.
        for module in ("facts", "states"):
            import_module(f"hikeshi.mailboxes.{module}")

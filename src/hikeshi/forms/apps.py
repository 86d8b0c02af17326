from importlib import import_module

from django.apps import AppConfig


class FormsConfig(AppConfig):
    name = "hikeshi.forms"
    label = "forms"

    def ready(self) -> None:
        # Need the models, so they cannot stand at the top: facts to be readable from the ledger, rows for verify.
        for module in ("facts", "states"):
            import_module(f"hikeshi.forms.{module}")

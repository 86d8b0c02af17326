from importlib import import_module

from django.apps import AppConfig


class ListsConfig(AppConfig):
    name = "hikeshi.lists"
    label = "lists"

    def ready(self) -> None:
        # Needs the models, so it cannot stand at the top: rows for verify, facts to be readable from the ledger.
        for module in ("facts", "states"):
            import_module(f"hikeshi.lists.{module}")

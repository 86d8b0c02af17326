from importlib import import_module

from django.apps import AppConfig


class KnowledgeConfig(AppConfig):
    name = "hikeshi.knowledge"
    label = "knowledge"

    def ready(self) -> None:
        # Need the models, so they cannot stand at the top: facts to be readable from the ledger, rows for verify.
        for module in ("facts", "states"):
            import_module(f"hikeshi.knowledge.{module}")

from importlib import import_module

from django.apps import AppConfig


class FindingConfig(AppConfig):
    name = "hikeshi.finding"
    label = "finding"

    def ready(self) -> None:
        # Needs the models, so it cannot stand at the top: facts to be readable from the ledger, rows for verify.
        for module in ("facts", "states"):
            import_module(f"hikeshi.finding.{module}")

from importlib import import_module

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "hikeshi.notices"
    label = "notices"

    def ready(self) -> None:
        # Need the models, so they cannot stand at the top: facts to be readable from the ledger, rows for verify, the
        # end of an outage with its record.
        for module in ("facts", "states", "reactions"):
            import_module(f"hikeshi.notices.{module}")

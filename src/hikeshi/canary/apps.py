from importlib import import_module

from django.apps import AppConfig


class CanaryConfig(AppConfig):
    name = "hikeshi.canary"
    label = "canary"

    def ready(self) -> None:
        # Need the models, so they cannot stand at the top: facts to be readable, rows for verify, words for messages.
        for module in ("facts", "states", "telling"):
            import_module(f"hikeshi.canary.{module}")

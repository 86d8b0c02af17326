from importlib import import_module

from django.apps import AppConfig


class NotifyConfig(AppConfig):
    name = "hikeshi.notify"
    label = "notify"

    def ready(self) -> None:
        # Need the models, so they cannot stand at the top: facts to be readable, rows for verify.
        for module in ("facts", "states", "own_words"):
            import_module(f"hikeshi.notify.{module}")

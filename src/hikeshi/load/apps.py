from importlib import import_module

from django.apps import AppConfig


class LoadConfig(AppConfig):
    name = "hikeshi.load"
    label = "load"

    def ready(self) -> None:
        # Need the models, so they cannot stand at the top: rows for verify, words for messages, what happens to
        # records that are opened.
        for module in ("states", "telling", "reactions", "team_uses"):
            import_module(f"hikeshi.load.{module}")

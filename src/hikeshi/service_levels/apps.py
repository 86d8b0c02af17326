from importlib import import_module

from django.apps import AppConfig


class ServiceLevelsConfig(AppConfig):
    name = "hikeshi.service_levels"
    label = "service_levels"

    def ready(self) -> None:
        # Need the models, so they cannot stand at the top: rows for verify, words for messages, reactions to what
        # happens to records.
        for module in ("states", "telling", "reactions", "team_uses"):
            import_module(f"hikeshi.service_levels.{module}")

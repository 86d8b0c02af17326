from importlib import import_module

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "hikeshi.intake"
    label = "intake"

    def ready(self) -> None:
        # Need the models, so they cannot stand at the top: what `verify --state` compares, what has a period,
        # words for messages.
        for module in ("states", "actions.purging", "telling", "team_uses"):
            import_module(f"hikeshi.intake.{module}")

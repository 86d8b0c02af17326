from importlib import import_module

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "hikeshi.intake"
    label = "intake"

    def ready(self) -> None:
        # Needs the models, so it cannot stand at the top: what `verify --state` compares.
        import_module("hikeshi.intake.states")

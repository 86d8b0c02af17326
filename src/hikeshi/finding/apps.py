from importlib import import_module

from django.apps import AppConfig


class FindingConfig(AppConfig):
    name = "hikeshi.finding"
    label = "finding"

    def ready(self) -> None:
        # Needs the models, so it cannot stand at the top: rows for verify.
        import_module("hikeshi.finding.states")

from importlib import import_module

from django.apps import AppConfig


class ListsConfig(AppConfig):
    name = "hikeshi.lists"
    label = "lists"

    def ready(self) -> None:
        # Needs the models, so it cannot stand at the top: rows for verify.
        import_module("hikeshi.lists.states")

from importlib import import_module

from django.apps import AppConfig


class RoomsConfig(AppConfig):
    name = "hikeshi.rooms"
    label = "rooms"

    def ready(self) -> None:
        # Need the models, so they cannot stand at the top: facts to be readable, rows for verify, reactions.
        for module in ("facts", "states", "reactions"):
            import_module(f"hikeshi.rooms.{module}")

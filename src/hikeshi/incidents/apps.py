from importlib import import_module

from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    name = "hikeshi.incidents"
    label = "incidents"

    def ready(self) -> None:
        # Needs the models, so it cannot stand at the top: names for phrases, rows for verify, what has
        # a period, reactions to alerts, what rests on somebody who leaves.
        for module in ("names", "states", "actions.purging", "reactions", "describing", "resting", "team_uses"):
            import_module(f"hikeshi.incidents.{module}")

from importlib import import_module

from django.apps import AppConfig


class AssetsConfig(AppConfig):
    name = "hikeshi.assets"
    label = "assets"

    def ready(self) -> None:
        # Needs the models, so it cannot stand at the top: rows for verify, facts to be readable from the ledger,
        # what rests on somebody who leaves.
        for module in ("facts", "intelligence_facts", "states", "resting", "team_uses"):
            import_module(f"hikeshi.assets.{module}")

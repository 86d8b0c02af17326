from importlib import import_module

from django.apps import AppConfig


class OnCallConfig(AppConfig):
    name = "hikeshi.oncall"
    label = "oncall"

    def ready(self) -> None:
        # Needs the models, so it cannot stand at the top: rows for verify, facts to be readable from the ledger, words
        # for whoever is called, what failed messages mean, what
        # rests on somebody who leaves.
        for module in (
            "facts",
            "states",
            "run_states",
            "paging",
            "duty_words",
            "reactions",
            "resting",
            "team_uses",
            "actions.purging",
        ):
            import_module(f"hikeshi.oncall.{module}")

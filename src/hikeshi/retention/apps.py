from importlib import import_module

from django.apps import AppConfig


class RetentionConfig(AppConfig):
    name = "hikeshi.retention"
    label = "retention"

    def ready(self) -> None:
        # Need the models, so they cannot stand at the top: rows for verify, names for phrases, what lies beneath.
        for module in ("states", "names", "actions.beneath"):
            import_module(f"hikeshi.retention.{module}")

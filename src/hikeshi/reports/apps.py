from importlib import import_module

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "hikeshi.reports"
    label = "reports"

    def ready(self) -> None:
        import_module("hikeshi.reports.facts")  # so that timelines can read them

from django.apps import AppConfig
from django.core.checks import register


class WebConfig(AppConfig):
    name = "hikeshi.web"
    label = "web"

    def ready(self) -> None:
        from hikeshi.web import bundles  # noqa: PLC0415  # reads settings, which are complete only now

        register(bundles.built)

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "hikeshi.portal"
    label = "portal"

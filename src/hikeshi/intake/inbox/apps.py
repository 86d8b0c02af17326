from django.apps import AppConfig


class InboxConfig(AppConfig):
    name = "hikeshi.intake.inbox"
    label = "inbox"

from django.apps import AppConfig
from django.db.models.signals import post_migrate

from hikeshi.ledger import triggers


class LedgerConfig(AppConfig):
    name = "hikeshi.ledger"
    label = "ledger"

    def ready(self) -> None:
        # SQLite remakes a table to alter it and drops its triggers silently: put them back after every migrate.
        post_migrate.connect(triggers.install_after_migrate, sender=self)

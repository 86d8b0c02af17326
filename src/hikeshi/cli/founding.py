"""The tables of a new site, made at once. Taking an empty database through every migration there ever was gives the
same tables (a test compares them) and costs ten times as much, at every first start.
"""

from collections.abc import Iterator

from django.apps import apps
from django.db import connections, models, router
from django.db.migrations.executor import MigrationExecutor


def is_empty(alias: str) -> bool:
    return not connections[alias].introspection.table_names()


def build(alias: str) -> None:
    """Every table as this version's models say, and every migration noted as done: in one transaction, so that a start
    cut off in the middle leaves an empty database behind.
    """
    connection = connections[alias]
    executor = MigrationExecutor(connection)
    with connection.schema_editor() as editor:
        for model in _models(alias):
            editor.create_model(model)
        editor.create_model(executor.recorder.Migration)
        for migration, _ in executor.migration_plan(executor.loader.graph.leaf_nodes()):
            executor.recorder.record_applied(migration.app_label, migration.name)


def _models(alias: str) -> Iterator[type[models.Model]]:
    for app in apps.get_app_configs():
        for model in router.get_migratable_models(app, alias):
            if model._meta.can_migrate(connections[alias]):
                yield model

"""Moves a site's rows out of the way without losing them, before a backup takes their place."""

from pathlib import Path

from django.conf import settings
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from hikeshi.accounts.models import Person
from hikeshi.kernel import clock
from hikeshi.ledger.models import Entry


def empty() -> bool:
    """Whether nobody has ever worked here; a database without tables counts as empty."""
    for model in (Person, Entry):
        connection = connections[model.objects.db]
        if model._meta.db_table in connection.introspection.table_names() and model.objects.exists():
            return False
    return True


def move() -> list[str]:
    """Answers where it went: files beside the old ones, or a schema of the same database."""
    stamp = clock.now().strftime("%Y%m%dt%H%M%S")
    places = [place for alias in settings.DATABASES for place in _move(connections[alias], f"replaced_{stamp}")]
    vault = settings.DATA_ROOT / "vault"
    return [*places, str(vault.rename(vault.with_name(f"vault.replaced_{stamp}")))] if vault.is_dir() else places


def _move(connection: BaseDatabaseWrapper, name: str) -> list[str]:
    if connection.vendor == "postgresql":
        return _move_tables(connection, name)
    connection.close()
    database = Path(str(connection.settings_dict["NAME"]))
    moved = []
    for suffix in ("", "-wal", "-shm"):
        part = database.with_name(database.name + suffix)
        if part.exists():
            moved.append(str(part.rename(part.with_name(f"{database.name}.{name}{suffix}"))))
    return moved[:1]


def _move_tables(connection: BaseDatabaseWrapper, schema: str) -> list[str]:
    quote = connection.ops.quote_name
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        if not tables:
            return []
        cursor.execute(f"CREATE SCHEMA {quote(schema)}")
        for table in tables:
            cursor.execute(f"ALTER TABLE {quote(table)} SET SCHEMA {quote(schema)}")
    return [schema]

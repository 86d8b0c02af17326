"""The database itself refuses to change or take away an entry."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.apps import AppConfig
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

GUARDED = {"ledger_entry": "number", "ledger_reading": "id"}
"""Tables, and what names one row of each."""
FORGETS: Final = {"ledger_reading": 365}
"""Days after which a row may go: the access log is personal data and is kept for its purpose only (retention/). By the
database's own clock: the desk's, set forward, opens nothing.
"""
_SAYS = "the ledger does not forget"

_POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the ledger does not forget' USING ERRCODE = 'integrity_constraint_violation'; END $$
"""


def _names(table: str, vendor: str) -> tuple[str, ...]:
    acts = ("update", "delete", "truncate") if vendor == "postgresql" else ("update", "delete", "replace")
    return tuple(f"{table}_refuse_{act}" for act in acts)


def expected(vendor: str) -> frozenset[str]:
    return frozenset(name for table in GUARDED for name in _names(table, vendor))


def install(connection: BaseDatabaseWrapper) -> None:
    """Puts every trigger in place; harmless where they already are."""
    absent = missing(connection)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_POSTGRESQL_FUNCTION)
        for table in GUARDED:
            for name in _names(table, connection.vendor):
                act = name.rsplit("_", 1)[1].upper()
                if connection.vendor == "postgresql":
                    level = "STATEMENT" if act == "TRUNCATE" else "ROW"
                    young = _young(table, act, "OLD.at > now() - interval '{days} days'")
                    cursor.execute(
                        f"CREATE OR REPLACE TRIGGER {name} BEFORE {act} ON {table} "
                        f"FOR EACH {level}{young} EXECUTE FUNCTION ledger_refuse()"
                    )
                    # A replica role would skip ordinary triggers; ALWAYS does not.
                    cursor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")
                elif name in absent:
                    cursor.execute(f"DROP TRIGGER IF EXISTS {name}")  # one of an earlier version, or a hollow one
                    cursor.execute(_sqlite(table, name))


def _sqlite(table: str, name: str) -> str:
    """As SQLite keeps it, so that a trigger of the same name that does nothing is found out."""
    act = name.rsplit("_", 1)[1].upper()
    if act == "REPLACE":  # INSERT OR REPLACE takes a row away without asking the trigger on DELETE
        key = GUARDED[table]
        act = "INSERT"
        where = f" WHEN EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key})"  # noqa: S608  # names of ours
    else:
        where = _young(table, act, "OLD.at > datetime('now', '-{days} days')")
    return f"CREATE TRIGGER {name} BEFORE {act} ON {table}{where} BEGIN SELECT RAISE(ABORT, '{_SAYS}'); END"


def _young(table: str, act: str, condition: str) -> str:
    """What narrows a trigger to rows that may not go yet."""
    return f" WHEN ({condition.format(days=FORGETS[table])})" if act == "DELETE" and table in FORGETS else ""


def missing(connection: BaseDatabaseWrapper) -> frozenset[str]:
    """Triggers that should stand and do not (or are switched off): for /readyz and verify."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'A'")
        else:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            written = {_sqlite(table, name) for table in GUARDED for name in _names(table, "sqlite")}
            return expected("sqlite") - {str(name) for name, sql in cursor.fetchall() if sql in written}
        standing = {str(row[0]) for row in cursor.fetchall()}
    return expected(connection.vendor) - standing


@contextmanager
def lifted(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """For tests that empty the tables, and for nothing else."""
    with connection.cursor() as cursor:
        for table in GUARDED:
            for name in _names(table, connection.vendor):
                on = f" ON {table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")
    try:
        yield
    finally:
        install(connection)


def install_after_migrate(sender: AppConfig, *, using: str = DEFAULT_DB_ALIAS, **rest: object) -> None:
    connection = connections[using]
    if using == DEFAULT_DB_ALIAS and set(GUARDED) <= set(connection.introspection.table_names()):
        install(connection)

"""What SQLite goes by when it chooses an index: how many rows its tables hold, and of what. Nothing of its own makes it
look, and of a table that an upgrade made anew it forgets. PostgreSQL sees to it by itself.

Looked at is what is large, and was never looked at or has grown to ``GROWN`` times as much. Small tables are left out:
what is known of them would be believed when they have grown.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

SMALL: Final = 10_000
"""Rows of a table that needs no looking at."""
GROWN: Final = 4
LOOKED_THROUGH: Final = 400_000
"""Rows that are looked through at a time while people work. Of an index of a million rows that takes 0.07 to 0.17 s,
and nobody else writes meanwhile; through all of a greater one, a second. Of a quarter as many, what is open would seem
rarer than what waits, and pages of a million records would be put in order where they are to be walked through.
"""


def learn(connection: BaseDatabaseWrapper) -> None:
    """All of it, when the desk starts and serves nobody yet: some seconds for a million rows."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        for table, _rows in _outgrown(connection, cursor):
            cursor.execute(f"ANALYZE {connection.ops.quote_name(table)}")


def learn_next(now: datetime) -> bool:
    """For a desk that runs for months: one table, index by index. Returns whether there may be another."""
    del now
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.vendor != "sqlite":
        return False
    with connection.cursor() as cursor:
        table, rows = next(_outgrown(connection, cursor), ("", 0))
        if not table:
            return False
        cursor.execute(f"PRAGMA analysis_limit = {LOOKED_THROUGH}")
        try:
            for index in _indexes(cursor, table):
                cursor.execute(f"ANALYZE {connection.ops.quote_name(index)}")
        finally:
            cursor.execute("PRAGMA analysis_limit = 0")
        _tell(cursor, table, rows)
    return True


def _outgrown(connection: BaseDatabaseWrapper, cursor: CursorWrapper) -> Iterator[tuple[str, int]]:
    """Each with its rows. How many there ever were is known at once; of most tables that is enough."""
    known = _known(cursor)
    for table in connection.introspection.django_table_names(only_existing=True):
        name, enough = connection.ops.quote_name(table), max(SMALL, GROWN * known.get(table, 0))
        for asked in ("MAX(rowid)", "COUNT(*)"):
            cursor.execute(f"SELECT {asked} FROM {name}")  # noqa: S608  # a table of ours
            rows = cursor.fetchone()[0] or 0
            if rows <= enough:
                break
        else:
            yield table, rows


def _known(cursor: CursorWrapper) -> Mapping[str, int]:
    """How many rows each table had when it was looked at: the number before the first blank is that of an index's rows.
    Indexes of some rows alone say nothing of it.
    """
    cursor.execute("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1'")
    if cursor.fetchone() is None:
        return {}
    cursor.execute(
        "SELECT tbl, MIN(CAST(stat AS INTEGER)) FROM sqlite_stat1 LEFT JOIN pragma_index_list(tbl) each"
        " ON each.name = idx WHERE COALESCE(each.partial, 0) = 0 GROUP BY tbl"
    )
    return dict(cursor.fetchall())


def _indexes(cursor: CursorWrapper, table: str) -> list[str]:
    """By their names; a table without any by its own."""
    cursor.execute("SELECT name FROM pragma_index_list(%s)", [table])
    return [name for (name,) in cursor.fetchall()] or [table]


def _tell(cursor: CursorWrapper, table: str, rows: int) -> None:
    """Where a look ended before the last row SQLite guesses how many there are, by a factor of four and otherwise of
    each index: it is told. The connections that stand read what is known when they read which tables there are.
    """
    with transaction.atomic():
        cursor.execute(
            "UPDATE sqlite_stat1 SET stat = %s || substr(stat, instr(stat, ' '))"
            " WHERE tbl = %s AND idx IN (SELECT name FROM pragma_index_list(%s) WHERE NOT partial)",
            [str(rows), table, table],
        )
        cursor.execute("CREATE VIEW hikeshi_learnt AS SELECT 1")
        cursor.execute("DROP VIEW hikeshi_learnt")

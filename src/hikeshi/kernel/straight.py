"""A statement that is worked out already, on the shortest way to the database.

From an alert to a telephone some 120 statements follow each other. What Django does around each of them, to find the
connection, to mark the values, to watch and to log, costs SQLite's callers five times what SQLite itself does.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, Protocol, cast

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

MOST: Final = 1_000
_MARK: Final = re.compile("(?<!%)%s")


class _Driver(Protocol):
    def execute(self, sql: str, params: Sequence[object], /) -> object: ...
    def executemany(self, sql: str, params: Sequence[Sequence[object]], /) -> object: ...


def main() -> BaseDatabaseWrapper:
    """The connection of the calling thread to the main database; ``django.db.connection`` looks for it at each word."""
    return connections[DEFAULT_DB_ALIAS]


def run(here: BaseDatabaseWrapper, sql: str, params: Sequence[object] = ()) -> CursorWrapper:
    """``sql`` as Django writes it, with ``%s`` for each value; what is returned holds the rows. Who watches statements
    (tests, a log) sees this one too. Raises what Django raises.
    """
    if _may_go_straight(here):
        with here.wrap_database_errors:
            return cast("CursorWrapper", cast("_Driver", here.connection).execute(_marked(sql), params))
    cursor = here.cursor()
    cursor.execute(sql, cast("Sequence[str]", params))  # whatever the driver takes
    return cursor


def run_each(here: BaseDatabaseWrapper, sql: str, params: Sequence[Sequence[object]]) -> None:
    """The statement for each of these, as ``run``."""
    if _may_go_straight(here):
        with here.wrap_database_errors:
            cast("_Driver", here.connection).executemany(_marked(sql), params)
        return
    with here.cursor() as cursor:
        cursor.executemany(sql, cast("Sequence[Sequence[str]]", params))  # as above


def _may_go_straight(here: BaseDatabaseWrapper) -> bool:
    """SQLite's connection stands, what it did so far is good, and nobody watches it."""
    if here.vendor != "sqlite" or here.connection is None:
        return False
    return not (here.needs_rollback or here.execute_wrappers or here.queries_logged)


@lru_cache(maxsize=MOST)
def _marked(sql: str) -> str:
    """With SQLite's own marks, as Django sets them."""
    return _MARK.sub("?", sql).replace("%%", "%")

"""Where the inbox lives, and its values as this database writes them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache

from django.db import connections, router
from django.db.backends.base.base import BaseDatabaseWrapper

from hikeshi.intake.inbox.models import Item


def alias() -> str:
    """Name of the database that holds the inbox: its own file on SQLite, the one database on PostgreSQL."""
    return router.db_for_write(Item)


def connection() -> BaseDatabaseWrapper:
    """The connection this thread has to it."""
    found: BaseDatabaseWrapper = connections[alias()]
    return found


def moment(at: datetime) -> str | datetime:
    """Plain SQL does not pass through model fields; SQLite keeps times as text, without a zone and in UTC, as Django
    writes it.
    """
    if _keeps_zones():
        return at
    return (at if at.tzinfo is UTC else at.astimezone(UTC)).isoformat(" ")[: -len("+00:00")]


@cache
def _keeps_zones() -> bool:
    return connection().vendor == "postgresql"


@contextmanager
def lightly() -> Iterator[None]:
    """What this thread commits within it is seen by all at once, and on SQLite it is on disk no later than what is
    committed after it: for what may be done again. Not inside a transaction; there it changes nothing.
    """
    here = connection()
    if here.vendor != "sqlite" or here.in_atomic_block:
        yield
        return
    _settle(here, "NORMAL")
    try:
        yield
    finally:
        _settle(here, "FULL")


def _settle(here: BaseDatabaseWrapper, synchronous: str) -> None:
    here.ensure_connection()
    here.connection.execute(f"PRAGMA synchronous = {synchronous}")


COUNT = """
INSERT INTO inbox_counter (name, value) VALUES (%s, %s)
ON CONFLICT (name) DO UPDATE SET value = inbox_counter.value + excluded.value
"""

"""Where the inbox lives, and its values as this database writes them."""

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


COUNT = """
INSERT INTO inbox_counter (name, value) VALUES (%s, %s)
ON CONFLICT (name) DO UPDATE SET value = inbox_counter.value + excluded.value
"""

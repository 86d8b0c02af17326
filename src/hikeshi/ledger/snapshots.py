"""Reading many rows as of one moment, while writers go on."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper


@contextmanager
def as_of_one_moment(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Everything read inside is of one moment, so that a desk at work is not taken for a tampered one."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield
    else:
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")  # atomic() would take the write lock and stop the desk
            try:
                cursor.execute("SELECT 1 FROM sqlite_master")  # SQLite's snapshot begins with the first read
                yield
            finally:
                cursor.execute("ROLLBACK")

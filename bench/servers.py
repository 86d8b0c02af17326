"""Servers of a bench's own, one kind of place at a time: the same that a large site runs, on disk, gone afterwards."""

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

sys.path[:0] = [str(place) for place in (Path(__file__).parents[1], Path(__file__).parents[1] / "src")]

from tests.jetstream import Jetstream
from tests.postgres import Postgres

PLACES = ("sqlite", "postgresql", "jetstream")
"""SQLite and PostgreSQL keep the inbox in tables; "jetstream" has it on three servers of a stream beside PostgreSQL."""


@contextmanager
def standing(place: str) -> Iterator[dict[str, str]]:
    """Starts what the place needs. The environment of a process that is to work there, all else of Hikeshi unset."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HIKESHI_")}
    with ExitStack() as started:
        if place != "sqlite":
            postgres = Postgres(durable=True)
            started.callback(postgres.remove, os.getpid())
            postgres.start()
            environment["HIKESHI_DATABASE_URL"] = postgres.url
        if place == "jetstream":
            stream = Jetstream(3, durable=True)
            started.callback(stream.remove, os.getpid())
            stream.start()
            environment["HIKESHI_INBOX"] = stream.url
        yield environment

"""Where rows live: SQLite in two files (main and inbox), or one PostgreSQL."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal, cast
from urllib.parse import parse_qsl, unquote, urlsplit

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from hikeshi.config.environment import BadEnvironment

Alias = Literal["default", "inbox"]
INBOX_APP = "inbox"
FIRST: Final = datetime.min.replace(tzinfo=UTC)
LAST: Final = datetime.max.replace(tzinfo=UTC)
KEPT = 300
"""Seconds a connection serves one request after another: opening one costs more than most queries."""
STATEMENTS = 400
"""Statements that a connection of SQLite keeps worked out. A page to somebody takes some 150 different ones; with
Python's own 128 each of them would be worked out anew every time.
"""

# WAL lets readers and the one writer work side by side. IMMEDIATE takes the write lock at BEGIN, so a transaction never
# fails half way for having read first.
_SQLITE_START = "PRAGMA journal_mode=WAL; PRAGMA foreign_keys=ON; PRAGMA busy_timeout=15000; PRAGMA cache_size=-8000;"


# Bodies pass through the inbox and are gone: copied into the file less often, most of them never are.
_INBOX_START = "PRAGMA wal_autocheckpoint=4000;"


def _sqlite(path: Path, *, synchronous: str, start: str = "") -> dict[str, object]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "CONN_MAX_AGE": KEPT,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 15,
            "cached_statements": STATEMENTS,
            "init_command": f"{_SQLITE_START} PRAGMA synchronous={synchronous}; {start}",
        },
    }


_PATIENCE = {
    "connect_timeout": "5",
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "20000",  # milliseconds
}
"""A server whose machine died says nothing more: without these a connection would wait for it a quarter of an hour, and
whoever sends alerts with it. A URL may say otherwise.
"""


def _postgresql(url: str) -> dict[str, object]:
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    host = query.pop("host", None) or unquote(parts.hostname or "")
    options: dict[str, object] = dict(query)
    for name, seconds in _PATIENCE.items():
        options.setdefault(name, seconds)
    options["isolation_level"] = 2  # psycopg.IsolationLevel.READ_COMMITTED, written out to need no import here
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "hikeshi",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
        "CONN_MAX_AGE": KEPT,
        "CONN_HEALTH_CHECKS": True,
    }


def databases(url: str, data: Path) -> dict[str, dict[str, object]]:
    """Django's DATABASES. Raises BadEnvironment for a URL that is neither empty nor PostgreSQL's."""
    if url:
        if urlsplit(url).scheme not in {"postgres", "postgresql"}:
            raise BadEnvironment("HIKESHI_DATABASE_URL must begin with postgresql://")
        return {"default": _postgresql(url)}
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    main = _sqlite(data / "hikeshi.sqlite3", synchronous="FULL")
    inbox = _sqlite(data / "inbox.sqlite3", synchronous="FULL", start=_INBOX_START)
    return {"default": main, "inbox": inbox}


def tolerate_every_year(connection: BaseDatabaseWrapper, **more: object) -> None:
    """PostgreSQL keeps moments beyond the years that Python knows, and older versions let somebody west or east of
    Greenwich write one: read as the last or the first moment there is, a row like that spoils no list it stands in.
    """
    if connection.vendor != "postgresql":
        return
    from django.db.backends.postgresql.psycopg_any import BaseTzLoader  # noqa: PLC0415  # SQLite's sites load no psycopg
    from psycopg import DataError  # noqa: PLC0415  # as above

    class Tolerant(BaseTzLoader):  # type: ignore[misc]  # the stubs know it of another psycopg alone
        timezone = UTC

        def load(self, data: bytes) -> datetime:
            try:
                return cast("datetime", super().load(data))
            except DataError:
                early = bytes(data).endswith(b"BC") or bytes(data).startswith(b"-")
                return FIRST if early else LAST

    connection.connection.adapters.register_loader("timestamptz", Tolerant)


connection_created.connect(tolerate_every_year, dispatch_uid="every year")


class InboxRouter:
    """Sends the inbox app to its own file where there is one."""

    def _alias(self, app_label: str) -> Alias:
        from django.conf import settings  # noqa: PLC0415  # settings import this module

        return "inbox" if app_label == INBOX_APP and "inbox" in settings.DATABASES else "default"

    def db_for_read(self, model: type, **hints: object) -> Alias:
        return self._alias(model._meta.app_label)  # type: ignore[attr-defined]  # Django passes a Model class

    def db_for_write(self, model: type, **hints: object) -> Alias:
        return self._alias(model._meta.app_label)  # type: ignore[attr-defined]  # Django passes a Model class

    def allow_migrate(self, db: str, app_label: str, **hints: object) -> bool:
        return db == self._alias(app_label)

"""The table of words: FTS5 without the texts on SQLite, a column of lexemes with its index on PostgreSQL. Neither knows
how to read Japanese, and neither needs to: what is written there are tokens (tokens.py).
"""

import zlib
from collections.abc import Mapping, Sequence
from typing import Final

from django.db.backends.base.base import BaseDatabaseWrapper

from hikeshi.search.vocabulary import VOCABULARY

TABLE: Final = "search_words"
# "ascii": every letter beyond ASCII is part of a token, whatever Unicode says of it. Which tokens a document has is all
# that is asked, never where, so nothing more is kept.
_FTS5: Final = "fts5(words, content='', detail='none', columnsize=0, tokenize='ascii')"
_SQLITE: Final = (
    f"CREATE VIRTUAL TABLE IF NOT EXISTS {TABLE} USING {_FTS5}",
    f"CREATE VIRTUAL TABLE IF NOT EXISTS {VOCABULARY} USING fts5vocab({TABLE}, instance)",
)
_POSTGRESQL: Final = (
    f"CREATE TABLE IF NOT EXISTS {TABLE} (document_id bigint PRIMARY KEY, words tsvector NOT NULL)",
    f"CREATE INDEX IF NOT EXISTS {TABLE}_words ON {TABLE} USING gin (words)",
)


def install(connection: BaseDatabaseWrapper) -> None:
    """Harmless where it stands already."""
    if standing(connection):
        return
    with connection.cursor() as cursor:
        for statement in _POSTGRESQL if connection.vendor == "postgresql" else _SQLITE:
            cursor.execute(statement)


def standing(connection: BaseDatabaseWrapper) -> bool:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT to_regclass(%s)", [TABLE])
        else:
            # The last one made.
            cursor.execute("SELECT max(name) FROM sqlite_master WHERE name = %s", [VOCABULARY])
        found = cursor.fetchone()
    return found is not None and found[0] is not None


def pack(tokens: Sequence[str], connection: BaseDatabaseWrapper) -> bytes:
    """What SQLite must be told again for it to forget."""
    return b"" if connection.vendor == "postgresql" else zlib.compress(" ".join(tokens).encode(), 6)


def insert(connection: BaseDatabaseWrapper, words: Mapping[int, Sequence[str]]) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.executemany(
                f"INSERT INTO {TABLE} (document_id, words) VALUES (%s, array_to_tsvector(%s)) "  # noqa: S608  # ours
                "ON CONFLICT (document_id) DO UPDATE SET words = excluded.words",
                [(place, list(tokens)) for place, tokens in words.items()],
            )
        else:
            cursor.executemany(
                f"INSERT INTO {TABLE} (rowid, words) VALUES (%s, %s)",  # noqa: S608  # a name of ours
                [(place, " ".join(tokens)) for place, tokens in words.items()],
            )


def delete(connection: BaseDatabaseWrapper, kept: Mapping[int, bytes]) -> None:
    """``kept``: what ``pack`` made of each."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"DELETE FROM {TABLE} WHERE document_id = ANY(%s)", [list(kept)])  # noqa: S608  # ours
        else:
            cursor.executemany(
                f"INSERT INTO {TABLE} ({TABLE}, rowid, words) VALUES ('delete', %s, %s)",  # noqa: S608  # ours
                [(place, zlib.decompress(packed).decode()) for place, packed in kept.items()],
            )


def delete_all(connection: BaseDatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"TRUNCATE {TABLE}")
        else:
            cursor.execute(f"INSERT INTO {TABLE} ({TABLE}) VALUES ('delete-all')")  # noqa: S608  # a name of ours

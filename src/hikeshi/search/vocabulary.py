"""The words that begin as somebody types, on SQLite.

Its index of words gives the newest documents first and one by one, so what is common costs little: a page and a count
to a thousand are soon found. For a beginning it would put together every document of every word that begins so, before
the first. The words themselves are few, and are found without their documents.
"""

from typing import Final

from django.db import connection

from hikeshi.search.matching import All, Condition, Either, Token, Wanted

VOCABULARY: Final = "search_vocabulary"
"""Every token once for each document it stands in; asked only for the first that is not before a text."""
MOST: Final = 64
"""Words of one beginning that are looked for one by one."""
_AFTER: Final = "!"
"""Comes before whatever a longer token goes on with."""
_LAST: Final = "\U0010ffff"
_BEGINNING: Final = (
    "WITH RECURSIVE one AS (SELECT (SELECT term FROM search_vocabulary WHERE term >= %s LIMIT 1) AS term UNION ALL "
    "SELECT (SELECT term FROM search_vocabulary WHERE term >= one.term || %s LIMIT 1) FROM one WHERE one.term < %s) "
    "SELECT term FROM one LIMIT %s"
)


def spelled_out(wanted: Wanted) -> Wanted:
    """With the words that begin so in the place of beginnings. PostgreSQL's index does that by itself."""
    if connection.vendor != "sqlite":
        return wanted
    return Wanted(tuple(_spelled_out(one) for one in wanted.have), wanted.lack)


def _spelled_out(condition: Condition) -> Condition:
    match condition:
        case Token(text, beginning=True):
            words = _words(text)
            return condition if words is None else Either(tuple(Token(one) for one in (text, *words)))
        case All(of):
            return All(tuple(_spelled_out(one) for one in of))
        case Either(of):
            return Either(tuple(_spelled_out(one) for one in of))
    return condition


def _words(beginning: str) -> list[str] | None:
    """From each to the next, past all its documents. None where they are too many, or nobody wrote anything since there
    is a vocabulary.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM sqlite_master WHERE name = %s", [VOCABULARY])
        if cursor.fetchone() is None:
            return None
        cursor.execute(_BEGINNING, [beginning, _AFTER, beginning + _LAST, MOST + 2])
        words = [term for (term,) in cursor.fetchall() if term is not None and term.startswith(beginning)]
    return words if len(words) <= MOST else None

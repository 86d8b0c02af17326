"""Which documents hold what is wanted. Who sees them is the asker's part: it narrows these rows, in the same query."""

from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from hikeshi.search.matching import Wanted, found, written
from hikeshi.search.models import Document

_SQL: Final = {
    "sqlite": "SELECT rowid FROM search_words WHERE search_words MATCH %s",
    "postgresql": "SELECT document_id FROM search_words WHERE words @@ CAST(%s AS tsquery)",
}
_SPANS: Final = (
    "SELECT kind, (SELECT MIN(id) FROM search_document WHERE search_document.kind = asked.kind),"
    " (SELECT MAX(id) FROM search_document WHERE search_document.kind = asked.kind)"
    " FROM unnest(CAST(%s AS varchar[])) AS asked (kind)"
)
LATER: Final = 1_000
"""Numbers beyond the last one that was seen, for what is written anew between two queries."""
Span: TypeAlias = tuple[int, int]
"""The numbers between which a kind's documents lie."""


def spans(kinds: Sequence[str]) -> Mapping[str, Span]:
    """Where PostgreSQL needs to look for each; of what it is not told it walks through other kinds first, which lie
    together where an index was built anew. Two looks into an index for each kind. Empty on SQLite, whose index of
    words leads.
    """
    if connection.vendor != "postgresql" or not kinds:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_SPANS, [list(kinds)])
        return {kind: (first or 0, (last or 0) + LATER) for kind, first, last in cursor.fetchall()}


def documents(
    kind: str, wanted: Wanted, *, heading: bool | None = None, before: int | None = None, span: Span | None = None
) -> QuerySet[Document]:
    """The last changed first. ``heading``: only those that are called so; only those that are not; None: either.
    ``before``: only those changed before this one. ``span``: as `spans` tells.
    """
    rows = Document.objects.filter(kind=kind)
    if not wanted.have:
        for condition in wanted.lack:
            rows = rows.exclude(_within(written(condition, connection.vendor)))
        return (rows if before is None else rows.filter(pk__lt=before)).order_by("-id")
    spelled = found(kind, wanted, connection.vendor, heading=heading)
    if connection.vendor == "sqlite":
        return _led_by_words(spelled, before)
    rows = rows.filter(_within(spelled, span))
    rows = rows if span is None else rows.filter(pk__gte=span[0], pk__lte=span[1])
    return (rows if before is None else rows.filter(pk__lt=before)).order_by("-id")


def _led_by_words(spelled: str, before: int | None) -> QuerySet[Document]:
    """The index of words leads, the newest first: asked as a part of the condition, every document of the kind would
    be walked through and put in order.
    """
    last = 2**62 if before is None else before
    where = ["search_words.rowid = search_document.id", "search_words MATCH %s", "search_words.rowid < %s"]
    rows = Document.objects.extra(tables=["search_words"], where=where, params=[spelled, last])  # noqa: S610  # see above
    return rows.extra(order_by=["-search_words.rowid"])  # a constant


def _within(spelled: str, span: Span | None = None) -> Q:
    between = "" if span is None else " AND document_id BETWEEN %s AND %s"
    return Q(pk__in=RawSQL(_SQL[connection.vendor] + between, [spelled, *(span or ())]))  # noqa: S611  # as parameters

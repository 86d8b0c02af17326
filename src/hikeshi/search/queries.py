"""Which documents hold what is wanted. Who sees them is the asker's part: it narrows these rows, in the same query."""

from typing import Final

from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from hikeshi.search.matching import Wanted, found, written
from hikeshi.search.models import Document

_SQL: Final = {
    "sqlite": "SELECT rowid FROM search_words WHERE search_words MATCH %s",
    "postgresql": "SELECT document_id FROM search_words WHERE words @@ CAST(%s AS tsquery)",
}


def documents(
    kind: str, wanted: Wanted, *, heading: bool | None = None, before: int | None = None
) -> QuerySet[Document]:
    """The last changed first. ``heading``: only those that are called so; only those that are not; None: either.
    ``before``: only those changed before this one.
    """
    rows = Document.objects.filter(kind=kind)
    if not wanted.have:
        for condition in wanted.lack:
            rows = rows.exclude(_within(written(condition, connection.vendor)))
        return (rows if before is None else rows.filter(pk__lt=before)).order_by("-id")
    spelled = found(kind, wanted, connection.vendor, heading=heading)
    if connection.vendor == "sqlite":
        return _led_by_words(spelled, before)
    rows = rows.filter(_within(spelled))
    return (rows if before is None else rows.filter(pk__lt=before)).order_by("-id")


def _led_by_words(spelled: str, before: int | None) -> QuerySet[Document]:
    """The index of words leads, the newest first: asked as a part of the condition, every document of the kind would
    be walked through and put in order.
    """
    last = 2**62 if before is None else before
    where = ["search_words.rowid = search_document.id", "search_words MATCH %s", "search_words.rowid < %s"]
    rows = Document.objects.extra(tables=["search_words"], where=where, params=[spelled, last])  # noqa: S610  # see above
    return rows.extra(order_by=["-search_words.rowid"])  # a constant


def _within(spelled: str) -> Q:
    return Q(pk__in=RawSQL(_SQL[connection.vendor], [spelled]))  # noqa: S611  # the words travel as a parameter

"""Which documents hold what is wanted. Who sees them is the asker's part: it narrows these rows, in the same query."""

from typing import Final

from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from hikeshi.search.matching import Wanted, written
from hikeshi.search.models import Document

_SQL: Final = {
    "sqlite": "SELECT rowid FROM search_words WHERE search_words MATCH %s",
    "postgresql": "SELECT document_id FROM search_words WHERE words @@ CAST(%s AS tsquery)",
}


def documents(kind: str, wanted: Wanted, *, heading: bool | None = None) -> QuerySet[Document]:
    """The last changed first. ``heading``: only those that are called so; only those that are not; None: either."""
    rows = Document.objects.filter(kind=kind)
    if wanted.have:
        rows = rows.filter(_holding(wanted, in_heading=heading is True))
        if heading is False:
            rows = rows.exclude(_holding(wanted, in_heading=True))
    for condition in wanted.lack:
        rows = rows.exclude(_within(written(condition, connection.vendor)))
    return rows.order_by("-id")


def _holding(wanted: Wanted, *, in_heading: bool) -> Q:
    spelled = [written(one, connection.vendor, heading=in_heading) for one in wanted.have]
    return _within((" AND " if connection.vendor == "sqlite" else " & ").join(spelled))


def _within(spelled: str) -> Q:
    return Q(pk__in=RawSQL(_SQL[connection.vendor], [spelled]))  # noqa: S611  # the words travel as a parameter

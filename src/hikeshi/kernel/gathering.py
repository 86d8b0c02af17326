"""The records that other rows are of, or that hold some words, asked for so that no belief of a database about its
tables costs more than one pass.

Few are named. Of some, SQLite takes the rows as a question within the question, since values by the thousand cost it a
second, and walks the list in its order where many are in it rather than look up each and sort them; PostgreSQL, which
would make a join of that and walk the list once for each row where it believes that there are hardly any, is told the
keys as one value. Of more, each row that is met on the way is asked of the index.
"""

from collections.abc import Iterable
from typing import Final

from django.db import connection
from django.db.models import BooleanField, Case, Exists, F, Func, Model, OuterRef, Q, QuerySet, Subquery, Value, When

FEW: Final = 1_000
MANY: Final = 10_000
"""Rows whose records are met soon enough on the way through a list."""
SOME: Final = 50_000
"""Rows whose records are gathered first. Of more, whatever list is walked soon meets some."""


class Among(Func):
    """PostgreSQL's own: one of these keys, which travel as one value and are looked up in a table of its own making."""

    template = "%(expressions)s::bigint[])"
    arg_joiner = " = ANY("

    def __init__(self, keys: Iterable[int]) -> None:
        named = ",".join(map(str, sorted(keys)))
        super().__init__(F("pk"), Value(f"{{{named}}}"), output_field=BooleanField())


class MetAmong(Func):
    """SQLite's own: one of these keys, asked of each record that is met and no way to find any."""

    template = "+%(expressions)s"
    arg_joiner = " IN "

    def __init__(self, keys: QuerySet[Model]) -> None:
        super().__init__(F("pk"), Subquery(keys), output_field=BooleanField())


def few_or_each(rows: QuerySet[Model], column: str, each: Q | Exists) -> Q:
    """Few are named; of many, each row that is met is asked."""
    found = list(rows.order_by().values_list(column, flat=True)[: FEW + 1])
    return Q(pk__in=set(found)) if len(found) <= FEW else asked_each(each)


def asked_each(each: Q | Exists) -> Q:
    """Within a case PostgreSQL leaves the question where it stands, makes no join of it, and believes that half of what
    it meets answers it: of words it would believe hardly any, and read and sort all that there is.
    """
    if connection.vendor != "postgresql":
        return Q(each)
    return Q(Case(When(Q(each), then=Value(True)), default=Value(False), output_field=BooleanField()))


def records_of(rows: QuerySet[Model], column: str = "incident", of_one: QuerySet[Model] | None = None) -> Q:
    """``column`` of ``rows`` names a record. ``of_one``: the same rows, as they are found best where the record is
    known.
    """
    each = Exists((rows if of_one is None else of_one).filter(**{column: OuterRef("pk")}))
    keys = rows.order_by().values_list(column, flat=True)
    gathered = connection.vendor == "postgresql"
    found = list(keys[: (SOME if gathered else FEW) + 1])
    if len(found) <= FEW:
        return Q(pk__in=set(found))
    if gathered:
        return Q(Among(set(found))) if len(found) <= SOME else asked_each(each)
    many = keys[: SOME + 1].count()
    if many > SOME:
        return asked_each(each)
    return Q(pk__in=keys) if many <= MANY else Q(MetAmong(keys))

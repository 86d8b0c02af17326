"""The records that other rows are of, or that hold some words, asked for so that no belief of a database about its
tables costs more than one pass.

Few are named. Of some, the keys come as one value and go back as one: values by the thousand cost SQLite a second, and
of a question within the question PostgreSQL would make a join, and walk the list once for each row where it believes
that there are hardly any. Where many are in it the list is walked in its order rather than each looked up and all
sorted. Of more, each row that is met on the way is asked of the index.
"""

from typing import Final

from django.core.exceptions import EmptyResultSet
from django.db import connection, connections
from django.db.models import BooleanField, Case, Exists, F, Func, Model, OuterRef, Q, QuerySet, Value, When

FEW: Final = 1_000
MANY: Final = 10_000
"""Rows whose records are met soon enough on the way through a list."""
SOME: Final = 50_000
"""Rows whose records are gathered first. Of more, whatever list is walked soon meets some."""
_KEYS: Final = {
    "sqlite": "SELECT COUNT(*), CASE WHEN COUNT(*) <= %s THEN group_concat(met) END FROM",
    "postgresql": "SELECT COUNT(*), CASE WHEN COUNT(*) <= %s THEN array_to_string(array_agg(met), ',') END FROM",
}


class Among(Func):
    """PostgreSQL's own: one of these keys, which it looks up in a table of its own making."""

    template = "%(expressions)s::bigint[])"
    arg_joiner = " = ANY("

    def __init__(self, keys: str) -> None:
        super().__init__(F("pk"), Value(f"{{{keys}}}"), output_field=BooleanField())


class Listed(Func):
    """SQLite's own: one of these keys."""

    template = "%(expressions)s))"
    arg_joiner = " IN (SELECT value FROM json_each("

    def __init__(self, keys: str) -> None:
        super().__init__(F("pk"), Value(f"[{keys}]"), output_field=BooleanField())


class MetListed(Listed):
    """Asked of each record that is met, and no way to find any."""

    template = "+%(expressions)s))"


def few_or_each(rows: QuerySet[Model], column: str, each: Q | Exists) -> Q:
    """Few are named; of many, each row that is met is asked."""
    found = list(rows.order_by().values_list(column, flat=True)[: FEW + 1])
    return Q(pk__in=set(found)) if len(found) <= FEW else asked_each(each)


def asked_each(each: Q | Exists | Func) -> Q:
    """Within a case PostgreSQL leaves the question where it stands, makes no join of it, and believes that half of what
    it meets answers it: of words it would believe hardly any, and read and sort all that there is.
    """
    if connection.vendor != "postgresql":
        return Q(each)
    return Q(Case(When(Q(each), then=Value(True)), default=Value(False), output_field=BooleanField()))


def records_of(rows: QuerySet[Model], column: str = "incident", of_one: QuerySet[Model] | None = None) -> Q:
    """``column`` of ``rows`` names a record. ``of_one``: the same rows, as they are found best where the record is
    known. One query.
    """
    many, keys = _gathered(rows, column)
    if many > SOME:
        return asked_each(_of_each(rows if of_one is None else of_one, column))
    if many <= FEW:
        return Q(pk__in={int(one) for one in keys.split(",") if one})
    if connection.vendor == "postgresql":
        return Q(Among(keys)) if many <= MANY else asked_each(Among(keys))
    return Q(Listed(keys)) if many <= MANY else Q(MetListed(_in_order(keys)))


def _gathered(rows: QuerySet[Model], column: str) -> tuple[int, str]:
    """How many there are, as far as it matters, and where they are to be gathered their keys: ``1,2,3``."""
    asked = rows.order_by().annotate(met=F(column)).values_list("met", flat=True)[: SOME + 1]
    try:
        sql, params = asked.query.get_compiler(using=rows.db).as_sql()
    except EmptyResultSet:
        return 0, ""
    here = connections[rows.db]
    with here.cursor() as cursor:
        cursor.execute(f"{_KEYS[here.vendor]} ({sql}) found", [SOME, *params])
        many, keys = cursor.fetchone()
    return many, keys or ""


def _in_order(keys: str) -> str:
    """SQLite makes its table of them in a quarter of the time, and a list asks it twice: for a page and for a count."""
    return ",".join(sorted(sorted(keys.split(",")), key=len))


def _of_each(rows: QuerySet[Model], column: str) -> Exists:
    """That the key is no greater than itself keeps PostgreSQL from reading all of them before the first is asked."""
    same = {column: OuterRef("pk")}
    if connection.vendor == "postgresql":
        same |= {f"{column}__lte": OuterRef("pk")}
    return Exists(rows.filter(**same))

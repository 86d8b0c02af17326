"""Lists by keyset: the cursor holds the last row's sort values, so page 1,000 costs what page 1 costs."""

import base64
import binascii
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeAlias, TypeVar
from uuid import UUID

import msgspec
from django.core.exceptions import EmptyResultSet, ValidationError
from django.db import connections
from django.db.models import F, Model, Q, QuerySet

from hikeshi.kernel.refusals import Invalid

EXACT_TO = 10_000
M = TypeVar("M", bound=Model)
T = TypeVar("T")
Scalar: TypeAlias = "str | int | float | bool | datetime | UUID | None"


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page. ``total`` is exact to 10,000; beyond, it is 10,000 and ``total_exact`` is False (DESIGN §6.17)."""

    items: Sequence[T]
    next: str | None
    total: int
    total_exact: bool


def count(rows: QuerySet[M], *, to: int | None = None) -> tuple[int, bool]:
    """Rows up to the cap, and whether that is all of them. Cost is bounded by the cap, not by the table."""
    cap = EXACT_TO if to is None else to
    found = rows.order_by().values("pk")[: cap + 1].count()
    return (found, True) if found <= cap else (cap, False)


def tally(rows: QuerySet[M], column: str) -> tuple[Counter[T], bool]:
    """How many of the first rows, up to the cap, have each value of ``column``, and whether those are all; one row of
    each value leaves the database.
    """
    asked = rows.order_by().annotate(met=F(column)).values_list("met", flat=True)[: EXACT_TO + 1]
    try:
        sql, params = asked.query.get_compiler(using=rows.db).as_sql()
    except EmptyResultSet:
        return Counter(), True
    with connections[rows.db].cursor() as cursor:
        cursor.execute(f"SELECT met, COUNT(*) FROM ({sql}) found GROUP BY met ORDER BY met", params)  # noqa: S608  # Django's own
        found: Counter[T] = Counter(dict(cursor.fetchall()))
    return found, found.total() <= EXACT_TO


def encode(values: Sequence[Scalar]) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(list(values))).decode().rstrip("=")


def decode(cursor: str, length: int) -> list[Scalar]:
    """Raises Invalid for what ``encode`` did not make."""
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        values = msgspec.json.decode(raw, type=list[str | int | float | bool | None])
    except (ValueError, binascii.Error, msgspec.DecodeError) as error:
        raise Invalid("cursor", "not_a_cursor") from error
    if len(values) != length:
        raise Invalid("cursor", "not_a_cursor")
    return list(values)


def _after(order: Sequence[str], values: Sequence[Scalar]) -> Q:
    """Rows behind the cursor: (a, b, c) lexicographically beyond, each column in its own direction."""
    beyond = Q(pk__in=[])
    for place, name in enumerate(order):
        step = "lt" if name.startswith("-") else "gt"
        equal = {other.lstrip("-"): value for other, value in zip(order[:place], values, strict=False)}
        beyond |= Q(**equal, **{f"{name.lstrip('-')}__{step}": values[place]})
    return beyond


def paginate(rows: QuerySet[M], *, order: tuple[str, ...], cursor: str | None = None, limit: int = 50) -> Page[M]:
    """A page of ``rows`` in ``order`` (model fields without nulls, the last one unique, ``-`` for descending).

    Raises Invalid for a limit outside 1..500 or a cursor of another list.
    """
    if not 1 <= limit <= 500:
        raise Invalid("limit", "out_of_range", low=1, high=500)
    wanted = rows.order_by(*order)
    if cursor:
        values = decode(cursor, len(order))
        try:
            wanted = wanted.filter(_after(order, values))
            found = list(wanted[: limit + 1])
        except (ValueError, TypeError, ValidationError) as error:
            raise Invalid("cursor", "not_a_cursor") from error
    else:
        found = list(wanted[: limit + 1])
    items = found[:limit]
    whole = not cursor and len(found) <= limit
    total, exact = (len(found), True) if whole else count(rows)
    more = encode([getattr(items[-1], name.lstrip("-")) for name in order]) if len(found) > limit else None
    return Page(items=items, next=more, total=total, total_exact=exact)

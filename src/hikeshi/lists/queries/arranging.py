"""In which order a list is walked, and under which headings."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from django.db.models import Count, F, QuerySet, Value
from django.db.models.functions import Coalesce

from hikeshi.incidents.models import Incident
from hikeshi.kernel import paging
from hikeshi.lists.codes import Group, Order
from hikeshi.service_levels import queries as service_levels

GROUPABLE: Final = paging.EXACT_TO
"""Headings put the whole list in another order: so many are sorted, no more."""

_BURNS: Final = ("standing", "priority", "-updated_at", "-id")
ORDERS: Final[Mapping[str, tuple[str, ...]]] = {
    Order.PRIORITY: _BURNS,
    Order.UPDATED: ("-updated_at", "-id"),
    Order.NEWEST: ("-id",),
    Order.OLDEST: ("id",),
    Order.DUE: service_levels.DEADLINE,
}
_KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    Group.OWNER: ("owner_called", "owner_key"),
    Group.KIND: ("kind",),
    Group.PHASE: ("phase",),
    Group.PRIORITY: ("priority",),
}


def ordered(rows: QuerySet[Incident], order: str) -> tuple[QuerySet[Incident], tuple[str, ...]]:
    if order == Order.DUE:
        return service_levels.by_deadline(rows), service_levels.DEADLINE
    return rows, ORDERS[order]


@dataclass(frozen=True, slots=True)
class Grouping:
    """``group`` is empty where there are too many records to be put under headings. ``counts``: of each heading."""

    rows: QuerySet[Incident]
    order: tuple[str, ...]
    group: str = ""
    refused: bool = False
    counts: Mapping[str, int] = field(default_factory=dict)


def grouped(rows: QuerySet[Incident], order: str, group: str) -> Grouping:
    """Under each heading in the order asked for."""
    within, keys = ordered(rows, order)
    if not group:
        return Grouping(within, keys)
    if not paging.count(rows)[1]:
        return Grouping(within, keys, refused=True)
    column = "owner" if group == Group.OWNER else group
    counted = rows.order_by().values_list(column).annotate(many=Count("pk"))
    counts = {str(value or ""): many for value, many in counted}
    if group == Group.OWNER:
        called = {"owner_called": Coalesce(F("owner__name"), Value("")), "owner_key": Coalesce(F("owner_id"), Value(0))}
        within = within.annotate(**called)
    wanted = _KEYS[group]
    rest = tuple(one for one in keys if one.lstrip("-") not in wanted)
    return Grouping(within, (*wanted, *rest), group, counts=counts)


def key_of(record: Incident, group: str) -> str:
    """Under which heading it stands."""
    return str((record.owner_id or "") if group == Group.OWNER else vars(record)[group])

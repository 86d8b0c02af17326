"""So many of each day, however many there are: a day with thousands hides no other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, TypeVar

from django.db.models import Case, Count, F, IntegerField, Model, Q, QuerySet, Value, When, Window
from django.db.models.functions import RowNumber

Row = TypeVar("Row", bound=Model)
FEW: Final = 20


@dataclass(frozen=True, slots=True)
class Days:
    """``bounds``: the midnights between which days lie, one more than days. ``few`` of each of them are wanted, of the
    first ``most``.
    """

    bounds: Sequence[datetime]
    few: int = FEW
    most: int = FEW

    @property
    def since(self) -> datetime:
        return self.bounds[0]

    @property
    def until(self) -> datetime:
        return self.bounds[-1]


@dataclass(frozen=True, slots=True)
class Found:
    """``keys`` in the order of their time. ``left``: how many more there are, by the number of the day."""

    keys: Sequence[int] = ()
    left: Mapping[int, int] = field(default_factory=dict)


def of_each(rows: QuerySet[Row], at: str, days: Days) -> Found:
    """Of rows whose time ``at`` lies in these days, the soonest of each day."""
    inside = rows.order_by().filter(**{f"{at}__gte": days.since, f"{at}__lt": days.until})
    ends = [When(**{f"{at}__lt": end}, then=Value(number)) for number, end in enumerate(days.bounds[1:])]
    day = F("day")
    placed = inside.annotate(day=Case(*ends, output_field=IntegerField())).annotate(
        place=Window(RowNumber(), partition_by=day, order_by=[F(at), F("pk")]),
        many=Window(Count("pk"), partition_by=day),
    )
    wanted = placed.filter(Q(place__lte=days.few) | Q(day=0, place__lte=days.most))
    found = list(wanted.order_by(at, "pk").values_list("pk", "day", "many"))
    shown: dict[int, int] = {}
    for _key, number, _many in found:
        shown[number] = shown.get(number, 0) + 1
    left = {number: many - shown[number] for _key, number, many in found if many > shown[number]}
    return Found([key for key, _number, _many in found], left)

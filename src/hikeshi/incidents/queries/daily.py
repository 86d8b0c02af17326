"""So many of each day, however many there are: a day with thousands hides no other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, TypeVar

from django.db.models import Model, QuerySet

from hikeshi.kernel.prepared import asked_of_each

Row = TypeVar("Row", bound=Model)
FEW: Final = 20
COUNTED: Final = 100
"""Of one day, beside those that are wanted: whether somebody sees a row is asked of each that is counted."""


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
    """``keys`` in the order of their time. ``left``: how many more there are, by the number of the day; more than
    ``COUNTED`` are not counted, and stand there as ``COUNTED + 1``.
    """

    keys: Sequence[int] = ()
    left: Mapping[int, int] = field(default_factory=dict)


def of_each(rows: QuerySet[Row], at: str, days: Days) -> Found:
    """Of rows whose time ``at`` lies in these days, the soonest of each day, in one query."""

    def of_day(since: datetime, until: datetime) -> QuerySet[Row, int]:
        inside = rows.filter(**{f"{at}__gte": since, f"{at}__lt": until})
        return inside.order_by(at, "pk").values_list("pk", flat=True)[: max(days.few, days.most) + COUNTED + 1]

    spans = [{"since": since, "until": until} for since, until in zip(days.bounds, days.bounds[1:], strict=False)]
    keys: list[int] = []
    left: dict[int, int] = {}
    for number, found in enumerate(asked_of_each(of_day, spans)):
        wanted = days.most if number == 0 else days.few
        keys += found[:wanted]
        if len(found) > wanted:
            left[number] = min(len(found) - wanted, COUNTED + 1)
    return Found(keys, left)

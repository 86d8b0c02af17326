"""What each person of a rota carries: hours, nights, weekend days, holidays; and how far from an even share. Pure.

A night is that from 22:00 to 05:00 (Labour Standards Act, Article 37 paragraph 4), a weekend Saturday and Sunday, a
holiday one of the calendar that is no weekend day: all by the wall clock of the rota's zone. A night or day counts once
for whoever is on call in any part of it.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from hikeshi.calendars import wall
from hikeshi.calendars.calendar import Calendar
from hikeshi.oncall.rota import Watch
from hikeshi.oncall.turns import is_off

ONE: Final = timedelta(days=1)
NIGHT: Final = (timedelta(hours=22), timedelta(hours=29))
SATURDAY: Final = 5


@dataclass(frozen=True, slots=True)
class Share:
    """``deviation`` is how many hours more (or fewer) than the mean of all people of the rota."""

    person: str
    hours: float
    nights: int
    weekend_days: int
    holidays: int
    deviation: float


@dataclass(slots=True)
class _Sum:
    length: timedelta
    nights: set[date]
    days: set[date]


def shares(found: Sequence[Watch], zone: str, calendar: Calendar, people: Iterable[str]) -> tuple[Share, ...]:
    """One for each of ``people`` and whoever else had a watch, the most hours first."""
    sums: dict[str, _Sum] = defaultdict(lambda: _Sum(timedelta(), set(), set()))
    for person in people:
        sums[person].length += timedelta()
    place = ZoneInfo(zone)
    for watch in found:
        if watch.person:
            _count(sums[watch.person], watch, place)
    mean = sum((one.length for one in sums.values()), timedelta()) / max(len(sums), 1)
    shared = [_share(person, one, mean, calendar) for person, one in sums.items()]
    return tuple(sorted(shared, key=lambda one: (-one.hours, one.person)))


def _count(into: _Sum, watch: Watch, place: ZoneInfo) -> None:
    into.length += watch.end - watch.begin
    day = watch.begin.astimezone(place).date() - ONE
    last = watch.end.astimezone(place).date()
    while day <= last:
        midnight = datetime.combine(day, time())
        if _touches(watch, place, midnight, midnight + ONE):
            into.days.add(day)
        if _touches(watch, place, midnight + NIGHT[0], midnight + NIGHT[1]):
            into.nights.add(day)
        day += ONE


def _touches(watch: Watch, place: ZoneInfo, since: datetime, until: datetime) -> bool:
    return any(begin < watch.end and end > watch.begin for begin, end in wall.between(place, since, until))


def _share(person: str, one: _Sum, mean: timedelta, calendar: Calendar) -> Share:
    weekend = [day for day in one.days if day.weekday() >= SATURDAY]
    holidays = [day for day in one.days if day.weekday() < SATURDAY and is_off(calendar, day)]
    hour = timedelta(hours=1)
    return Share(
        person=person,
        hours=round(one.length / hour, 1),
        nights=len(one.nights),
        weekend_days=len(weekend),
        holidays=len(holidays),
        deviation=round((one.length - mean) / hour, 1),
    )

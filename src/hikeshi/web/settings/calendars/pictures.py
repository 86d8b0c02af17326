"""What a calendar means, for the eye: when something is due, the days that differ in the year ahead."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import get_language

from hikeshi.calendars import working
from hikeshi.calendars.calendar import Calendar, Sort
from hikeshi.calendars.hours import written

AHEAD = 366
PLAIN = frozenset({Sort.WORKING, Sort.REST})


@dataclass(frozen=True, slots=True)
class Due:
    """``due`` is None where the calendar does not open for years."""

    start: datetime
    hours: int
    open: bool
    due: datetime | None


@dataclass(frozen=True, slots=True)
class Odd:
    """A day that is not like its weekday."""

    day: date
    sort: Sort
    name: str
    hours: str


def due(calendar: Calendar, start: datetime, hours: int) -> Due:
    try:
        found = working.add_business_time(calendar, start, timedelta(hours=hours))
    except working.NeverOpen:
        return Due(start, hours, working.is_open(calendar, start), None)
    return Due(start, hours, working.is_open(calendar, start), found)


def year_ahead(calendar: Calendar, now: datetime) -> list[Odd]:
    first = now.astimezone(calendar.place).date()
    days = [(day, calendar.about(day)) for day in (first + timedelta(days=n) for n in range(AHEAD))]
    japanese = get_language() == "ja"
    return [
        Odd(day, about.sort, about.ja if japanese else about.en, written(about.spans))
        for day, about in days
        if about.sort not in PLAIN
    ]

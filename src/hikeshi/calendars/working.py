"""Business time: when a place is open, when a clock that runs only then is over.

Open means that the wall clock of the place shows a time within its hours. When clocks are put back, an hour that comes
twice is open twice; when they are put forward, the hour that is left out is not worked. All answers are exact and in
UTC. A night shift belongs to the day it begins on.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final

from hikeshi.calendars import wall
from hikeshi.calendars.calendar import Calendar
from hikeshi.calendars.hours import DAY, Span
from hikeshi.calendars.wall import Stretch

ONE: Final = timedelta(days=1)
LONGEST_REST: Final = 800
"""Days without an open hour after which nobody waits any longer."""
LAST_YEAR: Final = 2200


class NeverOpen(ValueError):
    """The calendar does not open for years."""


def is_open(calendar: Calendar, at: datetime) -> bool:
    here = at.astimezone(calendar.place)
    clock = here.replace(tzinfo=None)
    midnight = datetime.combine(here.date(), time())
    return any(midnight + _m(span.start) <= clock < midnight + _m(span.end) for span in _wall(calendar, here.date()))


def _m(minutes: int) -> timedelta:
    return timedelta(minutes=minutes)


def _wall(calendar: Calendar, day: date) -> list[Span]:
    """The hours within this day: its own up to midnight, and what is left of the night before."""
    night = [Span(0, span.end - DAY) for span in calendar.about(day - ONE).spans if span.end > DAY]
    return [*night, *(Span(span.start, min(span.end, DAY)) for span in calendar.about(day).spans)]


@lru_cache(maxsize=8192)
def open_times(calendar: Calendar, day: date) -> tuple[Stretch, ...]:
    """When the place is open on this day, in UTC, in order, none touching the next."""
    midnight = datetime.combine(day, time())
    found: list[Stretch] = []
    for span in _wall(calendar, day):
        found += wall.between(calendar.place, midnight + _m(span.start), midnight + _m(span.end))
    return tuple(_joined(sorted(found)))


def _joined(stretches: list[Stretch]) -> Iterator[Stretch]:
    if not stretches:
        return
    start, end = stretches[0]
    for after, until in stretches[1:]:
        if after > end:
            yield start, end
            start, end = after, until
        end = max(end, until)
    yield start, end


def _from(calendar: Calendar, start: datetime) -> Iterator[Stretch]:
    """What is open from ``start`` on. Raises NeverOpen."""
    day, closed = start.astimezone(calendar.place).date() - ONE, 0
    while closed < LONGEST_REST and day.year < LAST_YEAR:
        closed += 1
        for begin, end in open_times(calendar, day):
            if end > start:
                yield max(begin, start), end
                closed = 0
        day += ONE
    raise NeverOpen


def next_open(calendar: Calendar, at: datetime) -> datetime:
    """``at`` itself if the place is open then. Raises NeverOpen."""
    begin, _ = next(_from(calendar, at))
    return begin.astimezone(UTC)


def add_business_time(calendar: Calendar, start: datetime, amount: timedelta) -> datetime:
    """When so much business time has passed; a whole day's ends when the day does, not when the next begins.

    Raises NeverOpen, and ValueError for less than nothing.
    """
    if amount < timedelta():
        raise ValueError(amount)
    left = amount
    if not left:
        return start.astimezone(UTC)
    for begin, end in _from(calendar, start):
        if left <= end - begin:
            return (begin + left).astimezone(UTC)
        left -= end - begin
    raise NeverOpen


def business_time_between(calendar: Calendar, start: datetime, end: datetime) -> timedelta:
    """Less than nothing where ``end`` lies before ``start``."""
    if end < start:
        return -business_time_between(calendar, end, start)
    total = timedelta()
    day, last = start.astimezone(calendar.place).date() - ONE, end.astimezone(calendar.place).date() + ONE
    while day <= last:
        for begin, until in open_times(calendar, day):
            total += max(timedelta(), min(until, end) - max(begin, start))
        day += ONE
    return total


def add_business_days(calendar: Calendar, day: date, count: int) -> date:
    """The ``count``-th business day after ``day``, which is not counted (before it, if negative); 0 is the day itself,
    or the first business day after it. Raises NeverOpen.
    """
    step = -ONE if count < 0 else ONE
    left, closed, found = abs(count), 0, day
    if not left and calendar.is_business_day(day):
        return day
    left = max(left, 1)
    while left and closed < LONGEST_REST:
        found += step
        closed += 1
        if calendar.is_business_day(found):
            left, closed = left - 1, 0
    if left:
        raise NeverOpen
    return found

"""One stopwatch on business time: when so much of it is used up, and how much has been. Pure.

``hours`` None is around the clock. Stretches are the times in which the watch ran, in order; the last may still run.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from hikeshi.calendars.calendar import Calendar
from hikeshi.calendars.working import add_business_time, business_time_between

Stretch = tuple[datetime, datetime | None]


def merged(standing: Iterable[Stretch]) -> list[Stretch]:
    """Times of standing still that overlap count once."""
    found: list[Stretch] = []
    for start, end in sorted(standing, key=lambda one: one[0]):
        last = found[-1] if found else None
        if last is not None and (last[1] is None or start <= last[1]):
            until = None if last[1] is None or end is None else max(last[1], end)
            found[-1] = (last[0], until)
        else:
            found.append((start, end))
    return found


def running(start: datetime, end: datetime | None, standing: Sequence[Stretch]) -> list[Stretch]:
    """What is left of ``start`` to ``end`` (None: still going) once the times of standing still are taken out."""
    found: list[Stretch] = []
    begin = start
    for still, until in merged(standing):
        if end is not None and still >= end:
            break
        if still > begin:
            found.append((begin, still))
        if until is None:
            return found
        begin = max(begin, until)
    if end is None or begin < end:
        found.append((begin, end))
    return found


def used_up_at(hours: Calendar | None, stretches: Iterable[Stretch], amount: timedelta) -> datetime | None:
    """The moment at which so much time is used up; None where the stretches end before. Raises NeverOpen."""
    left = amount
    for start, end in stretches:
        if end is None:
            return _added(hours, start, left)
        here = _between(hours, start, end)
        if left <= here:
            return _added(hours, start, left)
        left -= here
    return None


def used(hours: Calendar | None, stretches: Iterable[Stretch], now: datetime) -> timedelta:
    """How much has been used up to ``now``."""
    total = timedelta()
    for start, end in stretches:
        until = now if end is None else min(end, now)
        if until > start:
            total += _between(hours, start, until)
    return total


def _added(hours: Calendar | None, start: datetime, amount: timedelta) -> datetime:
    return (start + amount).astimezone(UTC) if hours is None else add_business_time(hours, start, amount)


def _between(hours: Calendar | None, start: datetime, end: datetime) -> timedelta:
    return end - start if hours is None else business_time_between(hours, start, end)

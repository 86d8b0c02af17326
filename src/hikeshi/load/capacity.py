"""How much somebody can work in the days ahead, and since when a record counts as untouched. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from hikeshi.calendars.calendar import Calendar
from hikeshi.calendars.working import ONE as DAY
from hikeshi.calendars.working import business_time_between, open_times

AHEAD: Final = timedelta(days=7)
FARTHEST: Final = 400
"""Days looked back."""
NIGHT: Final = (22, 6)
"""Hours of the wall clock between which a call wakes somebody."""
Spell = tuple[datetime, datetime]


def capacity(calendar: Calendar, own: int | None, away: Sequence[Spell], now: datetime) -> int:
    """Minutes in the seven days from ``now``: what the calendar is open, or ``own`` where somebody set a figure, less
    the share of the open time they are away.
    """
    end = now + AHEAD
    whole = business_time_between(calendar, now, end)
    gone = sum((business_time_between(calendar, *one) for one in _apart(away, now, end)), timedelta())
    if own is None:
        return _minutes(whole - gone)
    if not whole:
        return own
    return round(own * ((whole - gone) / whole))


def _minutes(span: timedelta) -> int:
    return int(span.total_seconds() // 60)


def _apart(spells: Sequence[Spell], since: datetime, until: datetime) -> list[Spell]:
    """Cut to the time between, none overlapping another."""
    found: list[Spell] = []
    for begin, end in sorted((max(begin, since), min(end, until)) for begin, end in spells):
        start = max(begin, found[-1][1]) if found else begin
        if start < end:
            found.append((start, end))
    return found


def before(calendar: Calendar, now: datetime, amount: timedelta) -> datetime | None:
    """The moment since which so much business time has passed; None where there was not as much in a year."""
    left, day = amount, now.astimezone(calendar.place).date() + DAY
    for _ in range(FARTHEST):
        for begin, end in reversed(open_times(calendar, day)):
            worked = min(end, now) - begin
            if worked >= left:
                return min(end, now) - left
            left -= max(worked, timedelta())
        day -= DAY
    return None


def wakes(at: datetime, zone: str) -> bool:
    """Whether that is night where they are."""
    hour = at.astimezone(ZoneInfo(zone)).hour
    return hour >= NIGHT[0] or hour < NIGHT[1]


def percent(remaining: int, able: int) -> int | None:
    """Of what they can do; None: they can do nothing, and there is something to do."""
    if able:
        return round(100 * remaining / able)
    return None if remaining else 0

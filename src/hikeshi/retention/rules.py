"""When what is over is taken away. Pure: a clock that jumps must cost nobody their records."""

from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

NIGHT: Final = time(3, 0)
GRACE: Final = timedelta(days=7)
"""From the first start of a site, or of a category that an upgrade brings: time to look at what would go."""
LEAP: Final = timedelta(days=7)
"""Longer silence than this means that the desk stood still or that its clock was set forward."""
LATEST: Final = timedelta(days=2)
"""A run planned later than the grace and this was planned by a clock that ran ahead."""
LOOK: Final = timedelta(hours=1)
"""How often it is written down that the engine has looked."""
LONGEST: Final = 36_525


class Turn(StrEnum):
    """Whether to delete now."""

    NOT_DUE = "not_due"
    DUE = "due"
    LEAPT = "leapt"  # time has jumped: wait again, so that somebody can notice
    MISPLANNED = "misplanned"  # planned by a clock that ran ahead: plan anew


def next_night(now: datetime, zone: str) -> datetime:
    """The next three o'clock at night, at least a minute away."""
    here = now.astimezone(ZoneInfo(zone))
    tonight = datetime.combine(here.date(), NIGHT, here.tzinfo)
    while tonight <= here + timedelta(minutes=1):
        tonight = datetime.combine(tonight.date() + timedelta(days=1), NIGHT, here.tzinfo)
    return tonight.astimezone(now.tzinfo)


def turn(*, now: datetime, due_at: datetime, seen_at: datetime) -> Turn:
    """``seen_at``: when the engine last looked at this category."""
    if due_at > now:
        return Turn.MISPLANNED if due_at > now + GRACE + LATEST else Turn.NOT_DUE
    return Turn.LEAPT if now - seen_at > LEAP else Turn.DUE


def cut(now: datetime, days: int) -> datetime:
    """What is older than this has been kept long enough."""
    return now - timedelta(days=days)

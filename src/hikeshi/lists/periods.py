"""Stretches of time as people name them. Pure."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import Final

BEGINNING: Final = datetime(1, 1, 2, tzinfo=UTC)


class Period(StrEnum):
    EVER = "ever"
    DAY = "1d"
    WEEK = "7d"
    MONTH = "30d"
    QUARTER = "90d"
    THIS_WEEK = "this_week"
    LAST_WEEK = "last_week"
    THIS_MONTH = "this_month"
    LAST_MONTH = "last_month"


@dataclass(frozen=True, slots=True)
class Span:
    """From ``since`` on, before ``until``."""

    since: datetime
    until: datetime


_DAYS: Final = {Period.DAY: 1, Period.WEEK: 7, Period.MONTH: 30, Period.QUARTER: 90}


def span(period: Period, now: datetime, zone: tzinfo) -> Span:
    """Weeks begin on Monday; weeks and months are those of ``zone``."""
    if period == Period.EVER:
        return Span(BEGINNING, now)
    if period in _DAYS:
        return Span(now - timedelta(days=_DAYS[period]), now)
    today = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    monday, first = today - timedelta(days=today.weekday()), today.replace(day=1)
    before = (first - timedelta(days=1)).replace(day=1)
    begun = {Period.THIS_WEEK: monday, Period.LAST_WEEK: monday - timedelta(days=7), Period.THIS_MONTH: first}
    since = begun.get(period, before)
    ended = {Period.LAST_WEEK: monday, Period.LAST_MONTH: first}.get(period)
    return Span(since.replace(tzinfo=zone), now if ended is None else ended.replace(tzinfo=zone))

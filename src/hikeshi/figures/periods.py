"""The days a figure is about, and the pieces they are shown in. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from hikeshi.kernel.refusals import Invalid

ONE: Final = timedelta(days=1)
MOST_DAYS: Final = 1_100
EARLIEST: Final = date(1990, 1, 1)
LATEST: Final = date(9000, 1, 1)
BY_DAY: Final = 31
BY_WEEK: Final = 185


class Stretch(StrEnum):
    WEEK = "7d"
    MONTH = "30d"
    QUARTER = "90d"
    YEAR = "365d"
    THIS_MONTH = "this_month"
    LAST_MONTH = "last_month"
    THIS_YEAR = "this_year"


@dataclass(frozen=True, slots=True)
class Days:
    """From ``since`` on, before ``until``."""

    since: date
    until: date

    @property
    def length(self) -> timedelta:
        return self.until - self.since

    @property
    def before(self) -> "Days":
        """As many days, just before these."""
        return Days(self.since - self.length, self.since)


_LENGTHS: Final = {Stretch.WEEK: 7, Stretch.MONTH: 30, Stretch.QUARTER: 90, Stretch.YEAR: 365}


def stretch(code: str, today: date) -> Days:
    """Today is the last day of what is not over. Raises Invalid."""
    if code not in set(Stretch):
        raise Invalid("period", "not_a_choice", choices=", ".join(Stretch))
    after = today + ONE
    if Stretch(code) in _LENGTHS:
        return Days(after - timedelta(days=_LENGTHS[Stretch(code)]), after)
    first = today.replace(day=1)
    if code == Stretch.LAST_MONTH:
        return Days((first - ONE).replace(day=1), first)
    return Days(first if code == Stretch.THIS_MONTH else first.replace(month=1), after)


def days(since: date, until: date) -> Days:
    """``until`` is the first day that is not meant. Raises Invalid."""
    if not EARLIEST <= since < LATEST or until > LATEST:
        raise Invalid("since", "not_plausible")
    if until <= since:
        raise Invalid("until", "ends_before")
    if (until - since).days > MOST_DAYS:
        raise Invalid("until", "too_many_days", limit=MOST_DAYS)
    return Days(since, until)


def pieces(meant: Days) -> Sequence[Days]:
    """Days, weeks from the first day on, or months of the calendar: as many as can be read side by side."""
    starts, day = [], meant.since
    while day < meant.until:
        starts.append(day)
        day = _next(day, meant.length.days)
    return [Days(start, end) for start, end in zip(starts, [*starts[1:], meant.until], strict=True)]


def _next(day: date, length: int) -> date:
    if length <= BY_DAY:
        return day + ONE
    if length <= BY_WEEK:
        return day + 7 * ONE
    return (day.replace(day=1) + 32 * ONE).replace(day=1)

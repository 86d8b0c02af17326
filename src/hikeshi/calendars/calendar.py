"""One calendar: the hours of each weekday, holidays, closing days and days with other hours, in one time zone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, available_timezones

from hikeshi.calendars import days, holidays, hours
from hikeshi.calendars.days import Closing, Special
from hikeshi.calendars.hours import Fault, Spans, Unreadable


class Sort(StrEnum):
    """What a day is, in the order that decides: other hours, holiday, closing day, then the weekday."""

    SPECIAL = "special"
    HOLIDAY = "holiday"
    CLOSING = "closing"
    WORKING = "working"
    REST = "rest"


@dataclass(frozen=True, slots=True)
class About:
    """One day: its hours, why they are so, and the day's name in both languages where it has one."""

    sort: Sort
    spans: Spans
    ja: str = ""
    en: str = ""


@dataclass(frozen=True, slots=True)
class Calendar:
    """``week`` begins with Monday. ``country`` is whose public holidays are kept; empty: none. ``published``: holidays
    that somebody else says, day by day.
    """

    zone: str
    week: tuple[Spans, ...]
    country: str = ""
    closings: tuple[Closing, ...] = ()
    specials: tuple[Special, ...] = ()
    published: tuple[Closing, ...] = ()

    @property
    def place(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    def about(self, day: date) -> About:
        special = _specials(self.specials).get(day)
        if special is not None:
            return About(Sort.SPECIAL, special.spans, special.name, special.name)
        holiday = holidays.of_year(self.country, day.year).get(day)
        if holiday is not None:
            return About(Sort.HOLIDAY, (), holiday.ja, holiday.en)
        said = _published(self.published).get((day.year, day.month, day.day))
        if said is not None:
            return About(Sort.HOLIDAY, (), said.name, said.name)
        for closing in self.closings:
            if closing.holds(day):
                return About(Sort.CLOSING, (), closing.name, closing.name)
        spans = self.week[day.weekday()]
        return About(Sort.WORKING if spans else Sort.REST, spans)

    def is_business_day(self, day: date) -> bool:
        """Whether the place opens at all on this day; a night that began the day before does not count."""
        return bool(self.about(day).spans)


@lru_cache(maxsize=256)
def _specials(specials: tuple[Special, ...]) -> dict[date, Special]:
    return {one.day: one for one in specials}


@lru_cache(maxsize=256)
def _published(days: tuple[Closing, ...]) -> dict[tuple[int, int, int], Closing]:
    return {(one.first.year, one.first.month, one.first.day): one for one in days}


@cache
def _zones() -> frozenset[str]:
    """Looking takes tens of milliseconds, for it walks through files."""
    return frozenset(available_timezones())


def read(
    *, zone: str, week: Sequence[str], country: str = "", closings: str = "", specials: str = "", published: str = ""
) -> Calendar:
    """From what people wrote; ``week`` is seven lines of hours, Monday first; ``published``: single days, a line each.
    Raises Unreadable.
    """
    if zone not in _zones():
        raise Unreadable(Fault.NO_ZONE, "zone")
    if country and country not in holidays.COUNTRIES:
        raise Unreadable(Fault.NO_ZONE, "country")
    return _read(zone, tuple(week), country, (closings, specials, published))


@lru_cache(maxsize=256)
def _read(zone: str, week: tuple[str, ...], country: str, texts: tuple[str, str, str]) -> Calendar:
    spans = tuple(_weekday(number, text) for number, text in enumerate(week, start=1))
    if len(spans) != 7:
        raise Unreadable(Fault.HOURS_FORM)
    hours.check_week(spans)
    closings, specials, published = texts
    closed, special = days.read_closings(closings), days.read_specials(specials)
    return Calendar(zone, spans, country, closed, special, days.read_closings(published))


def _weekday(number: int, text: str) -> Spans:
    try:
        return hours.read(text)
    except Unreadable as error:
        raise Unreadable(error.fault, "hours", number) from error


OFFICE = ("09:00-18:00",) * 5 + ("", "")


def standard(zone: str) -> Calendar:
    """What counts where nobody chose anything: office hours, Japan's holidays, closed over New Year."""
    return read(zone=zone, week=OFFICE, country="JP", closings="12-29..01-03")

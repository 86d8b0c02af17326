"""Days on which a place is closed, or keeps other hours than usual, as people write them: one to a line.

``12-29..01-03 Year end`` every year · ``2026-08-13..2026-08-15 Summer`` once · ``2026-12-28 09:00-12:00 Half a day``.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from hikeshi.calendars import hours
from hikeshi.calendars.hours import Fault, Spans, Unreadable

MOST_LINES: Final = 1_000
LONGEST_NAME: Final = 100
_DAY: Final = r"(?:(\d{4})[-/.])?(\d{1,2})[-/.](\d{1,2})"
_DAYS: Final = re.compile(rf"{_DAY}(?:\s*(?:\.\.|[-~\u2013\u301c])\s*{_DAY})?(?:[\s,]+(.*))?", re.ASCII)
_LEAP: Final = 2024  # a year that has every day there is


@dataclass(frozen=True, slots=True)
class Day:
    """Of one year, or (``year`` 0) of every year."""

    month: int
    day: int
    year: int = 0

    def in_year(self, year: int) -> date | None:
        """None for 29 February where there is none."""
        try:
            return date(self.year or year, self.month, self.day)
        except ValueError:
            return None

    def __str__(self) -> str:
        return f"{self.year:04}-{self.month:02}-{self.day:02}" if self.year else f"{self.month:02}-{self.day:02}"


@dataclass(frozen=True, slots=True)
class Closing:
    """Closed from ``first`` to ``last``, both included; every year it may run over New Year."""

    first: Day
    last: Day
    name: str = ""

    def holds(self, day: date) -> bool:
        if self.first.year:
            return _real(self.first) <= day <= _real(self.last)
        today, first, last = ((one.month, one.day) for one in (day, self.first, self.last))
        return first <= today <= last if first <= last else today >= first or today <= last

    def __str__(self) -> str:
        days = str(self.first) if self.first == self.last else f"{self.first}..{self.last}"
        return f"{days} {self.name}".strip()


@dataclass(frozen=True, slots=True)
class Special:
    """A day with hours of its own, whatever else it is."""

    day: date
    spans: Spans
    name: str = ""

    def __str__(self) -> str:
        return f"{self.day.isoformat()} {hours.written(self.spans)} {self.name}".strip()


def _real(day: Day) -> date:
    return date(day.year, day.month, day.day)


def _lines(text: str, part: str) -> list[tuple[int, str]]:
    found = [(number, hours.plain(line)) for number, line in enumerate(text.splitlines(), start=1)]
    kept = [(number, line) for number, line in found if line and not line.startswith("#")]
    if len(kept) > MOST_LINES:
        raise Unreadable(Fault.TOO_MANY, part, kept[MOST_LINES][0])
    return kept


def read_closings(text: str) -> tuple[Closing, ...]:
    """Raises Unreadable with the line."""
    closings = []
    for number, line in _lines(text, "closings"):
        found = _DAYS.fullmatch(line)
        if found is None:
            raise Unreadable(Fault.DAY_FORM, "closings", number)
        year, month, day, last_year, last_month, last_day, name = found.groups(default="")
        first = _day(year, month, day, number, "closings")
        last = _day(last_year or year, last_month, last_day, number, "closings") if last_month else first
        if bool(first.year) != bool(last.year) or (first.year and _real(first) > _real(last)):
            raise Unreadable(Fault.DAY_ORDER, "closings", number)
        closings.append(Closing(first, last, name.strip()[:LONGEST_NAME]))
    return tuple(closings)


def _day(year: str, month: str, day: str, line: int, part: str) -> Day:
    found = Day(int(month), int(day), int(year or 0))
    if found.in_year(_LEAP) is None:
        raise Unreadable(Fault.NO_SUCH_DAY, part, line)
    return found


def read_specials(text: str) -> tuple[Special, ...]:
    """Raises Unreadable with the line."""
    specials: dict[date, Special] = {}
    for number, line in _lines(text, "specials"):
        found = re.fullmatch(rf"{_DAY}[\s,]+(\S.*)", line, re.ASCII)
        if found is None or not found[1]:
            raise Unreadable(Fault.DAY_FORM, "specials", number)
        day = _real(_day(found[1], found[2], found[3], number, "specials"))
        try:
            spans, name = hours.leading(found[4])
        except Unreadable as error:
            raise Unreadable(error.fault, "specials", number) from error
        if not spans:
            raise Unreadable(Fault.HOURS_FORM, "specials", number)
        if day in specials:
            raise Unreadable(Fault.DAY_TWICE, "specials", number)
        specials[day] = Special(day, spans, name[:LONGEST_NAME])
    return tuple(specials[day] for day in sorted(specials))

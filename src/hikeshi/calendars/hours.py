"""Hours of a day, as people write them: ``09:00-12:00, 13:00-18:00``; ``22:00-06:00`` runs into the next day."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Final

DAY: Final = 24 * 60
_SPAN: Final = re.compile(r"(\d{1,2})(?::(\d\d))?\s*[-~\u2013\u301c]\s*(\d{1,2})(?::(\d\d))?", re.ASCII)
_BETWEEN: Final = re.compile(r"[,;\u3001\s]*")


class Fault(StrEnum):
    """Why a line of a calendar cannot be read."""

    HOURS_FORM = "hours_form"
    HOURS_RANGE = "hours_range"
    HOURS_OVERLAP = "hours_overlap"
    DAY_FORM = "day_form"
    NO_SUCH_DAY = "no_such_day"
    DAY_ORDER = "day_order"
    DAY_TWICE = "day_twice"
    NEVER_OPEN = "never_open"
    NO_ZONE = "unknown"
    TOO_MANY = "too_many_lines"


class Unreadable(ValueError):
    """``part`` is ``hours``, ``closings``, ``specials``, ``zone`` or ``country``; ``line`` counts from 1 (of hours: the
    weekday, Monday is 1).
    """

    def __init__(self, fault: Fault, part: str = "hours", line: int = 0) -> None:
        super().__init__(f"{part} {line}: {fault}")
        self.fault, self.part, self.line = fault, part, line


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Open from ``start`` to ``end``, minutes after midnight; an ``end`` beyond 1440 lies in the next day."""

    start: int
    end: int


Spans = tuple[Span, ...]


def plain(text: str) -> str:
    """Full-width digits and colons are typed as often as narrow ones."""
    return unicodedata.normalize("NFKC", text).strip()


def read(text: str) -> Spans:
    """Empty text: closed. Raises Unreadable."""
    rest = plain(text)
    spans = []
    while rest:
        found = _SPAN.match(rest)
        if found is None:
            raise Unreadable(Fault.HOURS_FORM)
        spans.append(_span(*(int(part or 0) for part in found.groups())))
        rest = rest[found.end() :]
        gap = _BETWEEN.match(rest)
        rest = rest[gap.end() :] if gap else rest
    spans.sort()
    if any(a.end > b.start for a, b in pairwise(spans)):
        raise Unreadable(Fault.HOURS_OVERLAP)
    return tuple(spans)


def _span(hour: int, minute: int, last_hour: int, last_minute: int) -> Span:
    start, end = hour * 60 + minute, last_hour * 60 + last_minute
    if minute > 59 or last_minute > 59 or start >= DAY or end > 2 * DAY:
        raise Unreadable(Fault.HOURS_RANGE)
    if end <= start:
        end += DAY
    if end - start > DAY:
        raise Unreadable(Fault.HOURS_RANGE)
    return Span(start, end)


def leading(text: str) -> tuple[Spans, str]:
    """Hours at the beginning of a line, and what follows them. Raises Unreadable."""
    rest, last = plain(text), 0
    while found := _SPAN.match(rest, last):
        gap = _BETWEEN.match(rest, found.end())
        last = gap.end() if gap else found.end()
    return read(rest[:last]), rest[last:].strip()


def written(spans: Spans) -> str:
    """As ``read`` takes it."""
    return ", ".join(f"{_clock(span.start)}-{_clock(_within(span.end))}" for span in spans)


def _within(minute: int) -> int:
    return minute - DAY if minute > DAY else minute


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def check_week(week: tuple[Spans, ...]) -> None:
    """No night may run into the morning shift after it; one day at least is open. Raises Unreadable."""
    if not any(week):
        raise Unreadable(Fault.NEVER_OPEN)
    for number, today in enumerate(week):
        tomorrow = week[(number + 1) % 7]
        if today and tomorrow and today[-1].end - DAY > tomorrow[0].start:
            raise Unreadable(Fault.HOURS_OVERLAP, line=number + 1)

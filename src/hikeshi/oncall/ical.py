"""Calendar files (RFC 5545): duty written for calendar programs, shifts read from what people bring. Pure.

A file from outside is hostile until read: its size, its events and how often they recur are limited, and only the days
asked for are worked out.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from hikeshi.oncall.rota import Watch

if TYPE_CHECKING:
    from icalendar import Calendar, Event

MOST_BYTES: Final = 1_000_000
MOST_EVENTS: Final = 2_000
MOST_SHIFTS: Final = 1_000
MOST_OTHERS: Final = 1_000
"""Parts of a calendar that are no events: zones, reminders."""
MOST_LISTED: Final = 5_000
MOST_A_DAY: Final = 24
_FOLD: Final = re.compile(rb"\r?\n[ \t]")
FASTEST: Final = frozenset({"SECONDLY", "MINUTELY"})
"""Nobody's shifts recur so; a file that says it wants to keep the desk busy."""


@dataclass(frozen=True, slots=True)
class Limits:
    """``seconds``: of processor time for reading it."""

    bytes: int
    events: int
    seconds: int


FILE: Final = Limits(MOST_BYTES, MOST_EVENTS, 5)
"""A thousand shifts need a tenth of a second."""
ADDRESS: Final = Limits(5_000_000, 10_000, 30)
"""What is read in the background may be somebody's calendar of years."""


class Fault(StrEnum):
    TOO_LARGE = "ical_too_large"
    UNREADABLE = "ical_unreadable"
    TOO_MANY = "ical_too_many"
    TOO_FAST = "ical_too_fast"
    TOO_MUCH = "ical_too_much"


class Unreadable(ValueError):
    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Written:
    """One watch for a calendar program; ``key`` stays the same however often it is read."""

    key: str
    summary: str
    watch: Watch


def write(title: str, watches: Iterable[Written], stamp: datetime) -> bytes:
    from icalendar import Calendar, Event  # noqa: PLC0415  # a tenth of a second to load, and few processes need it

    calendar = Calendar()
    calendar.add("prodid", "-//Hikeshi//Duty//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", title)
    calendar.add("refresh-interval", timedelta(hours=1), parameters={"value": "DURATION"})
    for one in watches:
        event = Event()
        event.add("uid", f"{one.key}@hikeshi")
        event.add("dtstamp", stamp.astimezone(UTC))
        event.add("dtstart", one.watch.begin.astimezone(UTC))
        event.add("dtend", one.watch.end.astimezone(UTC))
        event.add("summary", one.summary)
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    return bytes(calendar.to_ical())


@dataclass(frozen=True, slots=True)
class Shift:
    """From a file: who is named in it, by words of its title and by addresses. ``days``: it is said in whole days.
    ``note``: the first line of what describes it; ``uid``: what its program calls it.
    """

    begin: datetime
    end: datetime
    title: str
    addresses: tuple[str, ...]
    days: bool = False
    note: str = ""
    uid: str = ""


def read(body: bytes, zone: str, since: datetime, until: datetime, limits: Limits = FILE) -> tuple[Shift, ...]:
    """The shifts between, recurring ones worked out, in order. ``zone`` is meant where a time names none. Raises
    Unreadable.
    """
    import recurring_ical_events  # noqa: PLC0415  # as in write
    from icalendar import Calendar  # noqa: PLC0415  # as in write

    if len(body) > limits.bytes:
        raise Unreadable(Fault.TOO_LARGE)
    unfolded = _FOLD.sub(b"", body)  # before it is text: some programs fold in the middle of a letter
    _must_be_short(unfolded, limits)
    try:
        calendar = Calendar.from_ical(unfolded)
        _must_be_modest(calendar, limits)
        found = list(_limited(recurring_ical_events.of(calendar, skip_bad_series=True).between(since, until)))
        shifts = [one for one in (_shift(event, ZoneInfo(zone)) for event in found) if one is not None]
    except Unreadable:
        raise
    except Exception as error:  # whatever a parser of other people's files trips over is the file's fault
        raise Unreadable(Fault.UNREADABLE) from error
    return tuple(sorted((one for one in shifts if one.end > since and one.begin < until), key=lambda one: one.begin))


def _must_be_short(body: bytes, limits: Limits) -> None:
    """Before anything is made of it: components and dates that are listed one by one."""
    lines = body.upper().splitlines()
    if sum(1 for line in lines if line.startswith(b"BEGIN:")) > limits.events + MOST_OTHERS:
        raise Unreadable(Fault.TOO_MANY)
    listed = sum(line.count(b",") + 1 for line in lines if line.startswith((b"RDATE", b"EXDATE")))
    if listed > MOST_LISTED:
        raise Unreadable(Fault.TOO_MANY)


def _must_be_modest(calendar: "Calendar", limits: Limits) -> None:
    """Rules of events, and of the zones the file brings along, which are worked out as well."""
    if len(calendar.walk("VEVENT")) > limits.events:
        raise Unreadable(Fault.TOO_MANY)
    for one in calendar.walk():
        rules = one.get("rrule", [])
        for rule in rules if isinstance(rules, list) else [rules]:
            if {str(name).upper() for name in rule.get("FREQ", [])} & FASTEST or _times_a_day(rule) > MOST_A_DAY:
                raise Unreadable(Fault.TOO_FAST)


def _times_a_day(rule: Mapping[str, Sequence[object]]) -> int:
    hours = 24 if "HOURLY" in {str(name).upper() for name in rule.get("FREQ", [])} else len(rule.get("BYHOUR", [0]))
    return hours * len(rule.get("BYMINUTE", [0])) * len(rule.get("BYSECOND", [0]))


def _limited(events: "Iterable[Event]") -> "Iterator[Event]":
    for number, event in enumerate(events):
        if number >= MOST_SHIFTS:
            raise Unreadable(Fault.TOO_MANY)
        yield event


def _shift(event: "Event", place: ZoneInfo) -> Shift | None:
    """None for what was called off, or lasts no time."""
    start = _said(event, "dtstart")
    if str(event.get("status", "")).upper() == "CANCELLED" or not isinstance(start, date):
        return None
    begin, last = _moment(start, place), _said(event, "dtend")
    end = _moment(last, place) if isinstance(last, date) else begin + _length(event, start)
    if end <= begin:
        return None
    named = [event[name] for name in ("attendee", "organizer") if name in event]
    flat = [one for many in named for one in (many if isinstance(many, list) else [many])]
    addresses = tuple(dict.fromkeys(str(one).casefold().removeprefix("mailto:") for one in flat))
    note = str(event.get("description", "")).strip().partition("\n")[0][:200]
    days, uid = not isinstance(start, datetime), str(event.get("uid", ""))[:500]
    return Shift(begin, end, str(event.get("summary", ""))[:200], addresses, days, note, uid)


def _moment(value: date | datetime, place: ZoneInfo) -> datetime:
    """A day begins at midnight there."""
    if not isinstance(value, datetime):
        value = datetime.combine(value, time())
    return (value if value.tzinfo else value.replace(tzinfo=place)).astimezone(UTC)


def _said(event: "Event", name: str) -> object:
    return getattr(event.get(name), "dt", None)


def _length(event: "Event", start: date | datetime) -> timedelta:
    length = _said(event, "duration")
    if isinstance(length, timedelta):
        return length
    return timedelta() if isinstance(start, datetime) else timedelta(days=1)

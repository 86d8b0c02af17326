"""A way to reach somebody, and the hours in which it is of use. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache, lru_cache
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import msgspec
import yaml

from hikeshi.calendars import hours as spans
from hikeshi.calendars.hours import Spans, Unreadable

WORDS: Final = Path(__file__).parent / "data" / "ways.yaml"
DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LONGEST_HOURS: Final = 200


class Kind(StrEnum):
    MAIL = "mail"
    PHONE = "phone"
    SMS = "sms"
    PUSH = "push"
    SLACK = "slack"
    TEAMS = "teams"
    MATTERMOST = "mattermost"
    LINE = "line"
    LINE_WORKS = "line_works"
    CHATWORK = "chatwork"
    NTFY = "ntfy"
    WEBHOOK = "webhook"
    APPRISE = "apprise"


BY_VOICE: Final = frozenset({Kind.PHONE})
"""Somebody has to call; the desk cannot ask for an answer itself."""
SECRET: Final = frozenset({Kind.PUSH, Kind.SLACK, Kind.TEAMS, Kind.MATTERMOST, Kind.NTFY, Kind.WEBHOOK, Kind.APPRISE})
"""Whoever knows the address can write there, so it is kept sealed and shown to nobody whole."""


class Trouble(StrEnum):
    BOUNCED = "bounced"
    SILENT = "silent"
    WRONG = "wrong"


class Proof(StrEnum):
    """What shows that the way leads there."""

    ANSWERED = "answered"
    """A message went out and its answer came back."""
    CALLED = "called"
    """A colleague called and spoke with them."""
    CONFIRMED = "confirmed"
    """They looked at it and said that it is right."""


@dataclass(frozen=True, slots=True)
class Way:
    """``owner`` is ``person:<uuid>`` or ``party:<uuid>``. Empty ``hours``: at any time; empty ``language``: that of the
    owner. ``trouble`` is empty, or why it is not to be relied on.
    """

    ref: str
    owner: str
    kind: Kind
    address: str
    label: str
    language: str
    hours: str
    proven_at: datetime | None
    trouble: str


@dataclass(frozen=True, slots=True)
class Recipient:
    """``deputy`` is the owner string of whoever stands in and can be reached; empty where nobody does."""

    owner: str
    name: str
    language: str
    zone: str
    hours: str
    active: bool
    deputy: str


class Standing(StrEnum):
    """How far a way is to be trusted, the worst first."""

    TROUBLE = "trouble"
    NEVER = "never"
    STALE = "stale"
    PROVEN = "proven"


def standing(proven_at: datetime | None, trouble: str, now: datetime, stale: timedelta) -> Standing:
    if trouble:
        return Standing.TROUBLE
    if proven_at is None:
        return Standing.NEVER
    return Standing.STALE if now - proven_at > stale else Standing.PROVEN


@dataclass(frozen=True, slots=True)
class Words:
    days: tuple[tuple[str, ...], ...]
    weekdays: tuple[str, ...]
    daily: tuple[str, ...]
    always: tuple[str, ...]
    extension: tuple[str, ...]


@cache
def words() -> Words:
    return msgspec.convert(yaml.load(WORDS.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader), Words)


@cache
def _groups() -> Mapping[str, tuple[int, ...]]:
    known: dict[str, tuple[int, ...]] = {word: (day,) for day, names in enumerate(words().days) for word in names}
    known.update(dict.fromkeys(words().weekdays, tuple(range(5))))
    known.update(dict.fromkeys(words().daily, tuple(range(7))))
    return known


@cache
def _head() -> re.Pattern[str]:
    named = "|".join(sorted((re.escape(word) for word in _groups()), key=len, reverse=True))
    one = rf"(?:{named})(?:\s*[-~\u2013\u301c]\s*(?:{named}))?"
    return re.compile(rf"({one}(?:\s*[,\u3001\u30fb]\s*{one})*)\s*:?\s*")


@lru_cache(maxsize=1024)
def read_hours(text: str) -> tuple[Spans, ...]:
    """Seven days of spans, Monday first; none at all for "at any time". Each part names days (none: every day) and its
    hours: ``mon-fri 09:00-18:00; sat 09:00-12:00``. Raises Unreadable.
    """
    plain = spans.plain(text).casefold()
    if not plain or plain in words().always:
        return ()
    week: list[Spans] = [()] * 7
    for part in re.split(r"[;\n]", plain):
        if not part.strip():
            continue
        found = _head().match(part.strip())
        open_ = spans.read(part.strip()[found.end() :] if found else part)
        if not open_:
            raise Unreadable(spans.Fault.HOURS_FORM)
        for day in _days(found[1]) if found else range(7):
            if week[day]:
                raise Unreadable(spans.Fault.HOURS_OVERLAP)
            week[day] = open_
    spans.check_week(tuple(week))
    return tuple(week)


def _days(text: str) -> tuple[int, ...]:
    found: list[int] = []
    for part in re.split(r"\s*[,\u3001\u30fb]\s*", text):
        first, _, last = (one.strip() for one in re.sub(r"\s*[-~\u2013\u301c]\s*", "|", part).partition("|"))
        begin = _groups()[first]
        if last:
            end = _groups()[last]
            found += [(begin[0] + step) % 7 for step in range((end[0] - begin[0]) % 7 + 1)]
        else:
            found += begin
    return tuple(dict.fromkeys(found))


def written_hours(week: Sequence[Spans]) -> str:
    """As ``read_hours`` takes it: days in a row with the same hours stand together."""
    parts: list[tuple[int, int, Spans]] = []
    for day, open_ in enumerate(week):
        if not open_:
            continue
        if parts and parts[-1][1] == day - 1 and parts[-1][2] == open_:
            parts[-1] = (parts[-1][0], day, open_)
        else:
            parts.append((day, day, open_))
    return "; ".join(f"{_named(first, last)} {spans.written(open_)}" for first, last, open_ in parts)


def _named(first: int, last: int) -> str:
    return DAYS[first] if first == last else f"{DAYS[first]}-{DAYS[last]}"


def open_at(hours: str, zone: str, at: datetime) -> bool:
    """Whether ``at`` lies within these hours there. What cannot be read keeps nobody from being called."""
    try:
        week = read_hours(hours)
    except Unreadable:
        return True
    if not week:
        return True
    there = at.astimezone(ZoneInfo(zone))
    minute, day = there.hour * 60 + there.minute, there.weekday()
    today = any(span.start <= minute < span.end for span in week[day])
    return today or any(span.start <= minute + spans.DAY < span.end for span in week[day - 1])

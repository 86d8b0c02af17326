"""Which way is taken when, how often something is tried, and how much may go out at once. Pure."""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from hikeshi.accounts import ways
from hikeshi.accounts.ways import Way
from hikeshi.notify.messages import ANSWERED, Purpose

LEASE: Final = timedelta(seconds=60)
"""Longer than any try may take. After it, whoever held the delivery is gone."""
TRIES: Final = 8
FIRST_PAUSE: Final = timedelta(seconds=5)
LONGEST_PAUSE: Final = timedelta(minutes=5)
LONGEST_WAIT: Final = timedelta(minutes=15)
"""However long a provider asks to wait."""
ROUNDS: Final = 60
"""Of a message that repeats until it is answered."""
REPEATS: Final = {Purpose.PAGE: 3, Purpose.CHECK: 1, Purpose.CANARY: 1}
"""How often an unknown outcome is sent again, by purpose; not at all for the others."""
STAGGER: Final = timedelta(minutes=2)
AT_ONCE: Final = 6
BURST: Final = 3
BROKEN_AFTER: Final = 3
DAY: Final = 24 * 60


@dataclass(frozen=True, slots=True)
class Line:
    """One of somebody's own rules: on ``way``, for messages as urgent as ``least`` or more (1 is the most urgent),
    between two minutes of their day (past midnight where ``end`` is the smaller), ``after`` minutes, and again every
    ``repeat`` minutes until answered.
    """

    way: str
    least: int = 3
    begin: int = 0
    end: int = DAY
    after: int = 0
    repeat: int = 0

    def holds(self, urgency: int, minute: int) -> bool:
        if urgency > self.least:
            return False
        if self.begin <= self.end:
            return self.begin <= minute < self.end
        return minute >= self.begin or minute < self.end


def read_lines(kept: object) -> tuple[Line, ...]:
    """As they lie in the row."""
    return tuple(Line(**one) for one in kept) if isinstance(kept, list) else ()


@dataclass(frozen=True, slots=True)
class Step:
    way: Way
    after: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class Plan:
    """``repeat``: how long until all of it is done again; None: once."""

    steps: tuple[Step, ...]
    repeat: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What is known when ways are chosen. ``wanted``: refs that were named; ``broken``: kinds that carry nothing now;
    ``open``: kinds the desk can use at all.
    """

    purpose: Purpose
    urgency: int
    at: datetime
    zone: str
    wanted: tuple[str, ...] = ()
    broken: Set[str] = frozenset()
    open: Set[str] = frozenset()


def choose(found: Sequence[Way], lines: Sequence[Line], asked: Asked) -> Plan:
    """Named ways, else by the person's own rules, else what suits the urgency; never nothing while there is a way."""
    usable = [one for one in found if one.kind.value in asked.open]
    if asked.wanted:
        return Plan(tuple(Step(one) for one in usable if one.ref in asked.wanted))
    return _own(usable, lines, asked) or Plan(_usual(usable, asked))


def _own(usable: Sequence[Way], lines: Sequence[Line], asked: Asked) -> Plan | None:
    by_ref = {one.ref: one for one in usable}
    there = asked.at.astimezone(ZoneInfo(asked.zone))
    minute = there.hour * 60 + there.minute
    held = [line for line in lines if line.way in by_ref and line.holds(asked.urgency, minute)]
    # A rule that leads onto a broken channel alone would keep a page from everybody: then the usual ways count.
    if all(by_ref[line.way].kind.value in asked.broken for line in held):
        return None
    steps: dict[str, Step] = {}
    for line in sorted(held, key=lambda one: one.after):
        steps.setdefault(line.way, Step(by_ref[line.way], timedelta(minutes=line.after)))
    again = [line.repeat for line in held if line.repeat]
    repeat = timedelta(minutes=min(again)) if again and asked.purpose in ANSWERED else None
    return Plan(tuple(steps.values()), repeat)


def _usual(usable: Sequence[Way], asked: Asked) -> tuple[Step, ...]:
    best = in_order(usable, asked)
    if asked.purpose is not Purpose.PAGE:
        return tuple(Step(one) for one in best[:1])
    if asked.urgency == 1:
        return tuple(Step(one) for one in best[:AT_ONCE])
    return tuple(Step(one, STAGGER * number) for number, one in enumerate(best[:AT_ONCE]))


def in_order(usable: Sequence[Way], asked: Asked) -> list[Way]:
    """As the owner put them; but what works and is open now before what is doubtful."""

    def doubt(one: Way) -> tuple[bool, bool, bool]:
        closed = not ways.open_at(one.hours, asked.zone, asked.at)
        return (one.kind.value in asked.broken, bool(one.trouble), closed)

    return sorted(usable, key=doubt)


def pause(tries: int, draw: float) -> timedelta:
    """Before the next try; ``draw`` from 0 to 1 keeps many from coming back at the same moment."""
    longest: timedelta = min(FIRST_PAUSE * 2 ** min(tries - 1, 10), LONGEST_PAUSE)
    return longest * (0.5 + draw / 2)


@dataclass(frozen=True, slots=True)
class Level:
    """How much of a bucket is left at that time."""

    tokens: float
    at: datetime


def fill(level: Level | None, now: datetime, *, burst: float, per_second: float) -> Level:
    """As it stands now. A clock that was set back empties nothing."""
    if level is None:
        return Level(burst, now)
    passed = max((now - level.at).total_seconds(), 0.0)
    return Level(min(burst, level.tokens + passed * per_second), now)


def wait_for_one(level: Level, *, per_second: float) -> timedelta:
    """Zero where one may go now."""
    lacking = 1.0 - level.tokens
    return timedelta() if lacking <= 0 else timedelta(seconds=lacking / per_second)

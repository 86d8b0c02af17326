"""Who is called after whom until somebody answers. Pure: takes the time, says what is due next and why.

A plan is a copy, made when the call for help begins: what is edited afterwards bears on the next call only. Its steps
are turns in one row, every round and every policy that follows written out, so that a position is one number.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Final

from hikeshi.calendars import hours as clock_hours
from hikeshi.calendars import working
from hikeshi.calendars.calendar import Calendar

BUSINESS: Final = "business"
OUTSIDE: Final = "outside"
MOST_STEPS: Final = 20
MOST_REPEATS: Final = 9
MOST_FOLLOWING: Final = 5
_LONGEST_LOOK: Final = 400


class TargetKind(StrEnum):
    """Whom a step calls, or what it asks of the record."""

    PERSON = "person"
    ROTA = "rota"
    TEAM = "team"
    ROLE = "role"
    PARTY = "party"
    WEBHOOK = "webhook"
    RAISE = "raise"
    EXECUTIVES = "executives"


class Closed(StrEnum):
    """What happens to a step whose hours it is not."""

    WAIT = "wait"
    SKIP = "skip"


class State(StrEnum):
    """``TELLING``: a plan that only tells and asks nobody to answer. ``RAN_OUT``: everybody was called, nobody came."""

    CALLING = "calling"
    ANSWERED = "answered"
    RAN_OUT = "ran_out"
    TELLING = "telling"
    STOPPED = "stopped"


LIVE: Final = frozenset({State.CALLING, State.ANSWERED, State.RAN_OUT, State.TELLING})
UNANSWERED: Final = frozenset({State.CALLING, State.RAN_OUT})


class DueKind(StrEnum):
    """``ANYWAY``: told whether or not somebody has answered. ``RUN_OUT``: the patience after the last step is over."""

    STEP = "step"
    ANYWAY = "anyway"
    RUN_OUT = "run_out"
    TIMEOUT = "timeout"


@dataclass(frozen=True, slots=True)
class Target:
    """``value``: the person's or party's reference, the uuid of a rota or team, a role's code, a priority."""

    kind: TargetKind
    value: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """``after``: how long after the step before. ``hours``: empty for always, ``business``, ``outside``, or as people
    write them (``09:00-18:00``). ``anyway``: not called off by an answer; in the first round alone.
    """

    after: timedelta
    target: Target
    hours: str = ""
    closed: Closed = Closed.WAIT
    anyway: bool = False


@dataclass(frozen=True, slots=True)
class Chapter:
    """One policy of a plan. ``repeats``: rounds after the first. ``patience``: the wait after a round's last step."""

    policy: str
    name: str
    steps: tuple[Step, ...]
    repeats: int = 0
    patience: timedelta = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Plan:
    """``timeout``: an answer is over after this long and everybody is called again; None: it holds for good.
    ``why``: language -> when this policy counts and for what reason, as written.
    """

    chapters: tuple[Chapter, ...]
    calendar: Calendar
    timeout: timedelta | None = None
    why: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """A step in its round; ``gap``: how long after the turn before it. ``number`` and ``round`` count from 1."""

    chapter: int
    round: int
    number: int
    gap: timedelta
    step: Step


@dataclass(frozen=True, slots=True)
class Due:
    """What comes next. ``position`` is the turn's; behind the last turn, where the patience is over."""

    kind: DueKind
    position: int
    at: datetime


class Verdict(StrEnum):
    CALL = "call"
    SKIP = "skip"


def turns(plan: Plan) -> tuple[Turn, ...]:
    """All that is called until somebody answers. "Repeat once" is two rounds."""
    return tuple(_turns(plan))


def _turns(plan: Plan) -> Iterator[Turn]:
    carried = timedelta()
    for place, chapter in enumerate(plan.chapters):
        for number_of_round in range(1, chapter.repeats + 2):
            for number, step in enumerate(chapter.steps, start=1):
                carried += step.after
                if step.anyway and (place == 0 or number_of_round > 1):
                    continue
                yield Turn(place, number_of_round, number, carried, step)
                carried = timedelta()
            carried += chapter.patience


def anyway(plan: Plan) -> tuple[Turn, ...]:
    """What is told whatever anybody answers; ``gap`` counts from the beginning."""
    found, passed = [], timedelta()
    for number, step in enumerate(plan.chapters[0].steps if plan.chapters else (), start=1):
        passed += step.after
        if step.anyway:
            found.append(Turn(0, 1, number, passed, step))
    return tuple(found)


def patience(plan: Plan) -> timedelta:
    """How long the last one called has before nobody is left."""
    return plan.chapters[-1].patience if plan.chapters else timedelta()


def begin(plan: Plan, now: datetime) -> tuple[State, tuple[Due, ...]]:
    """Everything that is due from the beginning on."""
    told = tuple(
        Due(DueKind.ANYWAY, place, _open(plan, turn.step, now + turn.gap)) for place, turn in enumerate(anyway(plan))
    )
    calling = turns(plan)
    if not calling:
        return State.TELLING, told
    return State.CALLING, (Due(DueKind.STEP, 0, _open(plan, calling[0].step, now + calling[0].gap)), *told)


def after(plan: Plan, position: int, now: datetime, *, reached: bool) -> Due:
    """What follows the turn at ``position``. Where it reached nobody there is nobody to wait for: the next is at once,
    whoever it is, unless its hours are not come.
    """
    following = turns(plan)
    following_position = position + 1
    if following_position >= len(following):
        return Due(DueKind.RUN_OUT, len(following), now + patience(plan) if reached else now)
    turn = following[following_position]
    return Due(DueKind.STEP, following_position, _open(plan, turn.step, now + turn.gap if reached else now))


def next_now(plan: Plan, position: int, now: datetime) -> Due:
    """Somebody handed it on: the turn at ``position`` is due at once, from the top where none is left."""
    left = turns(plan)
    return Due(DueKind.STEP, position if position < len(left) else 0, now)


def again(plan: Plan, now: datetime) -> Due:
    """From the top, at once."""
    return Due(DueKind.STEP, 0, now)


def timed_out(plan: Plan, now: datetime) -> Due | None:
    """When the answer given now is over, if ever."""
    return Due(DueKind.TIMEOUT, 0, now + plan.timeout) if plan.timeout else None


def verdict(plan: Plan, step: Step, now: datetime) -> Verdict:
    """Whether a step that is due is taken: one that is left out when closed may meet closed doors."""
    if step.closed is Closed.SKIP and _next_open(plan, step.hours, now) > now:
        return Verdict.SKIP
    return Verdict.CALL


def _open(plan: Plan, step: Step, at: datetime) -> datetime:
    return _next_open(plan, step.hours, at) if step.closed is Closed.WAIT else at


def _next_open(plan: Plan, hours: str, at: datetime) -> datetime:
    """``at`` itself if these hours are on then. Hours that never come hold nobody up."""
    if not hours:
        return at
    if hours == OUTSIDE:
        return _next_closed(plan.calendar, at)
    try:
        return working.next_open(plan.calendar if hours == BUSINESS else _daily(plan.calendar.zone, hours), at)
    except working.NeverOpen:
        return at


@cache
def _daily(zone: str, hours: str) -> Calendar:
    """The same hours every day, holidays too. Raises Unreadable."""
    return Calendar(zone, (clock_hours.read(hours),) * 7)


def _next_closed(calendar: Calendar, at: datetime) -> datetime:
    found = at
    for _ in range(_LONGEST_LOOK):
        day = found.astimezone(calendar.place).date()
        days = (day - working.ONE, day)
        stretches = (stretch for one in days for stretch in working.open_times(calendar, one))
        end = next((until for begin, until in stretches if begin <= found < until), None)
        if end is None:
            return found
        found = end
    return at


def check_hours(text: str) -> str:
    """As they are kept. Raises Unreadable."""
    typed = clock_hours.plain(text)
    if typed in {"", BUSINESS, OUTSIDE}:
        return typed
    return clock_hours.written(clock_hours.read(typed))


def circle(start: str, follows: Mapping[str, str]) -> tuple[str, ...]:
    """The way round, from ``start`` until it meets itself; empty where it ends."""
    way, here = [start], start
    while here in follows:
        here = follows[here]
        if here in way:
            return (*way[way.index(here) :], here)
        way.append(here)
    return ()


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What decides which policy counts. ``organisation`` is a uuid."""

    priority: int
    kind: str
    organisation: str
    record_class: str = ""
    ref: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """When a policy counts; empty says nothing. ``organisation``: this one and all beneath it."""

    priorities: tuple[int, ...] = ()
    kinds: tuple[str, ...] = ()
    organisation: str = ""
    hours: str = ""


class Suits(StrEnum):
    """The first thing that speaks against a policy, or that nothing does."""

    YES = "yes"
    PRIORITY = "priority"
    KIND = "kind"
    ORGANISATION = "organisation"
    HOURS = "hours"


def suits(match: Match, case: Circumstances, *, above: frozenset[str], calendar: Calendar, now: datetime) -> Suits:
    """``above``: the organisation of the case and those it lies beneath."""
    if match.priorities and case.priority not in match.priorities:
        return Suits.PRIORITY
    if match.kinds and case.kind not in match.kinds:
        return Suits.KIND
    if match.organisation and match.organisation not in above:
        return Suits.ORGANISATION
    if _next_open(Plan((), calendar), match.hours, now) > now:
        return Suits.HOURS
    return Suits.YES


@dataclass(frozen=True, slots=True)
class Planned:
    """A turn at the time it would be taken if nobody answered; without one, nobody is left."""

    turn: Turn | None
    at: datetime
    skipped: bool


def foreseen(plan: Plan, now: datetime, reaches: Callable[[Turn, datetime], bool]) -> tuple[Planned, ...]:
    """Every turn of the plan in time if nobody answers, told-anyway ones among them. ``reaches`` says whether a turn
    would reach anybody then: where it would not, the next comes at once.
    """
    told = ((one, _open(plan, one.step, now + one.gap)) for one in anyway(plan))
    found = [Planned(one, at, verdict(plan, one.step, at) is Verdict.SKIP) for one, at in told]
    _, due = begin(plan, now)
    here = next((one for one in due if one.kind is DueKind.STEP), None)
    calling = turns(plan)
    while here is not None and here.kind is DueKind.STEP:
        turn = calling[here.position]
        skipped = verdict(plan, turn.step, here.at) is Verdict.SKIP
        found.append(Planned(turn, here.at, skipped))
        here = after(plan, here.position, here.at, reached=not skipped and reaches(turn, here.at))
    if here is not None:
        found.append(Planned(None, here.at, skipped=False))
    return tuple(sorted(found, key=lambda one: one.at))


def after_handing(plan: Plan, position: int, now: datetime) -> Due:
    """Somebody was called out of turn: they have as long as anybody before the turn at ``position``, which follows."""
    left = turns(plan)
    if position >= len(left):
        return Due(DueKind.RUN_OUT, len(left), now + patience(plan))
    turn = left[position]
    return Due(DueKind.STEP, position, _open(plan, turn.step, now + (turn.gap or patience(plan))))

"""The clocks of one record, worked out from its history. Pure: the same history gives the same clocks, whoever asks.

A watch runs for each thing that is measured whether or not anything is promised; a target gives it its terms. New terms
count from the watch's own start, and what it stood still stays taken out: a priority that rises in the middle of a wait
costs nobody the wait.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from hikeshi.calendars.calendar import Calendar
from hikeshi.calendars.working import NeverOpen
from hikeshi.service_levels import stopwatch
from hikeshi.service_levels.book import Books, Circumstances, Step, choose
from hikeshi.service_levels.codes import ALWAYS, GOING, OWN_HOURS, Because, Measure, State
from hikeshi.service_levels.events import DECIDING, Event, Noted, What, standing
from hikeshi.service_levels.stopwatch import Stretch

WARN: Final = 75
"""Percent from which a clock is shown as running out."""
ENDS: Final = {"contained": Measure.CONTAIN, "restored": Measure.RESTORE, "resolved": Measure.RESOLVE}
BECAUSE: Final = {
    What.OPENED: Because.OPENED,
    What.REOPENED: Because.REOPENED,
    What.PRIORITY: Because.PRIORITY,
    What.CLASS: Because.CLASS,
    What.KIND: Because.KIND,
    What.LINKED: Because.ASSET,
    What.UNLINKED: Because.ASSET,
    What.HELD: Because.OWNER,
    What.LEFT: Because.OWNER,
    What.WAITED: Because.WAITING,
    What.RESUMED: Because.RESUMED,
    What.TIME: Because.MOMENT,
    What.ASKED: Because.ASKED,
    What.ANSWERED: Because.ANSWERED,
    What.RESOLVED: Because.RESOLVED,
    What.CLOSED: Because.RESOLVED,
    What.RENEWED: Because.RENEWED,
    What.MERGED: Because.MERGED,
}


@dataclass(frozen=True, slots=True)
class Terms:
    """Copied from the target when they were taken. ``hours``: the calendar's digest; empty: around the clock."""

    target: str
    minutes: int
    hours: str
    pauses: tuple[str, ...]
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """At entry ``number`` the clock became something else, and why."""

    number: int
    at: datetime
    because: Because
    state: State
    minutes: int
    due_at: datetime | None
    left: int | None


@dataclass(frozen=True, slots=True)
class Clock:
    """``left``: seconds that remain, while it stands still. ``warn_at``, ``moments``: when three quarters of the time,
    and each step's share, are used up, while it runs. ``due_at`` of one that was stopped: when it would have run out.
    """

    measure: Measure
    round: int
    terms: Terms
    state: State
    because: Because
    started_at: datetime
    due_at: datetime | None = None
    left: int | None = None
    stopped_at: datetime | None = None
    warn_at: datetime | None = None
    moments: tuple[tuple[int, datetime], ...] = ()
    changes: tuple[Change, ...] = field(default=(), compare=False)

    @property
    def going(self) -> bool:
        return self.state in GOING


@dataclass(frozen=True, slots=True)
class Material:
    """What the history refers to: the books, what was looked up, calendars by digest."""

    books: Books
    noted: Sequence[Noted]
    calendars: Mapping[str, Calendar]


@dataclass(slots=True)
class _Watch:
    measure: Measure
    round: int
    started: datetime
    terms: Terms | None = None
    gaps: list[Stretch] = field(default_factory=list)
    stopped: datetime | None = None
    by_end: bool = False  # stopped because the record ended: reopened, it goes on
    dropped: bool = False
    last: Clock | None = None
    changes: list[Change] = field(default_factory=list)

    @property
    def on(self) -> bool:
        return self.stopped is None


def replay(events: Iterable[Event], material: Material) -> tuple[Clock, ...]:
    """Every clock there was, in order."""
    replaying = _Replay(material)
    for event in standing(events):
        replaying.take(event)
    return replaying.clocks()


class _Replay:
    def __init__(self, material: Material) -> None:
        self._material = material
        self._noted = sorted(material.noted, key=lambda one: one.entry)
        self._known = Noted(0)
        self._now = Circumstances()
        self._owner = ""
        self._holder = ""  # the team whose time with it runs
        self._ended = False
        self._waits: list[tuple[datetime, datetime | None, str]] = []
        self._watches: dict[Measure, list[_Watch]] = {measure: [] for measure in Measure}

    def take(self, event: Event) -> None:
        while self._noted and self._noted[0].entry <= event.number:
            self._known = _newer(self._known, self._noted.pop(0))
        self._learn(event)
        self._ACTS.get(event.what, _Replay._nothing)(self, event)
        if event.what in DECIDING:
            self._decide(event)
        self._settle(event)

    def clocks(self) -> tuple[Clock, ...]:
        watches = [watch for rounds in self._watches.values() for watch in rounds]
        return tuple(replace(one.last, changes=tuple(one.changes)) for one in watches if one.last is not None)

    # What the record is like.

    def _learn(self, event: Event) -> None:
        before = self._now
        assets = before.assets
        if event.what is What.LINKED:
            assets |= set(event.codes)
        if event.what is What.UNLINKED:
            assets -= set(event.codes)
        if event.what in {What.HELD, What.LEFT}:
            self._owner = event.code
        self._now = Circumstances(
            priority=event.priority or before.priority,
            record_class=event.code if event.what in {What.OPENED, What.CLASS} else before.record_class,
            kind=event.kind or before.kind,
            places=frozenset(self._known.places),
            assets=frozenset(assets),
            team=self._known.teams.get(self._owner, ""),
        )

    # What starts, stops and stands still.

    def _opened(self, event: Event) -> None:
        for measure in (Measure.OWN, Measure.CONTAIN, Measure.RESTORE, Measure.RESOLVE):
            self._start(measure, event)

    def _held(self, event: Event) -> None:
        self._stop(Measure.OWN, event.at)
        holding = self._current(Measure.HOLD)
        team = self._now.team
        if holding is not None and holding.on and self._holder == team:
            return
        self._stop(Measure.HOLD, event.at)
        self._holder = team
        if team and not self._ended:
            self._start(Measure.HOLD, event)

    def _left(self, event: Event) -> None:
        self._stop(Measure.HOLD, event.at)
        self._holder = ""
        if not self._ended:
            self._start(Measure.OWN, event)

    def _waited(self, event: Event) -> None:
        self._resumed(event)
        self._waits.append((event.at, None, event.code))

    def _resumed(self, event: Event) -> None:
        if self._waits and self._waits[-1][1] is None:
            start, _, reason = self._waits[-1]
            self._waits[-1] = (start, event.at, reason)

    def _time(self, event: Event) -> None:
        """Somebody says when it was contained, restored or resolved; a later word corrects an earlier one."""
        measure = ENDS.get(event.code)
        watch = self._current(measure) if measure is not None else None
        if watch is None or (measure is Measure.RESOLVE and watch.on):
            return
        said = event.moment or event.at
        watch.stopped = max(watch.started, min(said, event.at))
        watch.by_end = measure is Measure.RESOLVE
        watch.dropped = False

    def _asked(self, event: Event) -> None:
        watch = self._current(Measure.ANSWER)
        if watch is None or not watch.on:
            self._start(Measure.ANSWER, event)

    def _answered(self, event: Event) -> None:
        self._stop(Measure.ANSWER, event.at)

    def _resolved(self, event: Event) -> None:
        self._ended = True
        for measure in (Measure.OWN, Measure.CONTAIN, Measure.RESTORE, Measure.RESOLVE, Measure.HOLD):
            watch = self._current(measure)
            if watch is not None and watch.on:
                watch.stopped, watch.by_end = event.at, True
                watch.dropped = measure is Measure.OWN

    def _closed(self, event: Event) -> None:
        self._resolved(event)
        watch = self._current(Measure.ANSWER)
        if watch is not None and watch.on:
            watch.stopped, watch.dropped = event.at, True

    def _merged(self, event: Event) -> None:
        """It goes on elsewhere, under that record's clocks. Its reporter is still to be answered."""
        self._ended = True
        for measure in (Measure.OWN, Measure.CONTAIN, Measure.RESTORE, Measure.RESOLVE, Measure.HOLD):
            watch = self._current(measure)
            if watch is not None and watch.on:
                watch.stopped, watch.dropped = event.at, True

    def _reopened(self, event: Event) -> None:
        self._ended = False
        for rounds in self._watches.values():
            watch = rounds[-1] if rounds else None
            if watch is None or not watch.by_end or watch.stopped is None:
                continue
            watch.gaps.append((watch.stopped, event.at))
            watch.stopped, watch.by_end, watch.dropped = None, False, False

    def _nothing(self, event: Event) -> None:
        """It changes what the record is like, and no watch by itself."""

    _ACTS: Final[dict[What, Callable[["_Replay", Event], None]]] = {
        What.OPENED: _opened,
        What.REOPENED: _reopened,
        What.HELD: _held,
        What.LEFT: _left,
        What.WAITED: _waited,
        What.RESUMED: _resumed,
        What.TIME: _time,
        What.ASKED: _asked,
        What.ANSWERED: _answered,
        What.RESOLVED: _resolved,
        What.CLOSED: _closed,
        What.MERGED: _merged,
    }

    def _current(self, measure: Measure) -> _Watch | None:
        rounds = self._watches[measure]
        return rounds[-1] if rounds else None

    def _start(self, measure: Measure, event: Event) -> None:
        rounds = self._watches[measure]
        rounds.append(_Watch(measure, len(rounds) + 1, event.at, terms=self._terms(measure, event)))

    def _stop(self, measure: Measure, at: datetime) -> None:
        watch = self._current(measure)
        if watch is not None and watch.on:
            watch.stopped = at

    # What is promised.

    def _decide(self, event: Event) -> None:
        for rounds in self._watches.values():
            if rounds and rounds[-1].on:
                rounds[-1].terms = self._terms(rounds[-1].measure, event)

    def _terms(self, measure: Measure, event: Event) -> Terms | None:
        book = self._material.books.before(event.number)
        target = choose(book, measure, self._now) if book is not None else None
        minutes = target.minutes_for(self._now.priority) if target is not None else None
        if target is None or minutes is None:
            return None
        choice = target.hours_for(self._now.priority)
        known = self._known.hours
        hours = "" if choice == ALWAYS else known.get(choice, known.get(OWN_HOURS, ""))
        return Terms(target.code, minutes, hours, target.pauses, target.steps)

    def _settle(self, event: Event) -> None:
        for rounds in self._watches.values():
            for watch in rounds:
                now = self._reckon(watch, event)
                if now is not None and now != watch.last:
                    because = BECAUSE[event.what]
                    watch.last = replace(now, because=because)
                    watch.changes.append(
                        Change(event.number, event.at, because, now.state, now.terms.minutes, now.due_at, now.left)
                    )

    def _reckon(self, watch: _Watch, event: Event) -> Clock | None:
        because = watch.last.because if watch.last is not None else Because.OPENED
        if watch.terms is None:
            return _withdrawn(watch, event)
        about = _About(watch, watch.terms, self._hours(watch.terms), self._standing(watch, watch.terms), because)
        try:
            return _stopped(about) if watch.stopped is not None else _going(about)
        except NeverOpen:
            state = State.NEVER if watch.stopped is None else State.MET
            return _clock(about, state, stopped_at=watch.stopped)

    def _hours(self, terms: Terms) -> Calendar | None:
        return self._material.calendars.get(terms.hours) if terms.hours else None

    def _standing(self, watch: _Watch, terms: Terms) -> list[Stretch]:
        waits = [(start, end) for start, end, reason in self._waits if reason in terms.pauses]
        return stopwatch.merged([*watch.gaps, *waits])


@dataclass(frozen=True, slots=True)
class _About:
    watch: _Watch
    terms: Terms
    hours: Calendar | None
    standing: Sequence[Stretch]
    because: Because

    @property
    def amount(self) -> timedelta:
        return timedelta(minutes=self.terms.minutes)


def _clock(about: _About, state: State, **more: object) -> Clock:
    watch = about.watch
    return Clock(
        measure=watch.measure,
        round=watch.round,
        terms=about.terms,
        state=state,
        because=about.because,
        started_at=watch.started,
        **more,  # type: ignore[arg-type]  # the fields that depend on the state, named where they are known
    )


def _going(about: _About) -> Clock:
    stretches = stopwatch.running(about.watch.started, None, about.standing)
    still = not stretches or stretches[-1][1] is not None
    due = stopwatch.used_up_at(about.hours, stretches, about.amount)
    if still:
        last = about.standing[-1][0]
        left = about.amount - stopwatch.used(about.hours, stretches, last)
        return _clock(about, State.PAUSED, due_at=due, left=int(left.total_seconds()))
    moments = tuple((step.percent, _share(about, stretches, step.percent)) for step in about.terms.steps)
    told = tuple((percent, at) for percent, at in moments if at is not None)
    return _clock(about, State.RUNNING, due_at=due, warn_at=_share(about, stretches, WARN), moments=told)


def _share(about: _About, stretches: Sequence[Stretch], percent: int) -> datetime | None:
    return stopwatch.used_up_at(about.hours, stretches, about.amount * percent / 100)


def _stopped(about: _About) -> Clock:
    stopped = about.watch.stopped
    ended = stopwatch.used_up_at(
        about.hours, stopwatch.running(about.watch.started, stopped, about.standing), about.amount
    )
    missed = ended is not None and stopped is not None and ended < stopped
    over = [(start, end) for start, end in about.standing if end is not None]
    due = stopwatch.used_up_at(about.hours, stopwatch.running(about.watch.started, None, over), about.amount)
    state = State.MISSED if missed else State.DROPPED if about.watch.dropped else State.MET
    return _clock(about, state, due_at=due, stopped_at=stopped)


def _withdrawn(watch: _Watch, event: Event) -> Clock | None:
    """No target asks for it any more; a clock that nobody ever saw stays unseen."""
    last = watch.last
    if last is None or not last.going:
        return last
    return replace(last, state=State.DROPPED, left=None, warn_at=None, moments=(), stopped_at=event.at)


def _newer(before: Noted, after: Noted) -> Noted:
    """Teams of owners add up; the rest is replaced."""
    return Noted(after.entry, after.places, {**before.teams, **after.teams}, {**before.hours, **after.hours})

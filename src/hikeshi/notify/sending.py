"""The loop that sends. It plans, claims and writes down what came of it; the calls themselves are made by threads that
touch no row, so that one provider that hangs holds nobody else up.
"""

import logging
import queue
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from django.db import InterfaceError, OperationalError, transaction

from hikeshi.kernel import clock, http
from hikeshi.kernel.prepared import Known, asked_once, known_by_now
from hikeshi.ledger.acts import at_last, unit
from hikeshi.notify import channels, composing, setups
from hikeshi.notify.actions import claiming, outcomes, planning
from hikeshi.notify.actions.claiming import Load
from hikeshi.notify.actions.outcomes import Outcome
from hikeshi.notify.handing import Failed, Fault, Handed, Parcel, Setup
from hikeshi.notify.models import Outgoing
from hikeshi.notify.setups import Site
from hikeshi.notify.wording import Form

WORKERS: Final = 32
AHEAD: Final = 2
"""Loads taken for each thread: one in its hands and one waiting."""
STALE: Final = timedelta(seconds=20)
"""A load that waited so long for a thread is put back: its lease must outlast the call."""
PATIENCE: Final = 0.02
EXPECTED: Final = 0.5
"""Seconds, far more than from a claim to its commit: whoever steps meanwhile waits for what will be handed in."""
RECOVER_EVERY: Final = 2.0
HELD_BACK: Final = 2.0
"""Seconds that a call which is ready waits for the commit. Where that takes longer it is made anew, after it."""
log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Word:
    """That what a call tells is true. ``given_at`` None: not yet, or not any more."""

    given_at: datetime | None = None
    _given: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _lapsed: bool = False

    def give(self) -> bool:
        """False where nobody waits for it any more."""
        with self._lock:
            if self._lapsed:
                return False
            self.given_at = clock.now()
        self._given.set()
        return True

    def is_given(self) -> bool:
        """Waits for it, a moment at most; who has once waited in vain is never given it."""
        if self._given.wait(HELD_BACK):
            return True
        with self._lock:
            self._lapsed = self.given_at is None
        return not self._lapsed


@dataclass(frozen=True, slots=True)
class _Task:
    """``word``: it may be made ready, and says nothing before this is given. None: it may go."""

    load: Load
    parcel: Parcel
    setup: Setup
    unwanted: frozenset[int]
    taken_at: datetime
    word: _Word | None = None


@dataclass(slots=True)
class Sender:
    """``workers`` 0: calls are made by whoever steps, one after the other. One thread steps; others hand in what they
    took with ``take``.
    """

    workers: int = WORKERS
    _todo: "queue.SimpleQueue[_Task]" = field(default_factory=queue.SimpleQueue)
    _done: "queue.SimpleQueue[Outcome]" = field(default_factory=queue.SimpleQueue)
    _under_way: Counter[str] = field(default_factory=Counter)
    _started: bool = False
    _look_again: float = 0.0
    _expected: float = 0.0
    _counting: threading.Lock = field(default_factory=threading.Lock)

    def step(self, now: datetime) -> bool:
        """Whether there may be more to do at once."""
        self._settle(self._finished())
        here = setups.read() if claiming.is_due(now) else None
        if here is None or not here.live:
            recovered = self._recover(now)
            return self._waits() or recovered
        with unit():  # one commit for both: what is planned is mostly taken at once
            more = planning.plan(now, here)
            loads = claiming.claim(now, here, self._room(), self._full())
        if loads:
            self._hand_out(loads, here, now)
        recovered = self._recover(now)  # behind what is due: whoever waits for its lease has waited for a minute
        return self._waits() or recovered or more or bool(loads)

    def take(self, rows: Sequence[Outgoing]) -> None:
        """Inside the act that queues these: plans and claims them with the same commit, and hands them to a thread as
        soon as it is done. Whatever is wrong with that, they are queued, and the loop takes them.
        """
        now, here = clock.now(), setups.read()
        room, full = self._room(), self._full()
        if not here.live or room < len(rows):
            return
        try:
            with unit():
                made = planning.lay_out(rows, here, now)
                ways = {one.way: one.kind for one in made if one.due_at <= now and one.kind not in full}
                loads = claiming.take_ways(dict(list(ways.items())[:room]), now, here)
        except (OperationalError, InterfaceError):
            raise  # the database itself: all of it is tried again
        except Exception:
            log.warning("a call was not claimed as it was queued, and waits for the loop", exc_info=True)
            return
        if loads:
            self._expected = time.monotonic() + EXPECTED
            at_last(partial(self._make_ready, loads, here, now, known_by_now()))

    def _make_ready(self, loads: list[Load], here: Site, now: datetime, known: Known) -> None:
        """Right before the commit: while the disk takes it down, a thread makes the connection."""
        ready: list[_Task | Outcome] = []
        try:
            with unit(), asked_once(known):
                for load in loads:
                    made = _made(load, here.setup(load.kind), now)
                    if isinstance(made, _Task) and self.workers and channels.makes_ready(load.kind):
                        made = replace(made, word=_Word())
                        self._give(made)
                    ready.append(made)
        except (OperationalError, InterfaceError):
            raise  # as above
        except Exception:  # their lease ends in a moment, and they are made anew
            log.exception("a call could not be made ready")
        transaction.on_commit(partial(self._let_go, loads, ready), robust=True)

    def _let_go(self, loads: list[Load], ready: list[_Task | Outcome]) -> None:
        """In the thread of whoever queued them, whose act is over: the loop writes down what comes of it."""
        self._count(loads[: len(ready)])
        self._expected = 0.0
        for made in ready:
            if isinstance(made, Outcome):
                self._done.put(made)
            elif made.word is not None:
                if not made.word.give():
                    self._give(replace(made, word=None))
            elif self.workers:
                self._give(made)
            else:
                self._done.put(carry_out(made))

    def _count(self, loads: Sequence[Load]) -> None:
        with self._counting:
            self._under_way.update(one.kind for one in loads)

    def _recover(self, now: datetime) -> bool:
        """Leases are long: it is enough to look for lost ones every few seconds."""
        if time.monotonic() < self._look_again:
            return False
        found = outcomes.recover(now)
        self._look_again = 0.0 if found else time.monotonic() + RECOVER_EVERY
        return found

    def _room(self) -> int:
        with self._counting:
            return (self.workers or WORKERS) * AHEAD - self._under_way.total()

    def _full(self) -> frozenset[str]:
        """Kinds that keep half the threads busy: a provider that hangs leaves the other half to the others."""
        most = max(self.workers, 2) * AHEAD // 2
        with self._counting:
            return frozenset(kind for kind, count in self._under_way.items() if self.workers and count >= most)

    def _hand_out(self, loads: list[Load], here: Site, now: datetime) -> None:
        ready = {kind: here.setup(kind) for kind in {load.kind for load in loads}}
        at_once: list[Outcome] = []
        for load in loads:
            made = _made(load, ready[load.kind], now)
            if isinstance(made, Outcome):
                at_once.append(made)
            elif self.workers:
                self._count([load])
                self._give(made)
            else:
                at_once.append(carry_out(made))
        if at_once:
            outcomes.settle(at_once)

    def _give(self, task: _Task) -> None:
        with self._counting:
            if not self._started:
                for number in range(self.workers):
                    threading.Thread(target=self._work, name=f"send-{number}", daemon=True).start()
                self._started = True
        self._todo.put(task)

    def _work(self) -> None:
        while True:
            task = self._todo.get()
            outcome = carry_out(task) if task.word is None else _carry_out_once_given(task, task.word)
            if outcome is not None:
                self._done.put(outcome)

    def _finished(self) -> list[Outcome]:
        found = []
        while not self._done.empty():
            found.append(self._done.get_nowait())
        return found

    def _settle(self, found: list[Outcome]) -> None:
        if not found:
            return
        with self._counting:
            self._under_way -= Counter(one.load.kind for one in found)
        outcomes.settle(found)

    def _waits(self) -> bool:
        """While calls are under way: for the first to end, a moment at most."""
        if not self._under_way and time.monotonic() >= self._expected:
            return False
        try:
            first = self._done.get(timeout=PATIENCE)
        except queue.Empty:
            return True
        self._settle([first, *self._finished()])
        return True


def _made(load: Load, setup: Setup | None, now: datetime) -> _Task | Outcome:
    """What there is to hand over, or what came of it already."""
    fault = _not_ready(load.kind, setup)
    form = channels.form_of(load.kind)
    composed = composing.Composed(None, frozenset(), fault) if fault else composing.compose(load, form or Form.FULL)
    if composed.parcel is None or setup is None:
        return Outcome(load, now, clock.now(), composed.fault, composed.unwanted)
    return _Task(load, composed.parcel, setup, composed.unwanted, now)


def _not_ready(kind: str, setup: Setup | None) -> Fault | None:
    if setup is None or channels.form_of(kind) is None:
        return Fault("not_set_up")
    return None if setup.on else Fault("switched_off")


def carry_out(task: _Task) -> Outcome:
    """The call itself. Whatever a channel raises is an outcome: a thread that dies would take its work with it."""
    started = clock.now()
    if started - task.taken_at > STALE:
        late = Fault("busy", passing=True)
        return Outcome(task.load, started, started, late, task.unwanted)
    try:
        handed: Handed | Fault = channels.send(task.parcel, task.setup)
    except Failed as failed:
        handed = failed.fault
    except Exception as error:  # noqa: BLE001  # as said above; its text may hold an address
        log.error("the channel %s failed: %s", task.load.kind, type(error).__name__)  # noqa: TRY400  # as said
        handed = Fault("provider", passing=True, unsure=True)
    return Outcome(task.load, started, clock.now(), handed, task.unwanted)


def _carry_out_once_given(task: _Task, word: _Word) -> Outcome | None:
    """None where the word was not given: nothing was said, and whoever has to say it makes another call."""
    with http.until(word.is_given):
        outcome = carry_out(task)
    if not word.is_given() or word.given_at is None:
        return None
    began = max(outcome.started_at, word.given_at)
    return replace(outcome, started_at=began, ended_at=max(outcome.ended_at, began))

"""Part of other verbs: somebody is called, and it is written down who, or why nobody could be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import msgspec

from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.facts import Fact
from hikeshi.kernel.worlds import World
from hikeshi.ledger import keeping
from hikeshi.ledger.acts import record, rouse
from hikeshi.notify import actions as notify
from hikeshi.notify.messages import Message, Purpose
from hikeshi.oncall import escalation
from hikeshi.oncall.escalation import Target, Turn
from hikeshi.oncall.models.runs import Call, Due, How, Run
from hikeshi.oncall.queries.targets import Book, Found, Missed, Reached

ESCALATE: Final = "escalate"
"""The loop that is called once something is due."""
TOPICS: Final = ("incidents", "alarms")
CANARY: Final = "canary"
"""The kind of a run that only tries the way."""


def tell(run: Run, by: Actor, fact: Fact) -> None:
    """Into the ledger, where whoever keeps the subject shows it."""
    record(fact, subject=run.subject, by=by, world=World(run.world), topics=TOPICS)


def topic(run: Run) -> str:
    """What pages of this run are about: withdrawn together once somebody has answered."""
    return f"run:{run.uuid}"


def purpose(run: Run) -> Purpose:
    """What its messages are for: a test says so in every form."""
    return Purpose.CANARY if run.kind == CANARY else Purpose.PAGE


def told_topic(run: Run) -> str:
    """What is told whether or not somebody answers."""
    return f"told:{run.uuid}"


@dataclass(slots=True)
class Post:
    """What an act has to write of calls, kept until all of it is known: one query for many instead of one for each."""

    calls: list[Call] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    dues: list[Due] = field(default_factory=list)

    def plan(self, run: Run, due: escalation.Due) -> None:
        """A row for what comes next."""
        row = Due(run=run, kind=due.kind, position=due.position, due_at=due.at, priority=run.priority)
        self.dues.append(row)

    def send(self, by: Actor) -> None:
        """The last move of the act. The message of a call bears the call's number in its key."""
        refs = notify.queue_all(by=by, messages=self.messages) if self.messages else {}
        for row in self.calls:
            row.message = refs.get(key_of(row), "")
        keeping.keep_new(self.calls)
        keep(self.dues)


def key_of(row: Call) -> str:
    return f"run:{row.run.uuid}:{row.number}"


@dataclass(slots=True)
class Caller:
    """Calls people for one run in one act. Nobody is called twice in it, however many targets mean them. Whoever calls
    sends the post in the end.
    """

    run: Run
    book: Book
    at: datetime
    post: Post
    _done: set[str] = field(default_factory=set)

    def call(self, target: Target, how: How, turn: Turn | None = None) -> Found:
        """The run's counters move; whoever calls saves them."""
        found = self.book.find(target, self.run.organisation)
        rows = [self._reach(one, target, how, turn) for one in found.reached if one.owner not in self._done]
        rows += [self._miss(one, target, how, turn) for one in found.missed]
        self.post.calls += rows
        self._done |= {one.owner for one in found.reached}
        if how is not How.ALARM:
            self.run.reached += sum(1 for row in rows if not row.trouble)
        return found

    def _reach(self, one: Reached, target: Target, how: How, turn: Turn | None) -> Call:
        row = self._row(target, how, turn)
        row.owner, row.instead_of = one.owner, one.instead_of
        page = Message(
            purpose=purpose(self.run),
            subject=told_topic(self.run) if how is How.ANYWAY else topic(self.run),
            world=World(self.run.world),
            to=one.owner,
            key=key_of(row),
            about=self._about(row),
            urgency=min(self.run.priority, 3),
            ways=one.ways,
        )
        self.post.messages.append(page)
        return row

    def _miss(self, one: Missed, target: Target, how: How, turn: Turn | None) -> Call:
        row = self._row(target, how, turn)
        row.owner, row.trouble = one.owner, one.trouble
        return row

    def _row(self, target: Target, how: How, turn: Turn | None) -> Call:
        self.run.called += 1
        return Call(
            run=self.run,
            number=self.run.called,
            how=how,
            step=turn.number if turn else 0,
            round=turn.round if turn else 0,
            target=msgspec.to_builtins(target),
            at=self.at,
        )

    def _about(self, row: Call) -> Mapping[str, str]:
        return {"ref": self.run.ref, "how": str(row.how), "step": str(row.step), "round": str(row.round)}


def plan_due(run: Run, due: escalation.Due) -> None:
    """Part of other verbs: a row for what comes next."""
    post = Post()
    post.plan(run, due)
    keep(post.dues)


def keep(dues: Sequence[Due]) -> None:
    """Writes down what comes next, and calls the loop where that is now."""
    keeping.keep_new(dues)
    if any(one.due_at <= clock.now() for one in dues):
        rouse(ESCALATE)


def first(found: Sequence[Reached]) -> str:
    return found[0].owner if found else ""

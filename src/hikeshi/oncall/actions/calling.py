"""Part of other verbs: somebody is called, and it is written down who, or why nobody could be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import msgspec

from hikeshi.kernel.acting import Actor
from hikeshi.kernel.facts import Fact
from hikeshi.kernel.worlds import World
from hikeshi.ledger.acts import record
from hikeshi.notify import actions as notify
from hikeshi.notify.messages import Message, Purpose
from hikeshi.oncall.escalation import Target, Turn
from hikeshi.oncall.models.runs import Call, How, Run
from hikeshi.oncall.queries.targets import Book, Found, Missed, Reached

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
class Caller:
    """Calls people for one run in one act. Nobody is called twice in it, however many targets mean them."""

    run: Run
    by: Actor
    book: Book
    at: datetime
    _done: set[str] = field(default_factory=set)

    def call(self, target: Target, how: How, turn: Turn | None = None) -> Found:
        """The run's counters move; whoever calls saves them."""
        found = self.book.find(target, self.run.organisation)
        rows = [self._reach(one, target, how, turn) for one in found.reached if one.owner not in self._done]
        rows += [self._miss(one, target, how, turn) for one in found.missed]
        Call.objects.bulk_create(rows)
        self._done |= {one.owner for one in found.reached}
        if how is not How.ALARM:
            self.run.reached += sum(1 for row in rows if not row.trouble)
        return found

    def _reach(self, one: Reached, target: Target, how: How, turn: Turn | None) -> Call:
        row = self._row(target, how, turn)
        row.owner, row.instead_of = one.owner, one.instead_of
        message = Message(
            purpose=purpose(self.run),
            subject=told_topic(self.run) if how is How.ANYWAY else topic(self.run),
            world=World(self.run.world),
            to=one.owner,
            key=f"run:{self.run.uuid}:{row.number}",
            about=self._about(row),
            urgency=min(self.run.priority, 3),
            ways=one.ways,
        )
        row.message = notify.queue(by=self.by, message=message)
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


def first(found: Sequence[Reached]) -> str:
    return found[0].owner if found else ""

"""The one thing to do first, and why. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID


class Why(StrEnum):
    """In this order of weight."""

    CALLED = "called"
    NOBODY_ON_CRITICAL = "nobody_on_critical"
    DECISION = "decision"
    MINE_OVERDUE = "mine_overdue"
    TASK_OVERDUE = "task_overdue"
    MINE_GRAVEST = "mine_gravest"
    NOBODY_ON = "nobody_on"
    QUESTION = "question"
    NOTHING = "nothing"
    REPORT = "report"


class Record(Protocol):
    @property
    def ref(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def priority(self) -> int: ...
    @property
    def waiting(self) -> str: ...


class Ask(Protocol):
    @property
    def uuid(self) -> UUID: ...
    @property
    def question(self) -> str: ...


class Chore(Protocol):
    @property
    def title(self) -> str: ...
    @property
    def due_at(self) -> datetime | None: ...


class Report(Protocol):
    @property
    def uuid(self) -> UUID: ...
    @property
    def ref(self) -> str: ...
    @property
    def words(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Step:
    """``record``, ``task``, ``ask`` and ``report``: about what. All are None where nothing waits."""

    why: Why
    record: Record | None = None
    task: Chore | None = None
    ask: Ask | None = None
    report: Report | None = None


def step(
    *,
    mine: Sequence[Record],
    overdue: Sequence[Record],
    free: Sequence[Record],
    tasks: Sequence[tuple[Chore, Record]],
    calls: Sequence[Record],
    asked: tuple[Ask, Record] | None,
    reported: Report | None,
    now: datetime,
    may_take: bool,
    sees: bool,
) -> Step:
    """``calls``: about what the reader is being called, and nobody has answered. ``mine`` and ``free`` (nobody's) come
    the gravest first, as ``calls`` do; ``overdue`` are mine, ``tasks`` the soonest due first. ``asked``: the question
    that waits for the reader. ``reported``: what the reader reported and the desk has asked them about. Who may not
    take anything is shown what is theirs; who ``sees`` no records but those they are part of is never told that nothing
    waits.
    """
    if calls:
        return Step(Why.CALLED, calls[0])
    if may_take and free and free[0].priority == 1:
        return Step(Why.NOBODY_ON_CRITICAL, free[0])
    if asked is not None:
        return Step(Why.DECISION, asked[1], ask=asked[0])
    if overdue:
        return Step(Why.MINE_OVERDUE, overdue[0])
    late = next(((task, record) for task, record in tasks if task.due_at is not None and task.due_at <= now), None)
    if late is not None:
        return Step(Why.TASK_OVERDUE, late[1], late[0])
    active = next((one for one in mine if not one.waiting), None)
    if active is not None:
        return Step(Why.MINE_GRAVEST, active)
    if may_take and free:
        return Step(Why.NOBODY_ON, free[0])
    return _otherwise(reported, sees=sees)


def _otherwise(reported: Report | None, *, sees: bool) -> Step:
    """Where no record waits."""
    if reported is not None:
        return Step(Why.QUESTION, report=reported)
    return Step(Why.NOTHING if sees else Why.REPORT)

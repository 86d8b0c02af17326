"""From when until when a task is to be worked on, after which others, and what it leads to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hikeshi.incidents.facts.rows import row, stamp
from hikeshi.kernel.facts import JSON, Commitment, Fact, Row


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskPlanned(Fact):
    """The plan as it now is. ``after``: tasks that are to be done before."""

    incident: UUID
    task: UUID
    start_at: datetime | None
    due_at: datetime | None
    after: tuple[UUID, ...]
    milestone: UUID | None

    def sets(self) -> Mapping[str, Row]:
        times: dict[str, JSON] = {"start_at": stamp(self.start_at), "due_at": stamp(self.due_at)}
        leads: dict[str, JSON] = {"after": [str(one) for one in self.after], "milestone": str(self.milestone or "")}
        return {row("task", self.task): {**times, **leads}}


@dataclass(frozen=True, slots=True, kw_only=True)
class MilestoneSet(Fact):
    """A milestone has this name and this day (ISO 8601) from now on."""

    milestone: UUID
    called: Commitment
    day: str

    def sets(self) -> Mapping[str, Row]:
        return {row("milestone", self.milestone): {"name": self.called.digest, "day": self.day, "removed": False}}


@dataclass(frozen=True, slots=True, kw_only=True)
class MilestoneRemoved(Fact):
    """Nothing leads to it any more; tasks keep that they once did."""

    milestone: UUID

    def sets(self) -> Mapping[str, Row]:
        return {row("milestone", self.milestone): {"removed": True}}

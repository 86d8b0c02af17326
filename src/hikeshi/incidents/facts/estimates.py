"""How much work is left, as somebody judged it."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from hikeshi.incidents.facts.rows import OfIncident, row
from hikeshi.kernel.facts import JSON, Fact, Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimated(OfIncident, Fact):
    """``minutes`` of work left on the record beside its tasks; None: nobody knows any more."""

    incident: UUID
    minutes: int | None
    was: int | None = None

    def columns(self) -> dict[str, JSON]:
        return {"estimate": self.minutes}


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskEstimated(Fact):
    incident: UUID
    task: UUID
    minutes: int | None
    was: int | None = None

    def sets(self) -> Mapping[str, Row]:
        return {row("task", self.task): {"estimate": self.minutes}}

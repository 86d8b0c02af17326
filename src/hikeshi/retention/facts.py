"""What was decided about keeping data, and what was taken away. Counts only: what went is not told again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hikeshi.kernel.facts import Fact, Row


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodSet(Fact):
    """``days`` None: kept until somebody decides."""

    category: str
    days: int | None
    was: int | None

    def sets(self) -> Mapping[str, Row]:
        return {f"retention.period:{self.category}": {"days": self.days}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Purged(Fact):
    """One step: so many rows of the category whose time lay before ``before``, the oldest of them of ``oldest``."""

    category: str
    count: int
    days: int
    oldest: datetime
    before: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PurgePutOff(Fact):
    """The desk stood still or its clock leapt: nothing was deleted, and the run waits for people to look."""

    category: str
    seen_at: datetime
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldPlaced(Fact):
    """Nothing of what ``held`` names is deleted from now on."""

    hold: UUID
    held: str

    def sets(self) -> Mapping[str, Row]:
        return {f"retention.hold:{self.hold}": {"subject": self.held, "lifted": False}}


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldLifted(Fact):
    hold: UUID
    held: str

    def sets(self) -> Mapping[str, Row]:
        return {f"retention.hold:{self.hold}": {"lifted": True}}

"""What happened to calendars of others. Their addresses are secrets: a keyed digest stands for each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hikeshi.kernel.facts import Fact, Row


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarSubscribed(Fact):
    """Its events are turns of ``rota``, or absences of ``person``."""

    subscription: UUID
    rota: UUID | None
    person: UUID | None
    digest: str

    def sets(self) -> Mapping[str, Row]:
        said = {"rota": str(self.rota) if self.rota else None, "person": str(self.person) if self.person else None}
        return {f"oncall.subscription:{self.subscription}": {**said, "digest": self.digest}}


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarAskedFor(Fact):
    """Somebody wants it read at once."""

    subscription: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarRead(Fact):
    """It changed: so many times came, so many are gone. Each has a fact of its own."""

    subscription: UUID
    came: int
    gone: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarFailing(Fact):
    """For a day nobody could read it. ``why`` is a code."""

    subscription: UUID
    since: datetime
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriptionEnded(Fact):
    subscription: UUID
    gone: int

    def sets(self) -> Mapping[str, Row]:
        return {f"oncall.subscription:{self.subscription}": None}

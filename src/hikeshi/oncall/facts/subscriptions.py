"""What happened to calendars of others. Their addresses are secrets: a keyed digest stands for each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hikeshi.kernel.facts import Fact, Row


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarSubscribed(Fact):
    """Its events are turns of ``rota``, absences of ``person``, or holidays of the business calendar ``calendar``."""

    subscription: UUID
    rota: UUID | None
    person: UUID | None
    digest: str
    calendar: UUID | None = None

    def sets(self) -> Mapping[str, Row]:
        whose = {"rota": self.rota, "person": self.person, "calendar": self.calendar}
        said = {name: str(uuid) if uuid else None for name, uuid in whose.items()}
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

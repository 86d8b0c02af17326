"""What intake announces of known values and of what flaps. Values and reasons may name people: the ledger only commits
to them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hikeshi.kernel.facts import Commitment, Fact, Row


@dataclass(frozen=True, slots=True, kw_only=True)
class BenignListed(Fact):
    """Values are known to be harmless until then. ``content``: title, kind, values, reason."""

    entry: UUID
    organisation: UUID
    owner: str
    until: datetime
    content: Commitment

    def sets(self) -> Mapping[str, Row]:
        row: Row = {"over": False, "until": self.until.isoformat(), "owner": self.owner, "content": self.content.digest}
        return {f"intake.benign:{self.entry}": row}


@dataclass(frozen=True, slots=True, kw_only=True)
class BenignReviewed(Fact):
    """Somebody looked at the entry again, and lets it count until then."""

    entry: UUID
    until: datetime

    def sets(self) -> Mapping[str, Row]:
        return {f"intake.benign:{self.entry}": {"until": self.until.isoformat()}}


@dataclass(frozen=True, slots=True, kw_only=True)
class BenignEnded(Fact):
    """It counts no longer."""

    entry: UUID

    def sets(self) -> Mapping[str, Row]:
        return {f"intake.benign:{self.entry}": {"over": True}}


@dataclass(frozen=True, slots=True, kw_only=True)
class FlappingSet(Fact):
    """From how many changes of its state an alert counts as flapping; 0: never."""

    changes: int
    minutes: int

    def sets(self) -> Mapping[str, Row]:
        return {"intake.flapping:site": {"changes": self.changes, "minutes": self.minutes}}


@dataclass(frozen=True, slots=True, kw_only=True)
class NoiseReportSet(Fact):
    """Whether the noise of each week is sent."""

    on: bool

    def sets(self) -> Mapping[str, Row]:
        return {"intake.noise:site": {"on": self.on}}


@dataclass(frozen=True, slots=True, kw_only=True)
class FlappingSettled(Fact):
    """Alerts flap no longer: ``spoke`` still fired and were judged, ``settled`` were over."""

    spoke: int
    settled: int

"""What intake announces of silences. Their conditions and reasons may name people: the ledger only commits to them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hikeshi.intake.silences import Every
from hikeshi.kernel.facts import Commitment, Fact, Row


@dataclass(frozen=True, slots=True, kw_only=True)
class SilenceSet(Fact):
    """Alerts that match are held from now on, or from when it begins. ``content``: title, matchers, reason."""

    silence: UUID
    organisation: UUID
    owner: str
    starts_at: datetime
    ends_at: datetime
    every: Every
    until: datetime | None
    content: Commitment

    def sets(self) -> Mapping[str, Row]:
        return {f"intake.silence:{self.silence}": {"over": False, "owner": self.owner, "content": self.content.digest}}


@dataclass(frozen=True, slots=True, kw_only=True)
class SilenceEnded(Fact):
    """Somebody ended it before its time."""

    silence: UUID

    def sets(self) -> Mapping[str, Row]:
        return {f"intake.silence:{self.silence}": {"over": True}}


@dataclass(frozen=True, slots=True, kw_only=True)
class SilenceSpoke(Fact):
    """A window was over, and what it had held was looked at: ``spoke`` still fired and were judged, ``settled`` were
    over. ``last``: no further window comes.
    """

    silence: UUID
    spoke: int
    settled: int
    last: bool

    def sets(self) -> Mapping[str, Row]:
        return {f"intake.silence:{self.silence}": {"over": True}} if self.last else {}

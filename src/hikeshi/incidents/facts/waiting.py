"""The desk can do nothing for now, and whom or what it waits for."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hikeshi.incidents.codes import Waiting, WaitOver
from hikeshi.incidents.facts.rows import OfIncident, Said, stamp
from hikeshi.kernel.facts import JSON, Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitBegan(OfIncident, Fact):
    """``until``: when the wait ends by itself; None: when somebody says so."""

    incident: UUID
    waiting: Waiting
    until: datetime | None = None
    reason: Said | None = None

    def columns(self) -> dict[str, JSON]:
        return {"waiting": self.waiting, "waiting_until": stamp(self.until)}


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitEnded(OfIncident, Fact):
    incident: UUID
    waiting: Waiting
    over: WaitOver

    def columns(self) -> dict[str, JSON]:
        return {"waiting": "", "waiting_until": None}

"""What of ours is hit, and what that does to the urgency."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from hikeshi.incidents.facts.rows import OfIncident, Said, row, said
from hikeshi.incidents.matrix import PriorityReason
from hikeshi.kernel.facts import JSON, Fact, Row


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundAsset:
    """``link`` is our own row."""

    link: UUID
    asset: UUID
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetsFound(Fact):
    """Alerts named these assets."""

    incident: UUID
    items: tuple[FoundAsset, ...]
    count: int

    def sets(self) -> Mapping[str, Row]:
        whose: dict[str, JSON] = {"incident": str(self.incident), "removed": False}
        return {row("asset", one.link): {**whose, "asset": str(one.asset), "how": one.how} for one in self.items}


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetLinked(Fact):
    """A person says that this is hit."""

    incident: UUID
    link: UUID
    asset: UUID
    how: str
    reason: Said | None = None

    def sets(self) -> Mapping[str, Row]:
        columns: dict[str, JSON] = {"asset": str(self.asset), "how": self.how, "removed": False}
        return {row("asset", self.link): {"incident": str(self.incident), **columns}, **said(self.reason)}


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetUnlinked(Fact):
    """It is not hit after all."""

    incident: UUID
    link: UUID
    asset: UUID
    reason: Said

    def sets(self) -> Mapping[str, Row]:
        return {row("asset", self.link): {"removed": True}, **said(self.reason)}


@dataclass(frozen=True, slots=True, kw_only=True)
class UrgencyRaised(OfIncident, Fact):
    """By the written rule, since an asset of that criticality is hit."""

    incident: UUID
    urgency: int
    was: int
    priority: int
    priority_reason: PriorityReason
    matrix: int
    asset: UUID
    criticality: int

    def columns(self) -> dict[str, JSON]:
        return {
            "urgency": self.urgency,
            "priority": self.priority,
            "priority_reason": self.priority_reason,
            "matrix": self.matrix,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class UrgencyEased(OfIncident, Fact):
    """No asset asks for as much any more."""

    incident: UUID
    urgency: int
    was: int
    priority: int
    priority_reason: PriorityReason
    matrix: int

    def columns(self) -> dict[str, JSON]:
        return {
            "urgency": self.urgency,
            "priority": self.priority,
            "priority_reason": self.priority_reason,
            "matrix": self.matrix,
        }

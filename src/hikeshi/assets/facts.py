"""What happens to assets. Words stand here as commitments; what they are is in the rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from hikeshi.kernel.facts import JSON, Commitment, Fact, Row


def row(uuid: UUID) -> str:
    return f"assets.asset:{uuid}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """The asset as it now stands. ``details`` is one commitment to everything else that is said of it."""

    organisation: UUID
    kind: str
    criticality: int
    owner: str
    name: Commitment
    details: Commitment

    def columns(self) -> dict[str, JSON]:
        return {
            "organisation": str(self.organisation),
            "kind": self.kind,
            "criticality": self.criticality,
            "owner": self.owner,
            "name": self.name.digest,
            "details": self.details.digest,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetAdded(Fact):
    asset: UUID
    stated: Stated

    def sets(self) -> Mapping[str, Row]:
        return {row(self.asset): {**self.stated.columns(), "retired": False}}


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetChanged(Fact):
    """``fields`` names what became another."""

    asset: UUID
    stated: Stated
    fields: tuple[str, ...]
    criticality_was: int

    def sets(self) -> Mapping[str, Row]:
        return {row(self.asset): self.stated.columns()}


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetRetired(Fact):
    """No longer in use: nothing is matched to it any more. It stays where it was involved."""

    asset: UUID

    def sets(self) -> Mapping[str, Row]:
        return {row(self.asset): {"retired": True}}


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetTakenUp(Fact):
    """In use again."""

    asset: UUID

    def sets(self) -> Mapping[str, Row]:
        return {row(self.asset): {"retired": False}}


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetsImported(Fact):
    """A file was carried out: its SHA-256, and what came of its rows."""

    file: UUID
    digest: str
    rows: int
    added: int
    changed: int

"""What happened to the ways people and outside parties are reached by."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from hikeshi.kernel.facts import JSON, Commitment, Fact, Row


@dataclass(frozen=True, slots=True, kw_only=True)
class WayAdded(Fact):
    """``owner`` is ``person:<uuid>`` or ``party:<uuid>``."""

    way: UUID
    owner: str
    kind: str
    address: Commitment

    def sets(self) -> Mapping[str, Row]:
        columns: dict[str, JSON] = {"owner": self.owner, "kind": self.kind, "address": self.address.digest}
        return {f"accounts.way:{self.way}": {**columns, "trouble": ""}}


@dataclass(frozen=True, slots=True, kw_only=True)
class WayChanged(Fact):
    """Another address has neither the proof nor the trouble of the one before; ``anew`` says that it is another."""

    way: UUID
    address: Commitment
    anew: bool

    def sets(self) -> Mapping[str, Row]:
        trouble: dict[str, JSON] = {"trouble": ""} if self.anew else {}
        return {f"accounts.way:{self.way}": {"address": self.address.digest, **trouble}}


@dataclass(frozen=True, slots=True, kw_only=True)
class WayRemoved(Fact):
    way: UUID

    def sets(self) -> Mapping[str, Row]:
        return {f"accounts.way:{self.way}": None}


@dataclass(frozen=True, slots=True, kw_only=True)
class WayProven(Fact):
    way: UUID
    how: str

    def sets(self) -> Mapping[str, Row]:
        return {f"accounts.way:{self.way}": {"trouble": ""}}


@dataclass(frozen=True, slots=True, kw_only=True)
class WayDoubted(Fact):
    way: UUID
    why: str

    def sets(self) -> Mapping[str, Row]:
        return {f"accounts.way:{self.way}": {"trouble": self.why}}


@dataclass(frozen=True, slots=True, kw_only=True)
class WaysOrdered(Fact):
    """Which is tried first."""

    owner: str
    ways: tuple[UUID, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CardChanged(Fact):
    """What a person's entry says: ``said`` commits to what they are here for and when."""

    person: UUID
    deputy: UUID | None
    said: Commitment

    def sets(self) -> Mapping[str, Row]:
        deputy = str(self.deputy) if self.deputy else None
        return {f"accounts.card:{self.person}": {"deputy": deputy}}


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyAdded(Fact):
    party: UUID
    organisation: UUID
    under: UUID | None
    kind: str
    title: Commitment

    def sets(self) -> Mapping[str, Row]:
        columns: dict[str, JSON] = {
            "organisation": str(self.organisation),
            "under": str(self.under) if self.under else None,
            "kind": self.kind,
            "title": self.title.digest,
            "retired": False,
        }
        return {f"accounts.party:{self.party}": columns}


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyChanged(Fact):
    """``said`` commits to the contract and the notes."""

    party: UUID
    kind: str
    title: Commitment
    said: Commitment
    deputy: UUID | None
    keeper: UUID | None

    def sets(self) -> Mapping[str, Row]:
        return {f"accounts.party:{self.party}": {"kind": self.kind, "title": self.title.digest}}


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyRetired(Fact):
    party: UUID

    def sets(self) -> Mapping[str, Row]:
        return {f"accounts.party:{self.party}": {"retired": True}}


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyReinstated(Fact):
    party: UUID

    def sets(self) -> Mapping[str, Row]:
        return {f"accounts.party:{self.party}": {"retired": False}}


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponsibilitiesSet(Fact):
    """Who does what for the services shared with a party: ``said`` commits to the lines."""

    party: UUID
    lines: int
    said: Commitment


@dataclass(frozen=True, slots=True, kw_only=True)
class CallSheetSet(Fact):
    """``owners`` in the order to call."""

    organisation: UUID
    owners: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactRulesSet(Fact):
    stale_days: int
    check_days: int
    answer_hours: int
    country: str
    keeper: UUID | None

    def sets(self) -> Mapping[str, Row]:
        columns: dict[str, JSON] = {
            "stale_days": self.stale_days,
            "check_days": self.check_days,
            "answer_hours": self.answer_hours,
            "country": self.country,
            "keeper": str(self.keeper) if self.keeper else None,
        }
        return {"accounts.contact_rules:1": columns}


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffCompared(Fact):
    """Differences between a staff list and the directory were applied; each is told by facts of its own."""

    file: UUID
    digest: str
    rows: int
    applied: int
    refused: int

"""What happened to rotas and to who is on call. No name or typed text: commitments stand for them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from uuid import UUID

from hikeshi.kernel.facts import JSON, Commitment, Fact, Row


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


@dataclass(frozen=True, slots=True, kw_only=True)
class RotaSaved(Fact):
    """Added (version 1), changed or gone back to an older version. ``content`` commits to all that it says."""

    rota: UUID
    organisation: UUID
    number: int
    content: Commitment

    def sets(self) -> Mapping[str, Row]:
        columns: dict[str, JSON] = {"organisation": str(self.organisation), "content": self.content.digest}
        if self.number == 1:
            columns["retired"] = False
        return {f"oncall.rota:{self.rota}": columns}


@dataclass(frozen=True, slots=True, kw_only=True)
class RotaRetired(Fact):
    rota: UUID

    def sets(self) -> Mapping[str, Row]:
        return {f"oncall.rota:{self.rota}": {"retired": True}}


@dataclass(frozen=True, slots=True, kw_only=True)
class RotaTakenUp(Fact):
    rota: UUID

    def sets(self) -> Mapping[str, Row]:
        return {f"oncall.rota:{self.rota}": {"retired": False}}


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverSaid(Fact):
    """``person`` stands in the rota for this time."""

    cover: UUID
    rota: UUID
    person: UUID
    begins_at: datetime
    ends_at: datetime

    def sets(self) -> Mapping[str, Row]:
        columns: dict[str, JSON] = {
            "rota": str(self.rota),
            "person": str(self.person),
            "begins_at": _moment(self.begins_at),
            "ends_at": _moment(self.ends_at),
        }
        return {f"oncall.cover:{self.cover}": columns}


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverTakenBack(Fact):
    cover: UUID
    rota: UUID

    def sets(self) -> Mapping[str, Row]:
        return {f"oncall.cover:{self.cover}": None}


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsenceSaid(Fact):
    absence: UUID
    person: UUID
    begins_at: datetime
    ends_at: datetime
    substitute: UUID | None

    def sets(self) -> Mapping[str, Row]:
        columns: dict[str, JSON] = {
            "person": str(self.person),
            "begins_at": _moment(self.begins_at),
            "ends_at": _moment(self.ends_at),
            "substitute": str(self.substitute) if self.substitute else None,
        }
        return {f"oncall.absence:{self.absence}": columns}


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsenceTakenBack(Fact):
    absence: UUID
    person: UUID

    def sets(self) -> Mapping[str, Row]:
        return {f"oncall.absence:{self.absence}": None}


@dataclass(frozen=True, slots=True, kw_only=True)
class SwapAsked(Fact):
    """``asked`` is none where anybody of the rota may take it."""

    swap: UUID
    rota: UUID
    asker: UUID
    asked: UUID | None
    begins_at: datetime
    ends_at: datetime

    def sets(self) -> Mapping[str, Row]:
        columns: dict[str, JSON] = {
            "rota": str(self.rota),
            "asker": str(self.asker),
            "asked": str(self.asked) if self.asked else None,
            "state": "asked",
        }
        return {f"oncall.swap:{self.swap}": columns}


@dataclass(frozen=True, slots=True, kw_only=True)
class SwapAccepted(Fact):
    swap: UUID
    rota: UUID
    person: UUID

    def sets(self) -> Mapping[str, Row]:
        return {f"oncall.swap:{self.swap}": {"state": "accepted", "asked": str(self.person)}}


@dataclass(frozen=True, slots=True, kw_only=True)
class SwapDeclined(Fact):
    swap: UUID
    rota: UUID

    def sets(self) -> Mapping[str, Row]:
        return {f"oncall.swap:{self.swap}": {"state": "declined"}}


@dataclass(frozen=True, slots=True, kw_only=True)
class SwapWithdrawn(Fact):
    swap: UUID
    rota: UUID

    def sets(self) -> Mapping[str, Row]:
        return {f"oncall.swap:{self.swap}": {"state": "withdrawn"}}


@dataclass(frozen=True, slots=True, kw_only=True)
class SwapExpired(Fact):
    """Nobody had answered when the turn began: it is still who asked who has it."""

    swap: UUID
    rota: UUID

    def sets(self) -> Mapping[str, Row]:
        return {f"oncall.swap:{self.swap}": {"state": "expired"}}


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftsImported(Fact):
    """From a calendar file; each of them is a cover with a fact of its own."""

    rota: UUID
    digest: str
    shifts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedOpened(Fact):
    feed: UUID
    person: UUID
    rota: UUID | None
    digest: str

    def sets(self) -> Mapping[str, Row]:
        columns: dict[str, JSON] = {
            "person": str(self.person),
            "rota": str(self.rota) if self.rota else None,
            "digest": self.digest,
            "revoked": False,
        }
        return {f"oncall.feed:{self.feed}": columns}


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedRevoked(Fact):
    feed: UUID
    person: UUID

    def sets(self) -> Mapping[str, Row]:
        return {f"oncall.feed:{self.feed}": {"revoked": True}}


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyNoticeSet(Fact):
    """Hours before a duty; 0: they want to hear of none."""

    person: UUID
    hours: int


class Past(StrEnum):
    """What is deleted when its period is over, by the table it lies in."""

    COVER = "cover"
    SWAP = "swap"
    ABSENCE = "absence"
    FEED = "feed"


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyPurged(Fact):
    """Their period was over."""

    what: Past
    rows: tuple[UUID, ...]
    count: int

    def sets(self) -> Mapping[str, Row]:
        return {f"oncall.{self.what}:{row}": None for row in self.rows}

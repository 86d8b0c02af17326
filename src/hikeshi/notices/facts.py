"""What people outside the desk were told of an outage. The words lie in the rows; the ledger commits to them."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from hikeshi.kernel.facts import Commitment, Fact, Row


def _outage(uuid: UUID) -> str:
    return f"notices.outage:{uuid}"


def _news(uuid: UUID) -> str:
    return f"notices.news:{uuid}"


@dataclass(frozen=True, slots=True, kw_only=True)
class OutagePublished(Fact):
    """People see it from now on. ``news``: the first thing they read of it."""

    incident: UUID
    outage: UUID
    audience: str
    content: Commitment
    news: UUID
    text: Commitment

    def sets(self) -> Mapping[str, Row]:
        stands: Row = {
            "incident": str(self.incident),
            "audience": self.audience,
            "version": 1,
            "ended": "",
            "content": self.content.digest,
        }
        return {_outage(self.outage): stands, _news(self.news): {"text": self.text.digest}}


@dataclass(frozen=True, slots=True, kw_only=True)
class OutageUpdated(Fact):
    """People read something new of it."""

    incident: UUID
    outage: UUID
    audience: str
    number: int
    content: Commitment
    news: UUID
    text: Commitment

    def sets(self) -> Mapping[str, Row]:
        stands: Row = {"audience": self.audience, "version": self.number, "content": self.content.digest}
        return {_outage(self.outage): stands, _news(self.news): {"text": self.text.digest}}


@dataclass(frozen=True, slots=True, kw_only=True)
class OutageEnded(Fact):
    """It is over for those who were told of it. ``news``: what they read last, where somebody wrote it."""

    incident: UUID
    outage: UUID
    because: str
    news: UUID | None = None
    text: Commitment | None = None

    def sets(self) -> Mapping[str, Row]:
        told: dict[str, Row] = {}
        if self.news is not None and self.text is not None:
            told = {_news(self.news): {"text": self.text.digest}}
        return {_outage(self.outage): {"ended": self.because}, **told}


@dataclass(frozen=True, slots=True, kw_only=True)
class OutageSharedBy(Fact):
    """Somebody more has it; who, nobody is told. ``count``: how many they are now."""

    incident: UUID
    outage: UUID
    hit: UUID
    count: int

    def sets(self) -> Mapping[str, Row]:
        return {f"notices.hit:{self.hit}": {"outage": str(self.outage)}}


@dataclass(frozen=True, slots=True, kw_only=True)
class OutagesForgotten(Fact):
    """Their record was deleted, and they with it."""

    incident: UUID
    outages: tuple[UUID, ...]
    news: tuple[UUID, ...]
    hits: tuple[UUID, ...]

    def sets(self) -> Mapping[str, Row]:
        gone = [*map(_outage, self.outages), *map(_news, self.news), *(f"notices.hit:{one}" for one in self.hits)]
        return dict.fromkeys(gone)

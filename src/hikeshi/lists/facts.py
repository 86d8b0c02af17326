"""What was done with filters. Their names and words may be personal, so the ledger commits to them."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from hikeshi.kernel.facts import Commitment, Fact, Row
from hikeshi.lists.codes import Audience
from hikeshi.lists.together import Deed


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterSaved(Fact):
    """A version of a filter counts from now on. ``text``: the version's row."""

    saved: UUID
    number: int
    audience: Audience
    owner: str
    team: UUID | None
    text: UUID
    content: Commitment

    def sets(self) -> Mapping[str, Row]:
        whose = {"audience": self.audience.value, "owner": self.owner, "team": str(self.team) if self.team else ""}
        return {
            f"lists.saved:{self.saved}": {**whose, "newest": self.number, "removed": False},
            f"lists.version:{self.text}": {"number": self.number, "content": self.content.digest},
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterRemoved(Fact):
    """Nobody is offered it any more; what it said stays."""

    saved: UUID
    audience: Audience

    def sets(self) -> Mapping[str, Row]:
        return {f"lists.saved:{self.saved}": {"removed": True}}


@dataclass(frozen=True, slots=True)
class ColumnLimit:
    phase: str
    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnsLimited(Fact):
    """How many records a phase should hold on the board at most: every phase that has such a limit now."""

    limits: tuple[ColumnLimit, ...]
    count: int

    def sets(self) -> Mapping[str, Row]:
        return {"lists.board:phase": {"limits": {one.phase: one.most for one in self.limits}}}


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchBegun(Fact):
    """Somebody changes so many records in one go; what happens to each stands in its own timeline."""

    batch: UUID
    deed: Deed
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchUndone(Fact):
    """And takes it back, where nobody has gone on since."""

    batch: UUID
    deed: Deed

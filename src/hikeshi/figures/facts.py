"""What was done with boards of figures. Names may be personal, so the ledger commits to them."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from hikeshi.figures.audience import Audience
from hikeshi.kernel.facts import Commitment, Fact, Row


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardKept(Fact):
    """So it looks from now on."""

    board: UUID
    number: int
    audience: Audience
    owner: str
    content: Commitment

    def sets(self) -> Mapping[str, Row]:
        row = {"number": self.number, "audience": self.audience.value, "owner": self.owner}
        return {f"figures.board:{self.board}": {**row, "content": self.content.digest, "removed": False}}


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardRemoved(Fact):
    """Nobody is offered it any more."""

    board: UUID
    audience: Audience

    def sets(self) -> Mapping[str, Row]:
        return {f"figures.board:{self.board}": {"removed": True}}

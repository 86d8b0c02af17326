"""What intake announces of inhibitions. Their conditions and reasons may name people: the ledger only commits to
them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from hikeshi.kernel.facts import Commitment, Fact, Row


@dataclass(frozen=True, slots=True, kw_only=True)
class InhibitionSet(Fact):
    """From now on alerts of its target side are held while one of its source side fires. ``content``: title, both
    sides, equal names, reason. ``before``: the version it takes the place of.
    """

    inhibition: UUID
    organisation: UUID
    owner: str
    hours: int
    number: int
    before: UUID | None
    content: Commitment

    def sets(self) -> Mapping[str, Row]:
        row: Row = {"over": False, "owner": self.owner, "number": self.number, "content": self.content.digest}
        return {f"intake.inhibition:{self.inhibition}": row}


@dataclass(frozen=True, slots=True, kw_only=True)
class InhibitionEnded(Fact):
    """Somebody ended it, or put another version in its place."""

    inhibition: UUID

    def sets(self) -> Mapping[str, Row]:
        return {f"intake.inhibition:{self.inhibition}": {"over": True}}


@dataclass(frozen=True, slots=True, kw_only=True)
class InhibitionSpoke(Fact):
    """A source began or ended, and what it explains was looked at: ``held`` waited and do no longer, ``spoke`` still
    fired and were judged, ``settled`` were over.
    """

    inhibition: UUID
    held: int
    spoke: int
    settled: int

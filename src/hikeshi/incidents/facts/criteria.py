"""What happens to the criteria of a site."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from hikeshi.incidents.facts.rows import row
from hikeshi.kernel.facts import JSON, Commitment, Fact, Row


def _stands(fact: "CriteriaWritten | CriteriaReviewed") -> dict[str, Row]:
    keeping: dict[str, JSON] = {"owner": fact.owner, "review": fact.review, "newest": fact.number}
    return {row("criteria", fact.criteria): {"field": fact.criteria_of, **keeping}}


@dataclass(frozen=True, slots=True, kw_only=True)
class CriteriaWritten(Fact):
    """The criteria of a field say something new from now on. ``text`` is the version's row."""

    criteria: UUID
    criteria_of: str
    number: int
    owner: str
    review: str
    text: UUID
    content: Commitment

    def sets(self) -> Mapping[str, Row]:
        whose: dict[str, JSON] = {"criteria": str(self.criteria), "number": self.number}
        return {**_stands(self), row("criteria_version", self.text): {**whose, "content": self.content.digest}}


@dataclass(frozen=True, slots=True, kw_only=True)
class CriteriaReviewed(Fact):
    """Somebody looked at them and lets them stand until that day."""

    criteria: UUID
    criteria_of: str
    number: int
    owner: str
    review: str

    def sets(self) -> Mapping[str, Row]:
        return _stands(self)

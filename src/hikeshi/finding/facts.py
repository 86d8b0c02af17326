"""What was settled about finding. Nothing personal stands here."""

from collections.abc import Mapping
from dataclasses import dataclass

from hikeshi.kernel.facts import Fact, Row


@dataclass(frozen=True, slots=True, kw_only=True)
class SynonymsSet(Fact):
    """A version of the words that mean the same came into force. ``back_to``: the version it repeats."""

    number: int
    groups: int
    content: str
    back_to: int | None = None

    def sets(self) -> Mapping[str, Row]:
        return {f"finding.synonyms:{self.number}": {"content": self.content}}

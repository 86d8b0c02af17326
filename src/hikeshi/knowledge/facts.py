"""What was done with the answers to common questions. Their words are the site's own; the ledger commits to them."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from hikeshi.kernel.facts import Commitment, Fact, Row


def _answer(uuid: UUID) -> str:
    return f"knowledge.answer:{uuid}"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerWritten(Fact):
    """A version was saved; nobody reads it before it is published. ``text``: the version's row."""

    answer: UUID
    number: int
    text: UUID
    content: Commitment

    def sets(self) -> Mapping[str, Row]:
        version: Row = {"answer": str(self.answer), "number": self.number, "content": self.content.digest}
        return {_answer(self.answer): {"newest": self.number}, f"knowledge.version:{self.text}": version}


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerPublished(Fact):
    """From now on people read this version."""

    answer: UUID
    number: int

    def sets(self) -> Mapping[str, Row]:
        return {_answer(self.answer): {"published": self.number}}


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerWithdrawn(Fact):
    """Nobody reads it any more."""

    answer: UUID

    def sets(self) -> Mapping[str, Row]:
        return {_answer(self.answer): {"published": None}}


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerMarked(Fact):
    """A reader said whether it helped; who, nobody is told. ``was``: what they had said before."""

    answer: UUID
    reader: UUID
    mark: str
    was: str = ""

    def sets(self) -> Mapping[str, Row]:
        return {f"knowledge.mark:{self.reader}": {"answer": str(self.answer), "mark": self.mark}}

"""What intake announces of topics of Amazon SNS that may send here. Each fact carries how a topic stands after it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from hikeshi.kernel.facts import Fact, Row


class TopicState(StrEnum):
    WAITING = "waiting"  # may send; SNS has not asked yet
    ASKED = "asked"  # SNS asked whether it should, and the desk is about to say yes
    CONFIRMED = "confirmed"
    ENDED = "ended"  # somebody unsubscribed at SNS


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicAllowed(Fact):
    topic: UUID
    source: str
    arn: str
    organisation: UUID

    def sets(self) -> Mapping[str, Row]:
        whose = {"source": self.source, "arn": self.arn, "organisation": str(self.organisation)}
        return {f"intake.topic:{self.topic}": {**whose, "state": TopicState.WAITING.value}}


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicAsked(Fact):
    """SNS asked, signed, whether this topic should be sent here."""

    topic: UUID
    source: str
    arn: str

    def sets(self) -> Mapping[str, Row]:
        return {f"intake.topic:{self.topic}": {"state": TopicState.ASKED.value}}


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicConfirmed(Fact):
    """SNS took the desk's answer: the topic is sent here."""

    topic: UUID
    source: str
    arn: str

    def sets(self) -> Mapping[str, Row]:
        return {f"intake.topic:{self.topic}": {"state": TopicState.CONFIRMED.value}}


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicEnded(Fact):
    """SNS says that this topic is no longer sent here."""

    topic: UUID
    source: str
    arn: str

    def sets(self) -> Mapping[str, Row]:
        return {f"intake.topic:{self.topic}": {"state": TopicState.ENDED.value}}


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicRemoved(Fact):
    """The topic may no longer send here."""

    topic: UUID
    source: str
    arn: str

    def sets(self) -> Mapping[str, Row]:
        return {f"intake.topic:{self.topic}": None}

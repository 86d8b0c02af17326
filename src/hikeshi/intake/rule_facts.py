"""What intake announces of a site's rules. Each fact carries how the rule stands after it."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from hikeshi.intake.faulty import Fault
from hikeshi.intake.site_rules import RuleState
from hikeshi.kernel.facts import JSON, Commitment, Fact, Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """``live`` is the version that judges; 0 where the shipped rule does, or none."""

    rule: UUID
    state: RuleState
    live: int
    owner: str
    review: str

    def row(self, code: str) -> Mapping[str, Row]:
        columns: dict[str, JSON] = {"state": self.state.value, "live": self.live}
        return {
            f"intake.rule:{self.rule}": {"code": code, "owner": self.owner, "review": self.review, **columns},
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSaved(Fact):
    """A rule has a new version. It judges nothing by that alone. ``text`` is the version's row."""

    code: str
    number: int
    text: UUID
    content: Commitment
    stands: Standing

    def sets(self) -> Mapping[str, Row]:
        whose: dict[str, JSON] = {"rule": str(self.stands.rule), "number": self.number}
        return {
            **self.stands.row(self.code),
            f"intake.rule_version:{self.text}": {**whose, "content": self.content.digest},
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSwitchedOn(Fact):
    """Version ``number`` judges from now on; 0 is the shipped rule. Tried before on ``of`` alerts, it hit ``hits``."""

    code: str
    number: int
    hits: int
    of: int
    stands: Standing

    def sets(self) -> Mapping[str, Row]:
        return self.stands.row(self.code)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSwitchedOff(Fact):
    code: str
    stands: Standing

    def sets(self) -> Mapping[str, Row]:
        return self.stands.row(self.code)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleFailed(Fact):
    """The desk switched it off: it failed on an alert, or took too long over one. The others judge on."""

    code: str
    fault: Fault
    stands: Standing

    def sets(self) -> Mapping[str, Row]:
        return self.stands.row(self.code)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleReviewed(Fact):
    """Somebody looked at a rule and lets it stand until that day."""

    code: str
    review: str
    stands: Standing

    def sets(self) -> Mapping[str, Row]:
        return self.stands.row(self.code)

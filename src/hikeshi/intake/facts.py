"""What intake announces. Alert texts never stand here: a fact is for ever, an alert is not."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from hikeshi.intake.folding import Change
from hikeshi.intake.verdicts import Verdict
from hikeshi.kernel.facts import Commitment, Fact, Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Digested(Fact):
    """One batch of accepted bodies became alerts: the only fact that a folded, dropped or kept alert leaves."""

    receipts: int
    alerts: int
    new: int
    parked: int
    sources: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertJudged(Fact):
    """An alert calls for a case (``open``, ``attach``), or no longer does after it did (``keep``, ``drop``).

    ``attach`` names the open ``case`` it belongs to. Where ``case`` is empty, the case is the one that the alert
    ``beside`` opens or opened; its own AlertJudged stands earlier in the ledger. ``kind``, ``impact``, ``effect`` and
    ``urgency`` are the rule's, for a case that must be opened; ``opens``: a rule would have opened one for this alert
    too, these are its levels, and the case it joins is at least as grave. ``members`` are alerts that mean nothing
    alone and belong to the case with this one, unless another open case holds them. ``first_seen`` is when the thing
    was detected.
    """

    alert: UUID
    source: str
    fingerprint: str
    organisation: UUID
    severity: int
    change: Change
    verdict: Verdict
    rule: str
    rule_version: int
    kind: str
    impact: int
    effect: int
    urgency: int
    first_seen: datetime
    case: str = ""
    beside: UUID | None = None
    members: tuple[UUID, ...] = ()
    opens: bool = False

    def sets(self) -> Mapping[str, Row]:
        return {f"intake.alert:{self.alert}": {"verdict": self.verdict.value, "rule": self.rule}}


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertResolved(Fact):
    """The source says that an alert of a case is over. Recorded only for alerts that hold a case."""

    alert: UUID
    source: str
    case: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLinked(Fact):
    """These alerts now belong to this case."""

    alerts: tuple[UUID, ...]
    case: str

    def sets(self) -> Mapping[str, Row]:
        return {f"intake.alert:{alert}": {"case": self.case} for alert in self.alerts}


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictCorrected(Fact):
    """A person disagreed with a rule."""

    alert: UUID
    before: Verdict
    after: Verdict
    rule: str
    reason: Commitment

    def sets(self) -> Mapping[str, Row]:
        return {f"intake.alert:{self.alert}": {"verdict": self.after.value, "rule": "person"}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Parked(Fact):
    """A body, or one alert of it, could not be read and is kept aside with its error."""

    parked: UUID
    source: str
    error: str
    alerts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed(Fact):
    """What was kept aside could be read now, and is digested."""

    parked: UUID
    source: str
    alerts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ParkedDismissed(Fact):
    """A person decided that nothing is lost with what was kept aside."""

    parked: UUID
    source: str
    alerts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertsPurged(Fact):
    """Their period was over: the alerts went, with their bodies, corrections and secrets. Only those are named that a
    fact has spoken of.
    """

    alerts: tuple[UUID, ...]

    def sets(self) -> Mapping[str, Row]:
        return {f"intake.alert:{alert}": None for alert in self.alerts}

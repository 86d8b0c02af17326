"""Decisions that were asked for, and money."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hikeshi.incidents.codes import CostKind
from hikeshi.incidents.facts.rows import Said, row, said, stamp
from hikeshi.kernel.facts import JSON, Commitment, Fact, Row


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionAsked(Fact):
    """``content``: the question and the answers it can have. ``of``: whom, empty for whoever may decide."""

    incident: UUID
    decision: UUID
    content: Commitment
    of: str
    due_at: datetime | None

    def sets(self) -> Mapping[str, Row]:
        whole: dict[str, JSON] = {"incident": str(self.incident), "content": self.content.digest, "of": self.of}
        answer: dict[str, JSON] = {"choice": None, "why": None, "decided_by": "", "withdrawn": False}
        return {row("decision", self.decision): {**whole, "due_at": stamp(self.due_at), **answer}}


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionMade(Fact):
    """``number``: which of the answers, from 1 on."""

    incident: UUID
    decision: UUID
    number: int
    why: Commitment
    decided_by: str

    def sets(self) -> Mapping[str, Row]:
        columns: dict[str, JSON] = {"choice": self.number - 1, "why": self.why.digest, "decided_by": self.decided_by}
        return {row("decision", self.decision): columns}


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionWithdrawn(Fact):
    incident: UUID
    decision: UUID
    reason: Said

    def sets(self) -> Mapping[str, Row]:
        return {row("decision", self.decision): {"withdrawn": True}, **said(self.reason)}


@dataclass(frozen=True, slots=True, kw_only=True)
class CostSet(Fact):
    """``amount`` in ``currency``, written out. ``was``: the row this one corrects."""

    incident: UUID
    cost: UUID
    line: UUID
    kind: CostKind
    amount: str
    currency: str
    actual: bool
    note: Commitment
    was: UUID | None = None
    amount_was: str = ""
    reason: Said | None = None

    def sets(self) -> Mapping[str, Row]:
        whole: dict[str, JSON] = {
            "incident": str(self.incident),
            "line": str(self.line),
            "kind": self.kind.value,
            "amount": self.amount,
        }
        more: dict[str, JSON] = {
            "currency": self.currency,
            "actual": self.actual,
            "note": self.note.digest,
            "superseded": False,
        }
        before: dict[str, Row] = {row("cost", self.was): {"superseded": True}} if self.was is not None else {}
        return {row("cost", self.cost): {**whole, **more}, **before, **said(self.reason)}

"""Policies and calls for help. Names and reasons stand as commitments; people as references."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hikeshi.kernel.facts import JSON, Commitment, Fact, Row
from hikeshi.oncall.escalation import State, TargetKind


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicySet(Fact):
    """``content`` commits to all it says. ``kept``: as a version of its own, which it is since versions are kept."""

    policy: UUID
    number: int
    content: Commitment
    retired: bool = False
    kept: bool = False

    def sets(self) -> Mapping[str, Row]:
        said: dict[str, JSON] = {"content": self.content.digest, "retired": self.retired}
        found: dict[str, Row] = {f"oncall.policy:{self.policy}": {"version": self.number, **said}}
        if self.kept:
            found[f"oncall.policy_version:{self.policy}.{self.number}"] = said
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class PoliciesOrdered(Fact):
    policies: tuple[UUID, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutivesNamed(Fact):
    kind: TargetKind
    value: str

    def sets(self) -> Mapping[str, Row]:
        return {"oncall.executives:1": {"kind": self.kind.value, "value": self.value}}


@dataclass(frozen=True, slots=True, kw_only=True)
class _OfRun:
    """What every fact of a run says."""

    run: UUID
    state: State

    def sets(self) -> Mapping[str, Row]:
        return {f"oncall.run:{self.run}": {"state": self.state.value}}


@dataclass(frozen=True, slots=True, kw_only=True)
class RunBegan(_OfRun, Fact):
    """``policy``: its uuid, or the code of a shipped one; ``plan`` is the digest of the copied plan."""

    policy: str
    plan: str
    priority: int
    organisation: UUID

    def sets(self) -> Mapping[str, Row]:
        return {f"oncall.run:{self.run}": {"state": self.state.value, "plan": self.plan}}


@dataclass(frozen=True, slots=True, kw_only=True)
class StepTaken(_OfRun, Fact):
    """``first``: who was called first of ``count``. Nobody: ``trouble`` says why."""

    step: int
    round: int
    first: str
    count: int
    trouble: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NobodyReached(_OfRun, Fact):
    """A step called nobody, and the next comes at once."""

    step: int
    round: int
    trouble: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedInVain(_OfRun, Fact):
    """Somebody who was asked for by a person, not by a step, was not reached. ``who``: person or outside party."""

    who: str
    trouble: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledged(_OfRun, Fact):
    person: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerTimedOut(_OfRun, Fact):
    """The record is still open long after the answer: everybody is called again."""

    person: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOver(_OfRun, Fact):
    """``to``: the person; empty: whoever is next."""

    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpAsked(_OfRun, Fact):
    to: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CalledAgain(_OfRun, Fact):
    """Somebody had everybody called again from the first step on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RanOut(_OfRun, Fact):
    """Nobody is left to call. ``reached``: how many were called; none of them answered."""

    reached: int
    trouble: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStopped(_OfRun, Fact):
    """``why``: closed, replaced, withdrawn."""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeverityAsked(Fact):
    """A step asks for at least this priority; whoever keeps the record decides."""

    run: UUID
    priority: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutivesAsked(Fact):
    """The executives are told. ``first`` of ``count``."""

    run: UUID
    first: str
    count: int
    people: tuple[str, ...]

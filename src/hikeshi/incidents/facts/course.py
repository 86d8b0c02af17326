"""What happens on the course: phases and gates."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hikeshi.incidents.codes import PhaseState
from hikeshi.incidents.facts.rows import Said, row, said, stamp
from hikeshi.incidents.gates import At
from hikeshi.kernel.facts import JSON, Fact, Row


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseStarted(Fact):
    """``at`` is when it first started; a phase started again keeps it."""

    incident: UUID
    uuid: UUID
    phase: str
    at: datetime
    again: bool = False

    def sets(self) -> Mapping[str, Row]:
        columns: dict[str, JSON] = {"code": self.phase, "state": "open", "in_course": True}
        return {row("phase", self.uuid): {**columns, "started_at": stamp(self.at), "ended_at": None}}


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseEnded(Fact):
    incident: UUID
    uuid: UUID
    phase: str
    at: datetime

    def sets(self) -> Mapping[str, Row]:
        return {row("phase", self.uuid): {"state": "done", "ended_at": stamp(self.at)}}


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseReturned(Fact):
    """Put back to pending because the record went back to an earlier phase."""

    incident: UUID
    uuid: UUID
    phase: str
    back_to: str

    def sets(self) -> Mapping[str, Row]:
        return {row("phase", self.uuid): {"state": "pending", "ended_at": None}}


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseSkipped(Fact):
    incident: UUID
    uuid: UUID
    phase: str
    reason: Said | None = None

    def sets(self) -> Mapping[str, Row]:
        return {row("phase", self.uuid): {"state": "skipped"}, **said(self.reason)}


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseAssigned(Fact):
    incident: UUID
    uuid: UUID
    phase: str
    owner: str

    def sets(self) -> Mapping[str, Row]:
        return {row("phase", self.uuid): {"owner": self.owner}}


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseRow:
    uuid: UUID
    code: str
    state: PhaseState
    in_course: bool = True
    started_at: datetime | None = None
    ended_at: datetime | None = None

    def columns(self) -> dict[str, JSON]:
        times = {"started_at": stamp(self.started_at), "ended_at": stamp(self.ended_at)}
        return {"code": self.code, "state": self.state, "in_course": self.in_course, **times}


@dataclass(frozen=True, slots=True, kw_only=True)
class GateRow:
    uuid: UUID
    code: str
    at: At
    phase: str
    asked_by: str
    withdrawn: bool = False

    def columns(self) -> dict[str, JSON]:
        columns: dict[str, JSON] = {"code": self.code, "at": self.at, "phase": self.phase, "asked_by": self.asked_by}
        return {**columns, "withdrawn": self.withdrawn}


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseTaken(Fact):
    """The record follows this course: its phases as they now stand, those of a course it left, and its gates."""

    incident: UUID
    course: str
    phases: tuple[PhaseRow, ...]
    gates: tuple[GateRow, ...]
    course_version: int = 0

    def sets(self) -> Mapping[str, Row]:
        whose = {"incident": str(self.incident)}
        phases = {row("phase", one.uuid): {**whose, **one.columns()} for one in self.phases}
        own: dict[str, Row] = {row("incident", self.incident): {"course_version": self.course_version}}
        return {**own, **phases, **{row("gate", one.uuid): {**whose, **one.columns()} for one in self.gates}}


@dataclass(frozen=True, slots=True, kw_only=True)
class GateAsked(Fact):
    """Somebody asks that this holds: the course, or a domain above (a playbook, a duty, a review)."""

    incident: UUID
    gate: UUID
    code: str
    at: At
    phase: str
    asked_by: str

    def sets(self) -> Mapping[str, Row]:
        columns: dict[str, JSON] = {"code": self.code, "at": self.at, "phase": self.phase, "asked_by": self.asked_by}
        return {row("gate", self.gate): {"incident": str(self.incident), **columns, "withdrawn": False}}


@dataclass(frozen=True, slots=True, kw_only=True)
class GateConfirmed(Fact):
    """One person's word. ``needed``: how many different people it takes."""

    incident: UUID
    gate: UUID
    confirmation: UUID
    code: str
    person: str
    given: int
    needed: int
    note: Said | None = None

    def sets(self) -> Mapping[str, Row]:
        columns: dict[str, JSON] = {"person": self.person, "void": False}
        return {row("confirmation", self.confirmation): columns, **said(self.note)}


@dataclass(frozen=True, slots=True, kw_only=True)
class GateMet(Fact):
    incident: UUID
    gate: UUID
    code: str

    def sets(self) -> Mapping[str, Row]:
        return {row("gate", self.gate): {"met": True}}


@dataclass(frozen=True, slots=True, kw_only=True)
class GateOverridden(Fact):
    incident: UUID
    gate: UUID
    code: str
    person: str
    reason: Said

    def sets(self) -> Mapping[str, Row]:
        return {row("gate", self.gate): {"overridden_by": self.person}, **said(self.reason)}


@dataclass(frozen=True, slots=True, kw_only=True)
class GateReset(Fact):
    """The record went back behind the gate: what was confirmed must be confirmed again."""

    incident: UUID
    gate: UUID
    code: str
    met: bool = False
    confirmations: tuple[UUID, ...] = ()

    def sets(self) -> Mapping[str, Row]:
        voided: dict[str, Row] = {row("confirmation", one): {"void": True} for one in self.confirmations}
        return {row("gate", self.gate): {"met": self.met, "overridden_by": ""}, **voided}

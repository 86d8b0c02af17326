"""What happens to the record itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from hikeshi.incidents.codes import RecordClass, Tlp
from hikeshi.incidents.facts.rows import OfIncident, Said, row, said
from hikeshi.incidents.matrix import PriorityReason
from hikeshi.kernel.facts import JSON, Commitment, Fact, Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened(Fact):
    """``alert``: the alert whose judgement opened it, and by which ``rule``; neither when a person did."""

    incident: UUID
    ref: str
    title: Commitment
    description: Commitment
    kind: str
    course: str
    record_class: RecordClass
    impact: int
    effect: int
    urgency: int
    priority: int
    priority_reason: PriorityReason
    matrix: int
    organisation: UUID
    phase: str
    world: str
    opened_by: str
    alert: UUID | None = None
    rule: str = ""

    def sets(self) -> Mapping[str, Row]:
        return {
            row("incident", self.incident): {
                "ref": self.ref,
                "title": self.title.digest,
                "description": self.description.digest,
                "kind": self.kind,
                "course": self.course,
                "record_class": self.record_class,
                "impact": self.impact,
                "effect": self.effect,
                "urgency": self.urgency,
                "priority": self.priority,
                "priority_reason": self.priority_reason,
                "matrix": self.matrix,
                "organisation": str(self.organisation),
                "world": self.world,
                "opened_by": self.opened_by,
                "status": "open",
                "owner": "",
                "restricted": False,
                "tlp": "amber",
                "resolution": None,
                "reopened": 0,
                "waiting": "",
                "waiting_until": None,
                "estimate": None,
                "merged_into": "",
                "parent": "",
                "split_from": "",
            }
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited(Fact):
    """Title or description rewritten; what stood before is kept as a passage."""

    incident: UUID
    title: Commitment | None = None
    title_was: Said | None = None
    description: Commitment | None = None
    description_was: Said | None = None

    def sets(self) -> Mapping[str, Row]:
        new = {"title": self.title, "description": self.description}
        columns: dict[str, JSON] = {name: text.digest for name, text in new.items() if text is not None}
        return {row("incident", self.incident): columns, **said(self.title_was, self.description_was)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Classified(OfIncident, Fact):
    incident: UUID
    record_class: RecordClass
    was: RecordClass
    reason: Said | None = None

    def columns(self) -> dict[str, JSON]:
        return {"record_class": self.record_class}


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared(OfIncident, Fact):
    """Decided to be an incident, or an accident, when it was less before."""

    incident: UUID
    record_class: RecordClass
    was: RecordClass
    reason: Said | None = None

    def columns(self) -> dict[str, JSON]:
        return {"record_class": self.record_class}


@dataclass(frozen=True, slots=True, kw_only=True)
class KindChanged(OfIncident, Fact):
    incident: UUID
    kind: str
    was: str
    course: str
    course_was: str
    reason: Said | None = None

    def columns(self) -> dict[str, JSON]:
        return {"kind": self.kind, "course": self.course}


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorityChanged(OfIncident, Fact):
    incident: UUID
    impact: int
    effect: int
    urgency: int
    priority: int
    was: int
    priority_reason: PriorityReason
    matrix: int
    reason: Said | None = None

    def columns(self) -> dict[str, JSON]:
        return {
            "impact": self.impact,
            "effect": self.effect,
            "urgency": self.urgency,
            "priority": self.priority,
            "priority_reason": self.priority_reason,
            "matrix": self.matrix,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Assigned(OfIncident, Fact):
    incident: UUID
    owner: str
    was: str = ""

    def columns(self) -> dict[str, JSON]:
        return {"owner": self.owner}


@dataclass(frozen=True, slots=True, kw_only=True)
class Unassigned(OfIncident, Fact):
    incident: UUID
    was: str

    def columns(self) -> dict[str, JSON]:
        return {"owner": ""}


@dataclass(frozen=True, slots=True, kw_only=True)
class TlpSet(OfIncident, Fact):
    incident: UUID
    tlp: Tlp
    was: Tlp

    def columns(self) -> dict[str, JSON]:
        return {"tlp": self.tlp}


@dataclass(frozen=True, slots=True, kw_only=True)
class Restricted(OfIncident, Fact):
    incident: UUID
    reason: Said | None = None

    def columns(self) -> dict[str, JSON]:
        return {"restricted": True}


@dataclass(frozen=True, slots=True, kw_only=True)
class Unrestricted(OfIncident, Fact):
    incident: UUID
    reason: Said | None = None

    def columns(self) -> dict[str, JSON]:
        return {"restricted": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved(OfIncident, Fact):
    """No phase of the course is left."""

    incident: UUID

    def columns(self) -> dict[str, JSON]:
        return {"status": "resolved"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed(OfIncident, Fact):
    incident: UUID
    record_class: RecordClass
    resolution: Commitment

    def columns(self) -> dict[str, JSON]:
        return {"status": "closed", "record_class": self.record_class, "resolution": self.resolution.digest}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopened(OfIncident, Fact):
    incident: UUID
    times: int
    phase: str
    reason: Said | None = None
    resolution_was: Said | None = None

    def columns(self) -> dict[str, JSON]:
        return {"status": "open", "reopened": self.times, "resolution": None}

    def sets(self) -> dict[str, Row]:
        return {row("incident", self.incident): self.columns(), **said(self.reason, self.resolution_was)}

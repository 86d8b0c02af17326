"""What happens to the parts of a record: people, tasks, facts sheet, times, notes, traces, alerts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hikeshi.incidents.codes import Certainty, MomentKind, MomentSource
from hikeshi.incidents.facts.rows import Said, row, said, stamp
from hikeshi.kernel.facts import JSON, Commitment, Fact, Row


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteWritten(Fact):
    incident: UUID
    note: UUID
    text: Commitment
    author: str

    def sets(self) -> Mapping[str, Row]:
        columns = {"incident": str(self.incident), "text": self.text.digest, "author": self.author}
        return {row("note", self.note): columns}


UNPLANNED: dict[str, JSON] = {"start_at": None, "after": [], "milestone": ""}


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskAdded(Fact):
    incident: UUID
    task: UUID
    title: Commitment
    owner: str
    due_at: datetime | None
    phase: str

    def sets(self) -> Mapping[str, Row]:
        columns = {"owner": self.owner, "due_at": stamp(self.due_at), "phase": self.phase, "done": False}
        whole = {"incident": str(self.incident), "title": self.title.digest, "estimate": None, **UNPLANNED, **columns}
        return {row("task", self.task): whole}


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskAssigned(Fact):
    """Owner and due time as they now are."""

    incident: UUID
    task: UUID
    owner: str
    due_at: datetime | None

    def sets(self) -> Mapping[str, Row]:
        return {row("task", self.task): {"owner": self.owner, "due_at": stamp(self.due_at)}}


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskFinished(Fact):
    incident: UUID
    task: UUID

    def sets(self) -> Mapping[str, Row]:
        return {row("task", self.task): {"done": True}}


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskReopened(Fact):
    incident: UUID
    task: UUID

    def sets(self) -> Mapping[str, Row]:
        return {row("task", self.task): {"done": False}}


@dataclass(frozen=True, slots=True, kw_only=True)
class FactStated(Fact):
    """An item of the facts sheet; what stood there before is kept as a passage."""

    incident: UUID
    item: UUID
    key: str
    value: Commitment
    certainty: Certainty
    was: Said | None = None

    def sets(self) -> Mapping[str, Row]:
        columns: dict[str, JSON] = {"key": self.key, "value": self.value.digest, "certainty": self.certainty}
        return {row("fact", self.item): {"incident": str(self.incident), **columns}, **said(self.was)}


def _moment_rows(fact: "MomentSet | MomentMarked") -> dict[str, Row]:
    columns: dict[str, JSON] = {"kind": fact.kind, "at": stamp(fact.at), "source": fact.source}
    now: Row = {"incident": str(fact.incident), **columns, "estimated": fact.estimated, "superseded": False}
    before: dict[str, Row] = {} if fact.supersedes is None else {row("moment", fact.supersedes): {"superseded": True}}
    return {row("moment", fact.moment): now, **before}


@dataclass(frozen=True, slots=True, kw_only=True)
class MomentSet(Fact):
    """Somebody says when it was, and which earlier value that supersedes."""

    incident: UUID
    moment: UUID
    kind: MomentKind
    at: datetime
    source: MomentSource
    estimated: bool = False
    supersedes: UUID | None = None
    was: datetime | None = None
    reason: Said | None = None

    def sets(self) -> Mapping[str, Row]:
        return {**_moment_rows(self), **said(self.reason)}


@dataclass(frozen=True, slots=True, kw_only=True)
class MomentMarked(Fact):
    """A time that another act set by itself: a phase ended, the record was closed."""

    incident: UUID
    moment: UUID
    kind: MomentKind
    at: datetime
    source: MomentSource
    estimated: bool = False
    supersedes: UUID | None = None

    def sets(self) -> Mapping[str, Row]:
        return _moment_rows(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipantAdded(Fact):
    incident: UUID
    participant: UUID
    person: str
    role: str

    def sets(self) -> Mapping[str, Row]:
        columns: dict[str, JSON] = {"person": self.person, "role": self.role, "until": None}
        return {row("participant", self.participant): {"incident": str(self.incident), **columns}}


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipantRemoved(Fact):
    incident: UUID
    participant: UUID
    person: str
    role: str

    def sets(self) -> Mapping[str, Row]:
        return {row("participant", self.participant): None}


@dataclass(frozen=True, slots=True, kw_only=True)
class GlassBroken(Fact):
    """Somebody who is no member looks into a restricted incident, with a reason, until then. Its members are told."""

    incident: UUID
    participant: UUID
    person: str
    role: str
    until: datetime
    reason: Said

    def sets(self) -> Mapping[str, Row]:
        columns: dict[str, JSON] = {"person": self.person, "role": self.role, "until": stamp(self.until)}
        whole: Row = {"incident": str(self.incident), **columns}
        return {row("participant", self.participant): whole, **said(self.reason)}


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertsAttached(Fact):
    """``rows`` are our own rows, one per alert, in the same order."""

    incident: UUID
    alerts: tuple[UUID, ...]
    rows: tuple[UUID, ...]
    count: int

    def sets(self) -> Mapping[str, Row]:
        pairs = zip(self.rows, self.alerts, strict=True)
        return {row("alert", one): {"alert": str(alert), "incident": str(self.incident)} for one, alert in pairs}


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One observable or asset; its value may be a person's."""

    uuid: UUID
    type: str
    value: Commitment
    asset: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservablesFound(Fact):
    incident: UUID
    items: tuple[Seen, ...]
    count: int

    def sets(self) -> Mapping[str, Row]:
        whose: dict[str, JSON] = {"incident": str(self.incident)}
        return {
            row("observable", one.uuid): {**whose, "type": one.type, "value": one.value.digest, "asset": one.asset}
            for one in self.items
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkAdded(Fact):
    incident: UUID
    link: UUID
    url: Commitment
    title: Commitment

    def sets(self) -> Mapping[str, Row]:
        columns: dict[str, JSON] = {"url": self.url.digest, "title": self.title.digest, "removed": False}
        return {row("link", self.link): {"incident": str(self.incident), **columns}}


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkRemoved(Fact):
    incident: UUID
    link: UUID

    def sets(self) -> Mapping[str, Row]:
        return {row("link", self.link): {"removed": True}}


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixSet(Fact):
    """A new priority matrix is in force."""

    matrix: UUID
    number: int
    preset: str
    grid: tuple[tuple[int, ...], ...]

    def sets(self) -> Mapping[str, Row]:
        return {row("matrix", self.matrix): {"number": self.number, "grid": [list(line) for line in self.grid]}}


@dataclass(frozen=True, slots=True, kw_only=True)
class VocabularySet(Fact):
    """Kinds, courses or words of levels have a new version; ``content`` is its digest."""

    vocabulary: UUID
    subject: str
    number: int
    deed: str
    about: str
    content: str

    def sets(self) -> Mapping[str, Row]:
        columns: dict[str, JSON] = {"subject": self.subject, "number": self.number, "content": self.content}
        return {row("vocabulary", self.vocabulary): columns}

"""What is answered about an incident, read from the rows and from the room."""

from collections.abc import Iterable
from typing import Annotated
from uuid import UUID

from pydantic import BeforeValidator, Field

from hikeshi.api.accounts.schemas import PersonBrief
from hikeshi.api.shapes import Listed, Output, Time, uuid_of
from hikeshi.incidents.queries import Held, Kin, Room


def _ref(record: object) -> object:
    return getattr(record, "ref", record)


def _refs(records: Iterable[object]) -> list[object]:
    return [_ref(one) for one in records]


class Incident(Output):
    ref: str
    uuid: UUID
    title: str
    description: str
    record_class: str = Field(serialization_alias="class")
    suspected: bool = Field(description="A rule opened it, and no person has said yet what it is.")
    kind: str
    course: str
    impact: int
    effect: int
    urgency: int
    urgency_asked: int = Field(description="What was said; `urgency` is higher where an asset that is hit raised it.")
    priority: int
    priority_reason: str
    status: str
    phase: str = Field(description="The furthest open phase, or the last one.")
    owner: PersonBrief | None
    organisation: Annotated[UUID, BeforeValidator(uuid_of)]
    restricted: bool
    tlp: str
    world: str
    waiting: str = Field(description="What it waits for; empty: nothing.")
    waiting_since: Time | None
    waiting_until: Time | None
    estimate: int | None = Field(description="Minutes of work left beside its tasks; null: not known.")
    resolution: str
    reopened: int
    merged: bool = Field(validation_alias="is_merged", description="A part of another now; its room says of which.")
    opened_at: Time
    updated_at: Time
    version: int


class Incidents(Listed[Incident]):
    pass


class Phase(Output):
    code: str
    state: str
    beside: bool
    started_at: Time | None
    ended_at: Time | None
    owner: PersonBrief | None
    can_start: bool
    can_finish: bool
    can_skip: bool
    missing: list[str] = Field(description="Gates that would be unmet.")


class Gate(Output):
    code: str
    at: str
    phase: str
    holds: bool
    overridden_by: str
    confirmed_by: list[str]
    needed: int = Field(description="How many different people must confirm it.")
    asked_by: str
    can_confirm: bool


class Task(Output):
    uuid: UUID
    title: str
    owner: PersonBrief | None
    due_at: Time | None
    done_at: Time | None
    phase: str
    estimate: int | None = Field(description="Minutes of work left; null: not known.")
    start_at: Time | None
    after: list[UUID] = Field(description="Tasks that are to be done before.")
    milestone: UUID | None
    version: int


class Tasks(Listed[Task]):
    pass


class FactItem(Output):
    key: str
    value: str
    certainty: str | None = Field(description="Null is a gap: nobody has said anything.")
    version: int
    set_by: str
    set_at: Time | None


class SheetLine(FactItem):
    group: str
    derived: bool = Field(description="Answered by the record itself.")


class Completeness(Output):
    known: int
    unknown: int
    total: int
    percent: int
    gaps: list[str]


class Sheet(Output):
    items: list[SheetLine]
    completeness: Completeness


class Moment(Output):
    kind: str
    at: Time | None
    source: str
    estimated: bool
    set_by: str
    set_at: Time | None


class MomentLine(Moment):
    before: list[Moment] = Field(description="Earlier values, oldest first.")


class Oddity(Output):
    """Times that cannot be right together."""

    kind: str
    oddity: str
    other: str | None


class Moments(Output):
    items: list[MomentLine]
    oddities: list[Oddity]


class Participant(Output):
    uuid: UUID
    person: PersonBrief
    role: str
    added_at: Time
    until: Time | None


class Participants(Listed[Participant]):
    pass


class Choices(Listed[PersonBrief]):
    pass


class Observable(Output):
    type: str
    value: str
    asset: bool
    tlp: str
    first_seen: Time


class Link(Output):
    uuid: UUID
    url: str
    title: str
    added_at: Time


class Links(Listed[Link]):
    pass


class Note(Output):
    uuid: UUID
    text: str
    at: Time


class TimelineLine(Output):
    number: int
    at: Time
    actor: str
    actor_name: str
    kind: str
    fact: str
    sentence: str = Field(description="In the reader's language.")
    detail: str = Field(description="People's own words.")
    was: str = Field(description="What it replaced.")
    markdown: bool


class Timeline(Listed[TimelineLine]):
    pass


class May(Output):
    work: bool
    command: bool


class IncidentWhole(Incident):
    """The record with everything its room shows."""

    class_by: str
    phases: list[Phase]
    gates: list[Gate]
    closing: list[str] = Field(description="What closing it now would find missing.")
    tasks: list[Task]
    facts: list[SheetLine]
    completeness: Completeness
    moments: list[MomentLine]
    oddities: list[Oddity]
    people: list[Participant]
    assets: list[Observable]
    observables: list[Observable] = Field(description="The first 200.")
    observables_total: int
    links: list[Link]
    alerts: list[UUID] = Field(description="The newest 500.")
    readings: dict[str, str] = Field(description="The phase in the words of other frameworks.")
    merged_into: str | None = Field(description="Where work goes on; null also where that is hidden from you.")
    merged_here: list[str] = Field(description="Records that were merged into this one.")
    parent: str | None = Field(description="The record it stands under.")
    children: list[str] = Field(description="The first of those that stand under it.")
    children_total: int
    may: May


_PARTS = ("phases", "gates", "closing", "tasks", "completeness", "moments", "oddities", "people", "assets")
_MORE_PARTS = ("observables", "observables_total", "links", "readings", "class_by")


def whole_record(room: Room, alerts: Held) -> IncidentWhole:
    """The room, its own record's fields on top level."""
    parts = {name: getattr(room, name) for name in (*_PARTS, *_MORE_PARTS)}
    may = {"work": room.may_work, "command": room.may_command}
    record = Incident.model_validate(room.incident).model_dump()
    record["is_merged"] = record.pop("merged")
    parts |= _kin(room.kin)
    return IncidentWhole.model_validate({**record, **parts, "facts": room.sheet, "alerts": alerts.newest, "may": may})


def _kin(found: Kin) -> dict[str, object]:
    return {
        "merged_into": found.merged_into.ref if found.merged_into else None,
        "merged_here": [one.ref for one in found.merged],
        "parent": found.parent.ref if found.parent else None,
        "children": [one.ref for one in found.children],
        "children_total": found.total,
    }


class Joining(Output):
    person: PersonBrief
    role: str


class Together(Output):
    """What answering all and closing all would reach."""

    answered: int
    closing: int


class Done(Output):
    """``left``: those it could not be done for, since a gate is unmet."""

    done: int
    left: list[str]


class MergePreview(Output):
    """What merging would do."""

    into: Annotated[str, BeforeValidator(_ref)]
    alerts: list[UUID] = Field(description="Go over.")
    tasks: list[Task] = Field(description="Open ones; they go over.")
    joins: list[Joining] = Field(description="Come to the one that goes on.")
    let_in: list[Joining] = Field(description="See the merged one from then on.")
    left_out: list[PersonBrief] = Field(description="May not look at the one that goes on, and stay behind.")
    owner: PersonBrief | None = Field(description="Who gets the one that goes on, where nobody has it.")
    priority: int = Field(description="Of the one that goes on, afterwards.")
    calls: str = Field(description="`none`, `stop`, `move` or `answer`.")
    restricts: Annotated[list[str], BeforeValidator(_refs)] = Field(
        validation_alias="hides", description="Those that become restricted."
    )


class Label(Output):
    code: str
    label: str = Field(description="In the reader's language.")


class Kind(Label):
    ja: str
    en: str
    hint_ja: str
    hint_en: str
    course: str
    rsit: str = Field(description="ENISA's reference taxonomy: classification/type.")
    veris: str
    retired: bool


class Kinds(Listed[Kind]):
    pass


class PhaseOf(Label):
    like: str = Field(description="Of a site's own phase: the shipped one it is read as.")
    role: str = Field(description="Who owns it when it starts.")


class GateOf(Label):
    at: str
    phase: str
    check: str | None
    people: int
    classes: list[str]


class Course(Label):
    phases: list[PhaseOf]
    beside: list[Label]
    gates: list[GateOf]
    retired: bool


class Courses(Listed[Course]):
    pass


class Reading(Label):
    words: list[Label]
    phases: dict[str, str] = Field(description="Each phase's word.")


class Readings(Listed[Reading]):
    pass


Grid = Annotated[
    list[list[int]],
    Field(description="Nine rows (impact 1 with effect 1, 2, 3, then impact 2 ...) by urgency, the highest first."),
]


class Preset(Label):
    origin: str
    grid: Grid


class Matrix(Output):
    number: int = Field(description="0 is the shipped one.")
    preset: str
    grid: Grid
    presets: list[Preset]


class File(Output):
    uuid: UUID
    name: str
    size: int
    sha256: str
    added_by: str
    added_at: Time
    same: bool = Field(description="Another file of this record has exactly these bytes.")
    given: bool = Field(description="Whether its bytes can be had.")
    damaged_at: Time | None = Field(description="Since when it is known not to be what was attached.")
    removed_at: Time | None
    removed_by: str
    removed_because: str


class Files(Listed[File]):
    pass

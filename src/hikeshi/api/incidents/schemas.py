"""What is sent about an incident. Names are those of the verbs' parameters."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from hikeshi.api.shapes import Code, Input, Line, Reason, Text, Time
from hikeshi.incidents.codes import Certainty, RecordClass, Tlp, Waiting

Level = Annotated[int, Field(ge=1, le=3, strict=True, description="1 is the highest.")]
Priority = Annotated[int, Field(ge=1, le=5, strict=True)]
Version = Annotated[
    int | None, Field(ge=0, le=2_000_000_000, strict=True, description="The version you read; see Saving.")
]
Class = Annotated[RecordClass, Field(alias="class")]


class IncidentNew(Input):
    title: Line
    kind: Code
    impact: Level
    effect: Level | None = Field(default=None, description="As widely as `impact` if left out.")
    urgency: Level
    description: Text = ""
    record_class: RecordClass | None = Field(default=None, alias="class")
    organisation: UUID | None = Field(default=None, description="Your own if left out.")
    alerts: list[UUID] = Field(default=[], max_length=500, description="Alerts it holds from the start.")


class IncidentChange(Input):
    """What is left out stays. ``priority`` is by hand and needs the reason; so does ``class``."""

    title: Line | None = None
    description: Text | None = None
    kind: Code | None = None
    record_class: RecordClass | None = Field(default=None, alias="class")
    impact: Level | None = None
    effect: Level | None = None
    urgency: Level | None = None
    priority: Priority | None = None
    tlp: Tlp | None = None
    reason: Reason = ""
    version: Version = None


class Move(Input):
    phase: Code
    keep_open: bool = Field(default=False, strict=True, description="Open phases stay open beside it.")
    override_reason: Reason = Field(default="", description="Passes gates that are unmet, and is recorded.")
    version: Version = None


class Assign(Input):
    owner: Line | None = Field(description="A user name, a uuid, `me`; null for nobody.")
    free: bool = Field(False, description="Only while nobody has it; else it is refused (`taken_already`).")
    version: Version = None


class NoteNew(Input):
    text: Text = Field(description="Markdown.")


class Close(Input):
    resolution: Text
    record_class: Class
    override_reason: Reason = Field(default="", description="Passes gates that are unmet, and is recorded.")
    version: Version = None


class Merge(Input):
    into: Line = Field(description="The record that goes on.")
    reason: Reason = ""


class Unmerge(Input):
    reason: Reason = ""


class Split(Input):
    """At least one alert, task or note."""

    title: Line
    alerts: list[UUID] = Field(default=[], max_length=500, description="Go over.")
    tasks: list[UUID] = Field(default=[], max_length=500, description="Go over.")
    notes: list[UUID] = Field(default=[], max_length=500, description="Are copied.")
    kind: Code = Field(default="", description="That of the record it comes from, if left out.")
    reason: Reason = ""


class ChildrenNew(Input):
    children: list[Line] = Field(min_length=1, max_length=500, description="References of records to stand under it.")


class AnswerAll(Input):
    text: Text
    nonce: Line = Field(description="Yours; each reporter gets the message of one nonce once. 16 characters or more.")


class Because(Input):
    """An act that needs its reason."""

    reason: Reason


class Wait(Input):
    waiting: Waiting
    until: Time | None = Field(default=None, description="The wait ends by itself then. A planned time needs it.")
    reason: Reason = ""
    version: Version = None


class Reopen(Because):
    version: Version = None


class Classify(Input):
    record_class: Class
    reason: Reason
    version: Version = None


class FinishPhase(Input):
    override_reason: Reason = ""


class PhaseOwner(Input):
    owner: Line | None


class TaskNew(Input):
    title: Line
    owner: Line | None = None
    due_at: Time | None = None
    phase: Code = ""


class TaskAssign(Input):
    owner: Line | None
    due_at: Time | None = None
    version: Version = None


class TaskPlan(Input):
    """The whole plan: what is left out is taken away."""

    start_at: Time | None = None
    due_at: Time | None = None
    after: list[UUID] = Field(default=[], max_length=20, description="Tasks of the same incident to be done before.")
    milestone: UUID | None = None
    version: Version = None


class MilestoneNew(Input):
    name: Annotated[str, Field(min_length=1, max_length=100)]
    day: date


class MilestoneChange(MilestoneNew):
    version: Version = None


class Estimate(Input):
    minutes: int | None = Field(ge=0, le=120_000, strict=True, description="Minutes of work left; null: not known.")
    version: Version = None


class ParticipantNew(Input):
    person: Line = Field(description="A user name or a uuid.")
    role: Code


class FactNew(Input):
    value: Text = ""
    certainty: Certainty = Certainty.CONFIRMED
    version: Version = Field(default=None, description="The item's own; 0 where nothing stood yet.")


class MomentNew(Input):
    at: Time
    reason: Reason = Field(default="", description="A correction needs it.")
    estimated: bool = Field(default=False, strict=True)


class LinkNew(Input):
    url: Line
    title: Line = ""


class AlertsNew(Input):
    alerts: list[UUID] = Field(min_length=1, max_length=500)


class Confirm(Input):
    note: Reason = ""


class MatrixNew(Input):
    """One of the two."""

    preset: Code = ""
    grid: Annotated[list[list[Priority | None]], Field(max_length=9)] | None = Field(
        default=None,
        description="Nine rows (impact 1 with effect 1, 2, 3, then impact 2 ...) by urgency, the highest level first; "
        "three rows count the worse of impact and effect.",
    )
    version: int | None = Field(default=None, description="The number of the matrix that was read.")


class FileRemove(Input):
    reason: Reason

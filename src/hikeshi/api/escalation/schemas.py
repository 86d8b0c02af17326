from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from hikeshi.api.shapes import Code, Input, Line, Listed, Output, Text, Time
from hikeshi.oncall.actions import PolicyDraft
from hikeshi.oncall.drafts import StepDraft
from hikeshi.oncall.escalation import Closed, TargetKind


class Step(Input):
    after: int = Field(default=0, ge=0, le=10_080, description="Minutes after the step before.")
    kind: TargetKind
    value: Line = Field(
        default="",
        description="`person:<uuid>`, `party:<uuid>`, the uuid of a rota or team, a role's code, or a priority.",
    )
    hours: Code = Field(default="", description="Empty: always; `business`, `outside`, or `09:00-18:00`.")
    closed: Closed = Closed.WAIT
    anyway: bool = Field(default=False, strict=True, description="Told even when somebody has answered.")


class StepShown(Output):
    after: int
    kind: TargetKind
    value: str
    hours: str
    closed: Closed
    anyway: bool


class Policy(Input):
    name: Line
    steps: list[Step] = Field(max_length=20)
    priorities: list[int] = Field(default=[], max_length=5)
    kinds: list[Code] = Field(default=[], max_length=200)
    organisation: UUID | None = None
    hours: Code = ""
    repeats: int = Field(default=0, description="Rounds after the first; 1 means two in all.")
    patience: int = Field(default=10, description="Minutes after the last step of a round.")
    timeout: int | None = Field(default=None, description="Minutes an answer holds; null: for good.")
    follow: UUID | None = Field(default=None, description="The policy that goes on where this one ends.")
    why_ja: Text = ""
    why_en: Text = ""
    version: int | None = None
    why: Annotated[str, StringConstraints(max_length=500)] = Field(
        default="", description="Why it changes; kept with the version, and without meaning for a new policy."
    )

    def draft(self) -> PolicyDraft:
        said = self.model_dump(exclude={"version", "why", "steps", "priorities", "kinds"})
        steps = tuple(StepDraft(**one.model_dump()) for one in self.steps)
        return PolicyDraft(**said, steps=steps, priorities=tuple(self.priorities), kinds=tuple(self.kinds))


class PolicyTerms(Output):
    """What one version said."""

    name: str
    steps: list[StepShown]
    priorities: list[int]
    kinds: list[str]
    organisation: UUID | None
    hours: str
    repeats: int
    patience: int
    timeout: int | None
    follow: UUID | None
    why_ja: str
    why_en: str


class PolicyShown(PolicyTerms):
    uuid: UUID
    place: int
    retired: bool
    version: int


class Policies(Listed[PolicyShown]):
    pass


class PolicyVersion(Output):
    number: int
    why: str
    made_by: str
    at: Time | None
    terms: PolicyTerms


class PolicyVersions(Listed[PolicyVersion]):
    pass


class PolicyComparison(Output):
    before: PolicyVersion
    after: PolicyVersion
    changed: list[str] = Field(description="Names of the terms that differ.")


class Order(Input):
    policies: list[UUID] = Field(max_length=1_000)


class Executives(Input):
    kind: TargetKind
    value: Line
    version: int | None = None


class ExecutivesShown(Output):
    kind: TargetKind
    value: str
    version: int


class WayTaken(Output):
    ref: str
    kind: str
    label: str
    proven_at: Time | None
    trouble: str


class Reached(Output):
    name: str
    instead_of: str
    ways: list[WayTaken]
    trouble: str = Field(description="Empty, or why they would not be reached.")
    away: bool = Field(description="They said that they are away, and would be called: nobody else is left.")


class Turn(Output):
    at: Time
    round: int
    step: int
    kind: TargetKind
    value: str
    anyway: bool
    skipped: bool
    people: list[Reached]


class Tried(Output):
    policy: str = Field(description="A uuid, the code of one that came with the desk, or empty: nobody is called.")
    name: str
    reached: bool
    ends_at: Time | None
    turns: list[Turn]


class CallShown(Output):
    at: Time
    how: str
    owner: str
    name: str
    instead_of: str
    step: int
    round: int
    trouble: str


class Calling(Output):
    """``state`` none: no help was called for."""

    state: str
    policy: str = ""
    name: str = ""
    trouble: str = ""
    began_at: Time | None = None
    answered_by: str = ""
    answered_at: Time | None = None
    next_at: Time | None = None
    called: int = 0
    reached: int = 0
    calls: list[CallShown] = []


class Whom(Input):
    to: Code = Field(default="", description="`person:<uuid>`; empty: whoever is next.")


class Helped(Output):
    called: int

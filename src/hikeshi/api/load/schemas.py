"""How much people carry, and the rules that give records to them, as the API says it."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from hikeshi.api.shapes import Code, Input, Line, Listed, Output, Text, Time
from hikeshi.load.codes import Mark, Passed, Shift

Minutes = Annotated[int | None, Field(ge=0, le=10_080, strict=True)]
Codes = Annotated[list[Code], Field(max_length=200)]


class Who(Output):
    uuid: UUID
    username: str
    name: str


class Load(Output):
    person: Who
    open: int = Field(description="Open records of theirs, seen by you or not.")
    hidden: int = Field(description="How many of them you may not see.")
    by_priority: list[int] = Field(description="Of those you see, for priorities 1 to 5.")
    overdue: int
    waiting: int
    tasks: int = Field(description="Open tasks of theirs, and of nobody in their records.")
    remaining: int = Field(description="Minutes of work left, as it was estimated.")
    unestimated: int = Field(description="Open records without an estimate.")
    capacity: int = Field(description="Minutes of working time in the next seven days, less absences.")
    percent: int | None = Field(description="Work against time; null: no time, and something to do.")
    duty_minutes: int = Field(description="On call in this week.")
    night_calls: int = Field(description="Calls of this week between 22:00 and 06:00 where they are.")
    shift_until: Time | None
    away_until: Time | None
    oldest: Time | None = Field(description="When the record you see that nobody touched for longest was touched last.")
    skills: list[str]
    marks: list[Mark] = Field(description="Why the queue needs a look.")


class Unowned(Output):
    by_priority: list[int]
    overdue: int
    waiting: int


class Loads(Listed[Load]):
    unowned: Unowned = Field(description="Open records of nobody.")


class Profile(Output):
    person: UUID
    weekly: int | None = Field(description="Minutes of work in a week; null: as their calendar says.")
    skills: list[str]
    version: int


class ProfileChange(Input):
    weekly: Minutes
    skills: Codes
    version: int | None = None


class HandOver(Input):
    refs: list[Code] = Field(min_length=1, max_length=100)
    owner: Line = Field(description="A user name or a uuid.")
    note: Text = ""


class HandedOver(Output):
    refs: list[str]


class Skill(Output):
    code: str
    name: str


class Skills(Listed[Skill]):
    pass


class SkillNames(Input):
    names: list[Line] = Field(max_length=100)


class LoadLimits(Input):
    most_open: int | None = Field(ge=1, le=10_000, strict=True)
    percent: int | None = Field(ge=1, le=10_000, strict=True)
    idle_hours: int | None = Field(ge=1, le=2_000, strict=True)


class AssignmentRuleNew(Input):
    name: Line
    team: Code = Field(default="", description="By uuid. One of team and rota.")
    rota: Code = ""
    to_priority: int = Field(default=5, ge=1, le=5, strict=True, description="From 1 down to this one.")
    classes: Codes = []
    kinds: Codes = []
    organisations: Codes = Field(default=[], description="By uuid; what lies below is meant as well.")
    assets: Codes = []
    skills: Codes = Field(default=[], description="Codes; all of them are asked.")
    shift: Shift = Shift.REQUIRED


class RuleChange(AssignmentRuleNew):
    version: int | None = None


class AssignmentRule(Output):
    code: str
    version: int
    on: bool
    name: str
    team: str
    rota: str
    to_priority: int
    classes: list[str]
    kinds: list[str]
    organisations: list[str]
    assets: list[str]
    skills: list[str]
    shift: Shift


class AssignmentRules(Listed[AssignmentRule]):
    automatic: bool = Field(description="Whether they act by themselves when a record is opened.")


class RuleOrder(Input):
    codes: list[Code] = Field(max_length=50)


class PassedOver(Output):
    person: Who
    why: Passed


class Closest(Output):
    person: Who
    missing: list[Passed] = Field(description="All that stands against them.")
    open: int


class Fitting(Output):
    person: Who
    open: int
    remaining: int
    shift_until: Time | None


class Proposal(Output):
    """``fitting``: who would get it first, the others in order."""

    rule: str | None = Field(description="The code of the rule; null: none is meant for this record.")
    fitting: list[Fitting]
    passed: list[PassedOver]
    turn: bool = Field(description="Others carry no more than the first; it is their turn.")
    closest: Closest | None = Field(default=None, description="Where nobody fits: who comes nearest.")

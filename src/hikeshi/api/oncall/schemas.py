from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import BeforeValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from hikeshi.api.accounts.schemas import PersonBrief
from hikeshi.api.shapes import Code, Input, Line, Listed, Output, Text, Time, uuid_of
from hikeshi.oncall.ical import MOST_BYTES
from hikeshi.oncall.queries.duty import Swap as SwapRow
from hikeshi.oncall.queries.duty import Watch as DutyWatch
from hikeshi.oncall.queries.duty import state_of
from hikeshi.oncall.queries.noticing import MOST
from hikeshi.oncall.queries.shifts import Meant
from hikeshi.oncall.terms import MOST_EVERY, MOST_LAYERS, MOST_PEOPLE, LayerTerms, Promised
from hikeshi.oncall.terms import Promise as PromiseTerms
from hikeshi.oncall.turns import Holidays, Unit


def _wall(value: object) -> datetime:
    """A time on a wall: without a zone, since the layer has one."""
    fault = PydanticCustomError("not_a_time", "not a time")
    if isinstance(value, datetime):
        return value
    try:
        found = datetime.fromisoformat(value if isinstance(value, str) else "")
    except ValueError as error:
        raise fault from error
    if found.tzinfo is not None:
        raise fault
    return found


Wall = Annotated[datetime, BeforeValidator(_wall)]
"""As `2026-11-21T09:00`, on the clock of the layer's zone."""
Hours = Annotated[str, StringConstraints(max_length=200)]


class Layer(Input):
    """A layer covers those before it while it holds."""

    name: Line = ""
    zone: Code
    begins: Wall = Field(description="The first hand-over, on the clock of `zone`: `2026-11-21T09:00`.")
    ends: Wall | None = None
    people: list[UUID] = Field(default_factory=list, max_length=MOST_PEOPLE, description="In turn.")
    every: int = Field(default=1, ge=1, le=MOST_EVERY, strict=True)
    unit: Unit = Unit.WEEK
    week: list[Hours] = Field(
        default_factory=list, max_length=7, description="Seven lines, Monday first; none: always."
    )
    holidays: Holidays = Holidays.ALIKE
    calendar: UUID | None = Field(default=None, description="Whose holidays; null: the organisation's.")

    def terms(self) -> LayerTerms:
        said = self.model_dump()
        return LayerTerms(**{**said, "people": tuple(self.people), "week": tuple(self.week)})


class Promise(Input):
    """When somebody has to be there. A gap is an hour of these without anybody."""

    kind: Promised = Promised.ALWAYS
    week: list[Hours] = Field(
        default_factory=list, max_length=7, description="Of `hours`: seven lines, Monday first, in the rota's zone."
    )
    calendar: UUID | None = Field(default=None, description="Of `opening`: whose hours; null: the organisation's.")

    def terms(self) -> PromiseTerms:
        return PromiseTerms(self.kind, tuple(self.week), self.calendar)


class PromiseShown(Output):
    kind: Promised
    week: list[str]
    calendar: UUID | None


class LayerShown(Output):
    name: str
    zone: str
    begins: str
    ends: str | None
    people: list[UUID]
    every: int
    unit: Unit
    week: list[str]
    holidays: Holidays
    calendar: UUID | None

    @classmethod
    def of(cls, said: LayerTerms) -> Self:
        return cls(
            name=said.name,
            zone=said.zone,
            begins=f"{said.begins:%Y-%m-%dT%H:%M}",
            ends=f"{said.ends:%Y-%m-%dT%H:%M}" if said.ends else None,
            people=list(said.people),
            every=said.every,
            unit=said.unit,
            week=list(said.week),
            holidays=said.holidays,
            calendar=said.calendar,
        )


class RotaEdit(Input):
    name: Line
    time_zone: Code
    layers: list[Layer] = Field(default_factory=list, max_length=MOST_LAYERS)
    note: Text = ""
    promise: Promise = Field(default_factory=Promise)
    why: Line = ""
    version: int | None = Field(default=None, description="The one you read.")


class RotaNew(Input):
    organisation: UUID
    name: Line
    time_zone: Code
    layers: list[Layer] = Field(default_factory=list, max_length=MOST_LAYERS)
    note: Text = ""
    promise: Promise = Field(default_factory=Promise)


class RotaBrief(Output):
    uuid: UUID
    name: str
    organisation: Annotated[UUID, BeforeValidator(uuid_of)]
    time_zone: str
    note: str
    version: int
    retired_at: Time | None


class Rota(RotaBrief):
    layers: list[LayerShown]
    promise: PromiseShown


class Rotas(Listed[RotaBrief]):
    pass


class Someone(Output):
    uuid: UUID
    name: str


class Watch(Output):
    """`person` is null where nobody is there; `instead` is who it would have been."""

    begin: Time
    end: Time
    person: Someone | None
    instead: Someone | None
    why: str = Field(
        description="`turn`, `cover`, `substitute`; in a gap `uncovered`, `empty`, `absent`, `gone`; "
        "`closed` where the rota promises nobody, which is no gap."
    )

    @classmethod
    def of(cls, watch: DutyWatch, names: Mapping[str, str]) -> Self:
        return cls(
            begin=watch.begin,
            end=watch.end,
            person=_someone(watch.person, names),
            instead=_someone(watch.instead, names),
            why=watch.why,
        )


def _someone(ref: str, names: Mapping[str, str]) -> Someone | None:
    return Someone(uuid=UUID(ref.removeprefix("person:")), name=names.get(ref, "")) if ref else None


class OnCall(Output):
    rota: RotaBrief
    now: Watch
    next: Watch | None


class OnCallNow(Listed[OnCall]):
    pass


class Watches(Listed[Watch]):
    pass


class Overlap(Output):
    """Two put in at once in this rota, the later one counts; or one person wanted in another rota too."""

    begin: Time
    end: Time
    people: list[Someone]
    rotas: list[UUID]


class Lacks(Output):
    gaps: list[Watch]
    clashes: list[Overlap]
    doubles: list[Overlap]


class Share(Output):
    person: Someone
    hours: float
    nights: int = Field(description="Nights (22:00 to 05:00) with any part on call.")
    weekend_days: int
    holidays: int = Field(description="Of the organisation's calendar, weekends not counted.")
    deviation: float = Field(description="Hours more than the mean of the rota.")


class Shares(Listed[Share]):
    pass


class CoverNew(Input):
    person: UUID | None = Field(default=None, description="Null: yourself.")
    begins_at: Time
    ends_at: Time
    reason: Line = ""


class Cover(Output):
    uuid: UUID
    person: PersonBrief
    begins_at: Time
    ends_at: Time
    reason: str


class Covers(Listed[Cover]):
    pass


class SwapNew(Input):
    begins_at: Time
    ends_at: Time
    asked: UUID | None = Field(default=None, description="Null: whoever of the rota takes it first.")
    back_begins_at: Time | None = None
    back_ends_at: Time | None = None
    note: Line = ""


class Swap(Output):
    uuid: UUID
    rota: Annotated[UUID, BeforeValidator(uuid_of)]
    asker: PersonBrief
    asked: PersonBrief | None
    begins_at: Time
    ends_at: Time
    back_begins_at: Time | None
    back_ends_at: Time | None
    note: str
    state: Literal["asked", "accepted", "declined", "withdrawn", "expired"]
    asked_at: Time
    expires_at: Time

    @classmethod
    def of(cls, row: SwapRow) -> Self:
        """One whose turn has begun unanswered is expired, whether or not the desk has said so yet."""
        said = cls.model_validate(row)
        return said.model_copy(update={"state": state_of(row).value})


class Swaps(Listed[Swap]):
    pass


class AbsenceNew(Input):
    begins_at: Time
    ends_at: Time
    person: UUID | None = Field(default=None, description="Null: yourself.")
    substitute: UUID | None = None


class Absence(Output):
    uuid: UUID
    person: PersonBrief
    begins_at: Time
    ends_at: Time
    substitute: PersonBrief | None


class Absences(Listed[Absence]):
    pass


class Feed(Output):
    """An address at which a calendar program reads a rota. `hint`: how its secret ends."""

    uuid: UUID
    hint: str
    made_at: Time


class Feeds(Listed[Feed]):
    pass


class FeedMade(Feed):
    path: str = Field(description="On this site. It holds the secret and is shown this once.")


class CalendarFile(Input):
    content: str = Field(min_length=1, max_length=MOST_BYTES, description="The file (RFC 5545), 1 MB at most.")
    look: bool = Field(default=False, description="True: only say what would be put in.")


class Shift(Output):
    begin: Time
    end: Time
    title: str


class MeantShift(Shift):
    person: Someone

    @classmethod
    def of(cls, one: Meant) -> Self:
        said = Shift.model_validate(one.shift).model_dump()
        return cls(**said, person=Someone(uuid=one.person.uuid, name=one.person.name))


class Imported(Output):
    """`meant` are shifts of people who can be on call here, `strange` those that name nobody or more than one. `made`:
    how many were put in; what stood there already is not put in twice.
    """

    meant: list[MeantShift]
    strange: list[Shift]
    made: int


class CalendarNew(Input):
    """With `rota` its events are turns there, with `calendar` holidays of that business calendar, with `person`
    absences of that person, with none of them your own.
    """

    address: str = Field(min_length=1, max_length=2_000, description="`https://…` or `webcal://…`; never shown again.")
    rota: UUID | None = None
    person: UUID | None = None
    calendar: UUID | None = None
    containing: str = Field(
        default="",
        max_length=100,
        description="Only events whose title has these words; of holidays also those whose description begins so.",
    )


class SubscribedCalendar(Output):
    """`hint`: the host of the address and how it ends. `taken`: events in force; `aside`: those that name nobody here
    or more than one. `fault`: why it cannot be read, empty while it can; what it said last still counts.
    """

    uuid: UUID
    rota: Annotated[UUID | None, BeforeValidator(uuid_of)]
    person: Annotated[UUID | None, BeforeValidator(uuid_of)]
    calendar: UUID | None
    hint: str
    containing: str
    made_at: Time
    due_at: Time
    read_at: Time | None
    tried_at: Time | None
    fault: str
    failing_since: Time | None
    taken: int
    aside: int


class SubscribedCalendars(Listed[SubscribedCalendar]):
    pass


class Notice(Output):
    """Hours before a duty begins that you are told of it; 0: not at all."""

    hours: int
    version: int


class NoticeEdit(Input):
    hours: int = Field(ge=0, le=MOST, strict=True)
    version: int | None = Field(default=None, description="The one you read.")

"""Business hours."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import Field

from hikeshi.accounts import actions
from hikeshi.accounts import queries as accounts
from hikeshi.api.accounts.schemas import Organisation
from hikeshi.api.callers import Request
from hikeshi.api.shapes import Code, Input, Line, Listed, Output, Text, Time, whole
from hikeshi.calendars import working
from hikeshi.kernel import clock
from hikeshi.kernel.refusals import Invalid

router = Router(tags=["calendars"], by_alias=True)
MOST_MINUTES = 60 * 24 * 366


class CalendarWhole(Input):
    """Hours as `09:00-12:00, 13:00-18:00`; `22:00-06:00` runs into the next day; empty is closed."""

    name: Line
    time_zone: Code
    hours: list[Line] = Field(min_length=7, max_length=7, description="Monday first.")
    country: Code = Field(default="", description="Whose public holidays are kept; empty: none.")
    closings: Text = Field(default="", description="A line each: `12-29..01-03 New Year`, `2026-08-13 Summer`.")
    specials: Text = Field(default="", description="A line each: `2026-12-28 09:00-12:00 Half a day`.")


class CalendarEdit(CalendarWhole):
    version: int | None = None


class Calendar(Output):
    uuid: UUID
    name: str
    time_zone: str
    hours: list[str]
    country: str
    closings: str
    specials: str
    published: str = Field(description="Holidays that calendars of others say, a line each.")
    version: int
    changed_at: Time


class Calendars(Listed[Calendar]):
    pass


class CalendarChoice(Input):
    calendar: UUID | None = Field(description="Null: that of the organisation above.")


class Due(Output):
    start: Time
    minutes: int
    open: bool = Field(description="Whether the place is open at `start`.")
    due: Time


@router.get("/calendars", response=Calendars, summary="Calendars of business hours")
def list_calendars(request: Request) -> Calendars:
    return whole(Calendars, list(accounts.calendars(request.auth)))


@router.post("/calendars", response={201: Calendar}, summary="Add a calendar")
def add_calendar(request: Request, new: CalendarWhole, response: HttpResponse) -> Calendar:
    made = actions.add_calendar(by=request.auth, **new.model_dump())
    response["Location"] = f"/api/v1/calendars/{made.uuid}"
    return Calendar.model_validate(made)


@router.get("/calendars/{uuid}", response=Calendar, summary="One calendar")
def show_calendar(request: Request, uuid: UUID) -> Calendar:
    return Calendar.model_validate(accounts.calendar(request.auth, uuid))


@router.put("/calendars/{uuid}", response=Calendar, summary="Its hours and days; what runs already keeps its due times")
def edit_calendar(request: Request, uuid: UUID, whole: CalendarEdit) -> Calendar:
    return Calendar.model_validate(actions.edit_calendar(by=request.auth, calendar=uuid, **whole.model_dump()))


@router.delete("/calendars/{uuid}", response={204: None}, summary="Remove a calendar nobody keeps")
def remove_calendar(request: Request, uuid: UUID) -> None:
    actions.remove_calendar(by=request.auth, calendar=uuid)


@router.put("/organisations/{uuid}/calendar", response=Organisation, summary="Whose hours count there and below")
def choose_calendar(request: Request, uuid: UUID, choice: CalendarChoice) -> Organisation:
    actions.choose_calendar(by=request.auth, organisation=uuid, calendar=choice.calendar)
    return Organisation.model_validate(accounts.organisation(request.auth, uuid))


Minutes = Annotated[int, Query(..., ge=0, le=MOST_MINUTES, description="Minutes of business time.")]


@router.get("/organisations/{uuid}/due", response=Due, summary="When so much business time will have passed there")
def show_due(request: Request, uuid: UUID, minutes: Minutes, start: Time | None = None) -> Due:
    counted = accounts.calendar_of(accounts.organisation(request.auth, uuid))
    begins = start or clock.now()
    if not 1970 <= begins.year < working.LAST_YEAR:
        raise Invalid("start", "not_plausible")
    try:
        due = working.add_business_time(counted, begins, timedelta(minutes=minutes))
    except working.NeverOpen as error:
        raise Invalid("start", "never_opens") from error
    return Due(start=begins, minutes=minutes, open=working.is_open(counted, begins), due=due)

"""Calendars of others that the desk reads at their addresses; when you hear of your duty."""

from uuid import UUID

from ninja import Router

from hikeshi.api.callers import Request
from hikeshi.api.oncall import schemas
from hikeshi.api.shapes import whole
from hikeshi.oncall import actions
from hikeshi.oncall.permissions import Verb
from hikeshi.oncall.queries import noticing, subscriptions

router = Router(tags=["on call"], by_alias=True)


@router.get("/duty_calendars", response=schemas.SubscribedCalendars, summary="Calendars read at their addresses")
def list_subscribed_calendars(request: Request) -> schemas.SubscribedCalendars:
    return whole(schemas.SubscribedCalendars, list(subscriptions.subscriptions(request.auth)))


@router.post("/duty_calendars", response={201: schemas.SubscribedCalendar}, summary="Read a calendar from now on")
def subscribe_calendar(request: Request, new: schemas.CalendarNew) -> schemas.SubscribedCalendar:
    made = actions.subscribe_calendar(by=request.auth, **new.model_dump())
    return schemas.SubscribedCalendar.model_validate(made)


@router.post("/duty_calendars/{uuid}/read", response=schemas.SubscribedCalendar, summary="Read it at once")
def read_calendar(request: Request, uuid: UUID) -> schemas.SubscribedCalendar:
    return schemas.SubscribedCalendar.model_validate(actions.read_calendar(by=request.auth, subscription=uuid))


@router.delete("/duty_calendars/{uuid}", response={204: None}, summary="Stop, and take back what it says of the future")
def end_subscription(request: Request, uuid: UUID) -> None:
    actions.end_subscription(by=request.auth, subscription=uuid)


@router.get("/oncall/notice", response=schemas.Notice, summary="How long before your duty you hear of it")
def show_notice(request: Request) -> schemas.Notice:
    request.auth.must(Verb.VIEW)
    hours, version = noticing.of_mine(request.auth)
    return schemas.Notice(hours=hours, version=version)


@router.put("/oncall/notice", response=schemas.Notice, summary="Choose how long before your duty you hear of it")
def set_notice(request: Request, new: schemas.NoticeEdit) -> schemas.Notice:
    return schemas.Notice.model_validate(actions.set_duty_notice(by=request.auth, **new.model_dump()))

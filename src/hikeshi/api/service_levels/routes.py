"""Targets, the clocks of a record, and what is stuck."""

from typing import Annotated

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import Field

from hikeshi.api.callers import Request
from hikeshi.api.incidents.saving import Ref
from hikeshi.api.incidents.shapes import Incidents
from hikeshi.api.shapes import Code, Cursor, Input, Limit, Line, Listed, Output, Time, listed, whole
from hikeshi.incidents import queries as incidents
from hikeshi.kernel.paging import paginate
from hikeshi.service_levels import actions, queries
from hikeshi.service_levels.book import Minutes, Step, Target
from hikeshi.service_levels.codes import Act, Because, Measure, State, Stuck

router = Router(tags=["service levels"], by_alias=True)
Length = Annotated[int | None, Field(ge=1, le=527_040, strict=True)]
Lengths = Annotated[
    list[Length], Field(min_length=5, max_length=5, description="Minutes for priorities 1 to 5; null: none.")
]
Codes = Annotated[list[Code], Field(max_length=200)]


class ShareUsed(Input):
    """``percent`` of the time used up: 100 is its end."""

    percent: int = Field(ge=1, le=1000, strict=True)
    acts: list[Act] = Field(default=[], max_length=10)


class TargetNew(Input):
    measure: Measure
    ja: Line
    en: Line
    minutes: Lengths
    hours: Code = Field(default="", description="`always`, a calendar's uuid, or empty: the organisation's own.")
    always_to: int = Field(default=0, ge=0, le=5, description="Priorities up to this one count around the clock.")
    classes: Codes = []
    kinds: Codes = []
    organisations: Codes = Field(default=[], description="By uuid; what lies below is meant as well.")
    assets: Codes = []
    teams: Codes = []
    pauses: Codes = Field(default=[], description="Waiting for what stops the clock.")
    steps: list[ShareUsed] = Field(default=[], max_length=10)


class TargetChange(TargetNew):
    version: int | None = None


class ShareShown(Output):
    percent: int
    acts: list[Act]


class TargetShown(Output):
    code: str
    version: int
    on: bool
    sample: bool
    measure: Measure
    ja: str
    en: str
    minutes: list[int | None]
    hours: str
    always_to: int
    classes: list[str]
    kinds: list[str]
    organisations: list[str]
    assets: list[str]
    teams: list[str]
    pauses: list[str]
    steps: list[ShareShown]


class Targets(Listed[TargetShown]):
    pass


class Limits(Input):
    no_move: Lengths
    no_owner: Lengths
    waiting: Lengths


class ClockChange(Output):
    at: Time
    because: Because
    state: State
    minutes: int
    due_at: Time | None
    left: int | None


class Clock(Output):
    measure: Measure
    round: int
    target: str
    state: State
    minutes: int
    started_at: Time
    due_at: Time | None = Field(description="Null while it stands still.")
    left: int | None = Field(description="Seconds that remain, while it stands still.")
    stopped_at: Time | None
    changes: list[ClockChange] = Field(description="What began, stopped or moved it, oldest first.")


class Clocks(Listed[Clock]):
    pass


def _draft(given: TargetNew) -> actions.Draft:
    many = ("classes", "kinds", "organisations", "assets", "teams", "pauses")
    return actions.Draft(
        measure=given.measure,
        ja=given.ja,
        en=given.en,
        minutes=_five(given.minutes),
        hours=given.hours,
        always_to=given.always_to,
        steps=tuple(Step(one.percent, tuple(one.acts)) for one in given.steps),
        **{name: tuple(getattr(given, name)) for name in many},
    )


def _five(given: list[int | None]) -> Minutes:
    return (given[0], given[1], given[2], given[3], given[4])


def _shown(target: Target) -> TargetShown:
    return TargetShown.model_validate(target)


@router.get("/targets", response=Targets, summary="What is promised, in the order it is asked")
def list_targets(request: Request) -> Targets:
    return whole(Targets, [_shown(one) for one in queries.targets(request.auth).book.targets])


@router.post("/targets", response={201: TargetShown}, summary="Add a target; it is switched off at first")
def add_target(request: Request, new: TargetNew, response: HttpResponse) -> TargetShown:
    made = actions.add_target(by=request.auth, draft=_draft(new))
    response["Location"] = "/api/v1/targets"
    return _shown(made)


@router.put("/targets/{code}", response=TargetShown, summary="Write a target anew; running clocks keep theirs")
def change_target(request: Request, code: str, change: TargetChange) -> TargetShown:
    return _shown(actions.change_target(by=request.auth, code=code, draft=_draft(change), version=change.version))


@router.delete("/targets/{code}", response={204: None}, summary="Remove a target")
def remove_target(request: Request, code: str) -> None:
    actions.remove_target(by=request.auth, code=code)


@router.post("/targets/{code}/on", response=TargetShown, summary="Measure what is opened from now on")
def switch_target_on(request: Request, code: str) -> TargetShown:
    return _shown(actions.switch_target(by=request.auth, code=code, on=True))


@router.post("/targets/{code}/off", response=TargetShown, summary="Measure by it no longer")
def switch_target_off(request: Request, code: str) -> TargetShown:
    return _shown(actions.switch_target(by=request.auth, code=code, on=False))


@router.post("/clocks/renew", response={204: None}, summary="Let open records take the targets in force")
def renew_clocks(request: Request) -> None:
    actions.renew_clocks(by=request.auth)


@router.get("/stuck/limits", response=Limits, summary="When a record counts as stuck")
def show_stuck_limits(request: Request) -> Limits:
    found = queries.targets(request.auth).book.stuck
    return Limits(**{name: list(getattr(found, name)) for name in ("no_move", "no_owner", "waiting")})


@router.put("/stuck/limits", response=Limits, summary="Set when a record counts as stuck")
def set_stuck_limits(request: Request, limits: Limits) -> Limits:
    actions.set_stuck_limits(
        by=request.auth,
        no_move=_five(limits.no_move),
        no_owner=_five(limits.no_owner),
        waiting=_five(limits.waiting),
    )
    return limits


@router.get("/stuck", response=Incidents, summary="Open records that are stuck")
def list_stuck(
    request: Request,
    reason: Annotated[str, Query("any", description=f"`any`, {', '.join(f'`{one}`' for one in Stuck)}.")] = "any",
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Incidents:
    rows = queries.stuck(incidents.incidents(request.auth, status="open"), reason)
    return listed(Incidents, paginate(rows, order=incidents.ORDERS["priority"], cursor=cursor, limit=limit))


@router.get("/deadlines", response=Incidents, summary="Open records, what runs out first before the others")
def list_deadlines(request: Request, cursor: Cursor = None, limit: Limit = 50) -> Incidents:
    rows = queries.by_deadline(incidents.incidents(request.auth, status="open"))
    return listed(Incidents, paginate(rows, order=queries.DEADLINE, cursor=cursor, limit=limit))


@router.get("/incidents/{ref}/clocks", response=Clocks, summary="A record's clocks and how they came about")
def list_clocks(request: Request, ref: Ref) -> Clocks:
    _, found = queries.explained(request.auth, ref)
    names = ("measure", "round", "target", "state", "minutes", "started_at", "due_at", "left", "stopped_at")
    rows = [
        Clock(
            **{name: getattr(one.view.row, name) for name in names},
            changes=[ClockChange.model_validate(c) for c in one.changes],
        )
        for one in found
    ]
    return whole(Clocks, rows)

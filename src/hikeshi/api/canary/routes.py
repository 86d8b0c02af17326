"""Trials of the whole chain: sent on demand or by plan, with the time of every stage."""

from datetime import time
from typing import Annotated, Self
from uuid import UUID

from ninja import Router
from pydantic import Field

from hikeshi.api.callers import Request
from hikeshi.api.shapes import Code, Cursor, Input, Limit, Listed, Output, Time, listed
from hikeshi.canary import actions, queries
from hikeshi.canary.stages import State, To

router = Router(tags=["canary"], by_alias=True)
Hour = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$", description="On the wall of the site's time zone.")]


class CanaryNew(Input):
    """Without a target: to whom the plan says, else to yourself. ``value``: a uuid, or ``person:<uuid>``."""

    to: To | None = None
    value: Code = ""


class Canary(Output):
    uuid: UUID
    ref: str
    asked_at: Time
    scheduled: bool
    to: To
    value: str
    minutes: int
    state: State
    posted_at: Time | None
    digested_at: Time | None
    judged_at: Time | None
    called_at: Time | None
    sent_at: Time | None
    taken_at: Time | None = Field(description="The provider's answer.")
    opened_at: Time | None
    answered_at: Time | None
    answered_by: str
    stage: str = Field(description="Of one that failed: the first stage it did not pass.")
    why: str


class Canaries(Listed[Canary]):
    pass


class StageFigure(Output):
    stage: str
    median: float
    worst: float
    count: int


class StageFigures(Output):
    """Seconds since each was asked for, over those of the last 30 that were answered."""

    figures: list[StageFigure]


class Plan(Input):
    """``days``: 0 is Monday; none: only on demand."""

    days: list[Annotated[int, Field(ge=0, le=6, strict=True)]] = Field(default=[], max_length=7)
    at: Hour = "10:00"
    to: To | None = None
    value: Code = ""
    minutes: int = Field(default=15, strict=True)
    version: int | None = None


class PlanShown(Output):
    days: list[int]
    at: str
    to: str
    value: str
    minutes: int
    next_at: Time | None
    version: int

    @classmethod
    def of(cls, row: queries.Arrangement) -> Self:
        names = ("days", "to", "value", "minutes", "next_at", "version")
        return cls(at=f"{row.at:%H:%M}", **{name: getattr(row, name) for name in names})


@router.get("/canaries", response=Canaries, summary="Canaries, newest first")
def list_canaries(request: Request, cursor: Cursor, limit: Limit) -> Canaries:
    return listed(Canaries, queries.canaries(request.auth, cursor=cursor, limit=limit))


@router.post("/canaries", response={201: Canary}, summary="Send a canary")
def send_canary(request: Request, wanted: CanaryNew) -> queries.Canary:
    return actions.ask(by=request.auth, to=wanted.to or "", value=wanted.value)


@router.get("/canaries/figures", response=StageFigures, summary="Median and worst time of every stage")
def show_canary_figures(request: Request) -> StageFigures:
    found = queries.history(request.auth)
    return StageFigures(figures=[StageFigure.model_validate(one) for one in found.figures])


@router.get("/canaries/{uuid}", response=Canary, summary="One canary with the time of every stage")
def show_canary(request: Request, uuid: UUID) -> queries.Canary:
    return queries.canary(request.auth, uuid)


@router.get("/canary/plan", response=PlanShown, summary="When a canary is sent by itself")
def show_canary_plan(request: Request) -> PlanShown:
    queries.must_view(request.auth)
    return PlanShown.of(queries.arrangement())


@router.put("/canary/plan", response=PlanShown, summary="Arrange when a canary is sent, and to whom")
def arrange_canary(request: Request, plan: Plan) -> PlanShown:
    row = actions.arrange(
        by=request.auth,
        days=plan.days,
        at=time.fromisoformat(plan.at),
        to=plan.to or "",
        value=plan.value,
        minutes=plan.minutes,
        version=plan.version,
    )
    return PlanShown.of(row)

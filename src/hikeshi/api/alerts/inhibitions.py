"""Inhibitions over the API: while one alert fires, others that it explains are held."""

from typing import Annotated, Final
from uuid import UUID

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import BeforeValidator, Field

from hikeshi.api.callers import Request
from hikeshi.api.shapes import Code, Cursor, Input, Limit, Line, Listed, Output, Reason, Text, Time, listed, uuid_of
from hikeshi.intake import actions
from hikeshi.intake.inhibitions import Terms
from hikeshi.intake.permissions import Verb
from hikeshi.intake.queries import inhibiting
from hikeshi.kernel.paging import paginate

router = Router(tags=["alerts"], by_alias=True)
_HOURS: Final = "1, 4, 8, 24 or 72: how long a source counts that is not heard of again."


class Inhibition(Output):
    """While an alert fires that ``source`` matches, those that ``target`` matches are held."""

    uuid: UUID
    organisation: Annotated[UUID, BeforeValidator(uuid_of)]
    family: UUID = Field(description="The same in all its versions.")
    number: int
    title: str
    source: str = Field(description="One condition per line, all must hold: `title =~ HostDown.*`.")
    target: str
    equal: str = Field(description="Names, one per line, under which both must have the same values.")
    hours: int = Field(description=_HOURS)
    reason: str
    owner: str
    made_at: Time
    ended_at: Time | None


class Inhibitions(Listed[Inhibition]):
    pass


class InhibitionWritten(Input):
    title: Line
    source: Text
    target: Text
    equal: Text = ""
    hours: int = Field(default=8, description=_HOURS)
    reason: Reason
    owner: Code = Field(default="", description="`person:<uuid>` or `team:<uuid>`; yourself where it is empty.")

    @property
    def terms(self) -> Terms:
        return Terms(**self.model_dump(exclude={"organisation"}))


class InhibitionNew(InhibitionWritten):
    organisation: UUID


@router.get("/inhibitions", response=Inhibitions, summary="Inhibitions, newest first")
def list_inhibitions(
    request: Request,
    stand: Annotated[str, Query("", max_length=8, description="`open` or `over`.")] = "",
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Inhibitions:
    rows = inhibiting.listed(request.auth, stand=stand)
    return listed(Inhibitions, paginate(rows, order=inhibiting.NEWEST, cursor=cursor, limit=limit))


@router.post("/inhibitions", response={201: Inhibition}, summary="Hold what another alert explains")
def set_inhibition(request: Request, new: InhibitionNew, response: HttpResponse) -> Inhibition:
    made = actions.set_inhibition(by=request.auth, organisation=new.organisation, terms=new.terms)
    response["Location"] = f"/api/v1/inhibitions/{made.uuid}"
    return Inhibition.model_validate(made)


@router.get("/inhibitions/{uuid}", response=Inhibition, summary="One inhibition")
def show_inhibition(request: Request, uuid: UUID) -> Inhibition:
    return Inhibition.model_validate(inhibiting.inhibition(request.auth, uuid))


@router.put("/inhibitions/{uuid}", response=Inhibition, summary="A new version takes its place")
def change_inhibition(request: Request, uuid: UUID, written: InhibitionWritten) -> Inhibition:
    return Inhibition.model_validate(actions.change_inhibition(by=request.auth, inhibition=uuid, terms=written.terms))


@router.post("/inhibitions/{uuid}/end", response=Inhibition, summary="End it; what it holds speaks at once")
def end_inhibition(request: Request, uuid: UUID) -> Inhibition:
    request.auth.must(Verb.MANAGE)
    return Inhibition.model_validate(actions.end_inhibition(by=request.auth, inhibition=uuid))

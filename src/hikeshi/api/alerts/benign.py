"""Over the API: values known to be harmless, and from when an alert counts as flapping."""

from typing import Annotated, Final, Literal
from uuid import UUID

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import AwareDatetime, BeforeValidator, Field

from hikeshi.api.callers import Request
from hikeshi.api.shapes import Code, Cursor, Input, Limit, Line, Listed, Output, Reason, Text, Time, listed, uuid_of
from hikeshi.intake import actions
from hikeshi.intake.benign import Kind, Terms
from hikeshi.intake.permissions import Verb
from hikeshi.intake.queries import calming
from hikeshi.kernel.paging import paginate

router = Router(tags=["alerts"], by_alias=True)
Kinds = Literal["address", "host", "user", "domain", "email", "hash", "process", "file"]
_VALUES: Final = "One per line; for addresses networks too."


class Benign(Output):
    """Alerts that name one of the values open no incident: they stay on the queue, with the reason."""

    uuid: UUID
    organisation: Annotated[UUID, BeforeValidator(uuid_of)]
    title: str
    kind: str
    values: str = Field(description=_VALUES)
    reason: str
    owner: str
    until: Time = Field(description="Then it counts no longer, unless somebody looked at it again.")
    made_at: Time
    ended_at: Time | None


class BenignList(Listed[Benign]):
    pass


class BenignNew(Input):
    organisation: UUID
    title: Line
    kind: Kinds
    values: Text = Field(description=_VALUES)
    reason: Reason
    until: AwareDatetime
    owner: Code = Field(default="", description="`person:<uuid>` or `team:<uuid>`; yourself where it is empty.")

    @property
    def terms(self) -> Terms:
        return Terms(self.title, Kind(self.kind), self.values, self.reason, self.until, self.owner)


class Until(Input):
    until: AwareDatetime


class Flapping(Output):
    changes: int = Field(description="So many changes of its state make an alert flap; 0: never.")
    minutes: int = Field(description="Within so many minutes.")


class FlappingSet(Input):
    changes: Annotated[int, Field(ge=0, le=50)]
    minutes: Annotated[int, Field(ge=1, le=1440)]


@router.get("/benign", response=BenignList, summary="Values known to be harmless, newest first")
def list_benign_values(
    request: Request,
    stand: Annotated[str, Query("", max_length=8, description="`open`, `review` or `over`.")] = "",
    cursor: Cursor = None,
    limit: Limit = 50,
) -> BenignList:
    rows = calming.listed(request.auth, stand=stand)
    return listed(BenignList, paginate(rows, order=calming.NEWEST, cursor=cursor, limit=limit))


@router.post("/benign", response={201: Benign}, summary="List values as known to be harmless")
def list_benign(request: Request, new: BenignNew, response: HttpResponse) -> Benign:
    made = actions.list_benign(by=request.auth, organisation=new.organisation, terms=new.terms)
    response["Location"] = f"/api/v1/benign/{made.uuid}"
    return Benign.model_validate(made)


@router.get("/benign/{uuid}", response=Benign, summary="One entry of the list")
def show_benign(request: Request, uuid: UUID) -> Benign:
    return Benign.model_validate(calming.entry(request.auth, uuid))


@router.post("/benign/{uuid}/review", response=Benign, summary="Looked at again: it counts until then")
def review_benign(request: Request, uuid: UUID, wanted: Until) -> Benign:
    return Benign.model_validate(actions.review_benign(by=request.auth, entry=uuid, until=wanted.until))


@router.post("/benign/{uuid}/end", response=Benign, summary="Take it off the list")
def end_benign(request: Request, uuid: UUID) -> Benign:
    return Benign.model_validate(actions.end_benign(by=request.auth, entry=uuid))


@router.get("/flapping", response=Flapping, summary="From when an alert counts as flapping")
def show_flapping(request: Request) -> Flapping:
    request.auth.must(Verb.VIEW)
    return Flapping.model_validate(calming.flap_terms())


@router.put("/flapping", response=Flapping, summary="Set from when an alert counts as flapping")
def set_flapping(request: Request, wanted: FlappingSet) -> Flapping:
    return Flapping.model_validate(
        actions.set_flapping(by=request.auth, changes=wanted.changes, minutes=wanted.minutes)
    )

"""The days that plans lead to."""

from datetime import date
from uuid import UUID

from django.http import HttpResponse
from ninja import Router

from hikeshi.api.callers import Request
from hikeshi.api.incidents import schemas
from hikeshi.api.shapes import Listed, Output, whole
from hikeshi.incidents import actions
from hikeshi.incidents.permissions import Verb
from hikeshi.incidents.queries import planned


class Milestone(Output):
    uuid: UUID
    name: str
    day: date
    version: int


class Milestones(Listed[Milestone]):
    pass


router = Router(tags=["milestones"], by_alias=True)


@router.get("/milestones", response=Milestones, summary="Milestones, the next first")
def list_milestones(request: Request) -> Milestones:
    request.auth.must(Verb.VIEW)
    return whole(Milestones, planned.milestones())


@router.post("/milestones", response={201: Milestone}, summary="Set a new milestone")
def add_milestone(request: Request, new: schemas.MilestoneNew) -> Milestone:
    return Milestone.model_validate(actions.set_milestone(by=request.auth, name=new.name, day=new.day))


@router.put("/milestones/{uuid}", response=Milestone, summary="Another name or day for a milestone")
def set_milestone(request: Request, uuid: UUID, wanted: schemas.MilestoneChange) -> Milestone:
    made = actions.set_milestone(
        by=request.auth, milestone=uuid, name=wanted.name, day=wanted.day, version=wanted.version
    )
    return Milestone.model_validate(made)


@router.delete("/milestones/{uuid}", response={204: None}, summary="Remove a milestone")
def remove_milestone(request: Request, uuid: UUID) -> HttpResponse:
    actions.remove_milestone(by=request.auth, milestone=uuid)
    return HttpResponse(status=204)

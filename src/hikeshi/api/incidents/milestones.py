"""The days that plans lead to."""

from uuid import UUID

from django.http import HttpResponse
from ninja import Router

from hikeshi.api.callers import Request
from hikeshi.api.incidents import schemas, shapes
from hikeshi.api.shapes import whole
from hikeshi.incidents import actions
from hikeshi.incidents.permissions import Verb
from hikeshi.incidents.queries import planned

router = Router(tags=["milestones"], by_alias=True)


@router.get("/milestones", response=shapes.Milestones, summary="Milestones, the next first")
def list_milestones(request: Request) -> shapes.Milestones:
    request.auth.must(Verb.VIEW)
    return whole(shapes.Milestones, planned.milestones())


@router.post("/milestones", response={201: shapes.Milestone}, summary="Set a new milestone")
def add_milestone(request: Request, new: schemas.MilestoneNew) -> shapes.Milestone:
    return shapes.Milestone.model_validate(actions.set_milestone(by=request.auth, name=new.name, day=new.day))


@router.put("/milestones/{uuid}", response=shapes.Milestone, summary="Another name or day for a milestone")
def set_milestone(request: Request, uuid: UUID, wanted: schemas.MilestoneChange) -> shapes.Milestone:
    made = actions.set_milestone(
        by=request.auth, milestone=uuid, name=wanted.name, day=wanted.day, version=wanted.version
    )
    return shapes.Milestone.model_validate(made)


@router.delete("/milestones/{uuid}", response={204: None}, summary="Remove a milestone")
def remove_milestone(request: Request, uuid: UUID) -> HttpResponse:
    actions.remove_milestone(by=request.auth, milestone=uuid)
    return HttpResponse(status=204)

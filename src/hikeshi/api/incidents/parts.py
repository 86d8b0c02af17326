"""What a record holds: timeline, notes, tasks, people, facts sheet, times, links, alerts."""

from typing import Annotated
from uuid import UUID

from django.http import HttpResponse
from ninja import Query, Router

from hikeshi.api.callers import Request
from hikeshi.api.incidents import schemas, shapes
from hikeshi.api.incidents.saving import Ref, owner_named, shown
from hikeshi.api.shapes import Cursor, Limit, listed, whole
from hikeshi.incidents import actions
from hikeshi.incidents import queries as incidents
from hikeshi.incidents.codes import MomentKind
from hikeshi.kernel.paging import paginate

router = Router(tags=["parts of an incident"], by_alias=True)
Only = Annotated[str, Query("all", description="`all`, `people` or `decisions`.")]


@router.get("/incidents/{ref}/timeline", response=shapes.Timeline, summary="What happened, newest first")
def show_timeline(
    request: Request, ref: Ref, only: Only = "all", cursor: Cursor = None, limit: Limit = 50
) -> shapes.Timeline:
    return listed(shapes.Timeline, incidents.timeline(request.auth, ref, only=only, cursor=cursor, limit=limit))


@router.post("/incidents/{ref}/note", response={201: shapes.Note}, summary="Write a note, for good")
def note(request: Request, ref: Ref, new: schemas.NoteNew) -> shapes.Note:
    return shapes.Note.model_validate(actions.note(by=request.auth, ref=ref, text=new.text))


@router.get("/incidents/{ref}/tasks", response=shapes.Tasks, summary="Tasks, the next due first")
def list_tasks(request: Request, ref: Ref) -> shapes.Tasks:
    return whole(shapes.Tasks, incidents.room(request.auth, ref).tasks)


@router.post("/incidents/{ref}/tasks", response={201: shapes.Task}, summary="Add a task")
def add_task(request: Request, ref: Ref, new: schemas.TaskNew) -> shapes.Task:
    made = actions.add_task(
        by=request.auth,
        ref=ref,
        title=new.title,
        owner=owner_named(request, new.owner),
        due_at=new.due_at,
        phase=new.phase,
    )
    return shapes.Task.model_validate(made)


@router.post("/incidents/{ref}/tasks/{task}/assign", response=shapes.Task, summary="Give a task to somebody, by when")
def assign_task(request: Request, ref: Ref, task: UUID, wanted: schemas.TaskAssign) -> shapes.Task:
    made = actions.assign_task(
        by=request.auth,
        ref=ref,
        task=task,
        owner=owner_named(request, wanted.owner),
        due_at=wanted.due_at,
        version=wanted.version,
    )
    return shapes.Task.model_validate(made)


@router.put("/incidents/{ref}/tasks/{task}/plan", response=shapes.Task, summary="When a task is worked on, after which")
def plan_task(request: Request, ref: Ref, task: UUID, wanted: schemas.TaskPlan) -> shapes.Task:
    made = actions.plan_task(
        by=request.auth,
        ref=ref,
        task=task,
        start_at=wanted.start_at,
        due_at=wanted.due_at,
        after=wanted.after,
        milestone=wanted.milestone,
        version=wanted.version,
    )
    return shapes.Task.model_validate(made)


@router.put("/incidents/{ref}/tasks/{task}/estimate", response=shapes.Task, summary="How much work is left on a task")
def estimate_task(request: Request, ref: Ref, task: UUID, wanted: schemas.Estimate) -> shapes.Task:
    made = actions.estimate_task(by=request.auth, ref=ref, task=task, minutes=wanted.minutes, version=wanted.version)
    return shapes.Task.model_validate(made)


@router.post("/incidents/{ref}/tasks/{task}/finish", response=shapes.Task, summary="The task is done")
def finish_task(request: Request, ref: Ref, task: UUID) -> shapes.Task:
    return shapes.Task.model_validate(actions.finish_task(by=request.auth, ref=ref, task=task))


@router.post("/incidents/{ref}/tasks/{task}/reopen", response=shapes.Task, summary="The task is not done after all")
def reopen_task(request: Request, ref: Ref, task: UUID) -> shapes.Task:
    return shapes.Task.model_validate(actions.reopen_task(by=request.auth, ref=ref, task=task))


@router.get("/incidents/{ref}/people", response=shapes.Participants, summary="People of the record, and their roles")
def list_participants(request: Request, ref: Ref) -> shapes.Participants:
    return whole(shapes.Participants, incidents.room(request.auth, ref).people)


@router.get("/incidents/{ref}/assignable", response=shapes.Choices, summary="Who can be given it, or its tasks")
def list_assignable(request: Request, ref: Ref, cursor: Cursor = None, limit: Limit = 50) -> shapes.Choices:
    rows = incidents.owner_choices(incidents.incident(request.auth, ref))
    return listed(shapes.Choices, paginate(rows, order=("name", "id"), cursor=cursor, limit=limit))


@router.get("/incidents/{ref}/colleagues", response=shapes.Choices, summary="Who can be brought in")
def list_colleagues(request: Request, ref: Ref, cursor: Cursor = None, limit: Limit = 50) -> shapes.Choices:
    rows = incidents.person_choices(request.auth, incidents.incident(request.auth, ref))
    return listed(shapes.Choices, paginate(rows, order=("name", "id"), cursor=cursor, limit=limit))


@router.post("/incidents/{ref}/people", response={201: shapes.Participant}, summary="Bring somebody in")
def add_participant(request: Request, ref: Ref, new: schemas.ParticipantNew) -> shapes.Participant:
    person = owner_named(request, new.person)
    return shapes.Participant.model_validate(actions.add_person(by=request.auth, ref=ref, person=person, role=new.role))


@router.delete("/incidents/{ref}/people/{participant}", response={204: None}, summary="Take somebody out")
def remove_participant(request: Request, ref: Ref, participant: UUID) -> None:
    actions.remove_person(by=request.auth, ref=ref, participant=participant)


@router.get("/incidents/{ref}/facts", response=shapes.Sheet, summary="The facts sheet, its gaps included")
def show_sheet(request: Request, ref: Ref) -> shapes.Sheet:
    room = incidents.room(request.auth, ref)
    return shapes.Sheet.model_validate({"items": room.sheet, "completeness": room.completeness})


@router.put("/incidents/{ref}/facts/{key}", response=shapes.FactItem, summary="State an item of the facts sheet")
def set_fact(request: Request, ref: Ref, key: str, new: schemas.FactNew) -> shapes.FactItem:
    made = actions.set_fact(
        by=request.auth, ref=ref, key=key, value=new.value, certainty=new.certainty, version=new.version
    )
    return shapes.FactItem.model_validate(made)


@router.get("/incidents/{ref}/moments", response=shapes.Moments, summary="The times, and what cannot be right")
def show_moments(request: Request, ref: Ref) -> shapes.Moments:
    room = incidents.room(request.auth, ref)
    return shapes.Moments.model_validate({"items": room.moments, "oddities": room.oddities})


@router.put("/incidents/{ref}/moments/{kind}", response=shapes.Moment, summary="Enter or correct a time")
def set_moment(request: Request, ref: Ref, kind: MomentKind, new: schemas.MomentNew) -> shapes.Moment:
    made = actions.set_moment(
        by=request.auth, ref=ref, kind=kind, at=new.at, reason=new.reason, estimated=new.estimated
    )
    return shapes.Moment.model_validate(made)


@router.get("/incidents/{ref}/links", response=shapes.Links, summary="Pages elsewhere")
def list_links(request: Request, ref: Ref) -> shapes.Links:
    return whole(shapes.Links, incidents.room(request.auth, ref).links)


@router.post("/incidents/{ref}/links", response={201: shapes.Link}, summary="Link a page elsewhere")
def add_link(request: Request, ref: Ref, new: schemas.LinkNew) -> shapes.Link:
    return shapes.Link.model_validate(actions.add_link(by=request.auth, ref=ref, url=new.url, title=new.title))


@router.delete("/incidents/{ref}/links/{link}", response={204: None}, summary="Remove a link")
def remove_link(request: Request, ref: Ref, link: UUID) -> None:
    actions.remove_link(by=request.auth, ref=ref, link=link)


@router.post("/incidents/{ref}/alerts", response=shapes.Incident, summary="Attach alerts")
def attach_alerts(request: Request, ref: Ref, new: schemas.AlertsNew, response: HttpResponse) -> shapes.Incident:
    return shown(response, actions.attach_alerts(by=request.auth, ref=ref, alerts=new.alerts))

"""Records that become one and part again, and those that stand under another."""

from collections.abc import Callable
from typing import Annotated

from django.http import HttpResponse
from ninja import Query, Router

from hikeshi.api.callers import Request
from hikeshi.api.incidents import schemas, shapes
from hikeshi.api.incidents.saving import Ref, shown
from hikeshi.api.shapes import listed
from hikeshi.incidents import actions
from hikeshi.incidents import queries as incidents
from hikeshi.incidents.permissions import Verb
from hikeshi.kernel.paging import Page

router = Router(tags=["incidents that belong together"], by_alias=True)
Into = Annotated[str, Query(max_length=64, description="The record that would go on.")]


@router.get("/alike", response=shapes.Incidents, summary="Open records that something new may already be")
def alike(
    request: Request,
    title: Annotated[str, Query(max_length=1000, description="That of the record you are about to open.")],
    kind: Annotated[str, Query("", max_length=40)] = "",
) -> shapes.Incidents:
    request.auth.must(Verb.OPEN)
    found = list(incidents.alike(request.auth, title, kind=kind))
    return listed(shapes.Incidents, Page(found, None, len(found), total_exact=True))


@router.get("/incidents/{ref}/merge", response=shapes.MergePreview, summary="What merging would do; nothing is done")
def preview_merge(request: Request, ref: Ref, into: Into) -> incidents.MergePlan:
    return incidents.merge_plan(request.auth, ref, into)


@router.post(
    "/incidents/{ref}/merge", response=shapes.Incident, summary="Make it a part of another; answers that other"
)
def merge(request: Request, ref: Ref, wanted: schemas.Merge, response: HttpResponse) -> shapes.Incident:
    return shown(response, actions.merge(by=request.auth, ref=ref, into=wanted.into, reason=wanted.reason))


@router.post("/incidents/{ref}/unmerge", response=shapes.Incident, summary="Take its merge back")
def unmerge(request: Request, ref: Ref, wanted: schemas.Unmerge, response: HttpResponse) -> shapes.Incident:
    return shown(response, actions.unmerge(by=request.auth, ref=ref, reason=wanted.reason))


@router.post("/incidents/{ref}/split", response={201: shapes.Incident}, summary="Make a part of it a record of its own")
def split(request: Request, ref: Ref, wanted: schemas.Split, response: HttpResponse) -> shapes.Incident:
    record = actions.split(by=request.auth, ref=ref, **wanted.model_dump())
    response["Location"] = f"/api/v1/incidents/{record.ref}"
    return shown(response, record)


@router.get("/incidents/{ref}/together", response=shapes.Together, summary="Whom answering and closing all would reach")
def together(request: Request, ref: Ref) -> incidents.Together:
    return incidents.together(request.auth, ref)


@router.post("/incidents/{ref}/children", response=shapes.Done, summary="Put other records under it")
def put_under(request: Request, ref: Ref, wanted: schemas.ChildrenNew) -> shapes.Done:
    return shapes.Done(done=actions.put_under(by=request.auth, parent=ref, reports=wanted.children), left=[])


@router.delete("/incidents/{ref}/parent", response={204: None}, summary="It stands by itself again")
def take_from_under(request: Request, ref: Ref) -> None:
    actions.take_from_under(by=request.auth, ref=ref)


@router.post("/incidents/{ref}/answer-all", response=shapes.Done, summary="One message to everybody who reported it")
def answer_all(request: Request, ref: Ref, wanted: schemas.AnswerAll) -> shapes.Done:
    return _whole(
        lambda after: actions.answer_all(by=request.auth, ref=ref, text=wanted.text, nonce=wanted.nonce, after=after)
    )


@router.post("/incidents/{ref}/close-all", response=shapes.Done, summary="Close what stands under it")
def close_all(request: Request, ref: Ref, wanted: schemas.Close) -> shapes.Done:
    return _whole(
        lambda after: actions.close_all(
            by=request.auth,
            ref=ref,
            resolution=wanted.resolution,
            record_class=wanted.record_class,
            override_reason=wanted.override_reason,
            after=after,
        )
    )


def _whole(step: Callable[[int], actions.Step]) -> shapes.Done:
    """Step by step, each in its own transaction; broken off, the rest is done by asking again."""
    found = step(0)
    done, left = found.done, list(found.left)
    while found.next:
        found = step(found.next)
        done += found.done
        left += found.left
    return shapes.Done(done=done, left=left)

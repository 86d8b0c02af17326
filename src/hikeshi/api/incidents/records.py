"""The record itself: lists, opening, reading, saving."""

from collections.abc import Callable
from typing import Annotated
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from ninja import Query, Router

from hikeshi.api.callers import Request
from hikeshi.api.incidents import schemas, shapes
from hikeshi.api.incidents.opened import Opened, Similar
from hikeshi.api.incidents.saving import GUARDED, Ref, shown, tag, version_read
from hikeshi.api.lists.schemas import FILTER
from hikeshi.api.shapes import Cursor, Limit, Words, listed
from hikeshi.incidents import actions
from hikeshi.incidents import queries as incidents
from hikeshi.kernel.paging import paginate
from hikeshi.ledger.acts import unit
from hikeshi.lists import queries as lists
from hikeshi.lists.conditions import Conditions, parse

router = Router(tags=["incidents"], by_alias=True)
Filter = Annotated[str, Query("", max_length=64)]


@router.get("/incidents", response=shapes.Incidents, summary="Records you may see")
def list_incidents(
    request: Request,
    *,
    q: Words = "",
    status: Filter = "",
    phase: Annotated[str, Query("", max_length=64, description="One that is open now; a word of `reading`.")] = "",
    reading: Annotated[str, Query("", max_length=64, description="`own`, `ipa`, `sans`, `nist` or `itil`.")] = "",
    kind: Filter = "",
    record_class: Annotated[
        str, Query("", alias="class", max_length=64, description="One of the classes, or `suspected`.")
    ] = "",
    priority: Annotated[int, Query(0, ge=0, le=5, description="Exactly this one.")] = 0,
    owner: Annotated[str, Query("", max_length=200, description="A user name, `me` or `none`.")] = "",
    asset: Annotated[str, Query("", max_length=64, description="One that is hit, by its uuid.")] = "",
    filter: Annotated[str, Query("", max_length=2000, description=FILTER)] = "",  # noqa: A002  # its name in addresses
    saved: Annotated[UUID | None, Query(None, description="A filter that is kept; `filter` goes before it.")] = None,
    under: Annotated[str, Query("", max_length=64, description="What stands under that record.")] = "",
    order: Annotated[str, Query("priority", description="`priority`, `updated` or `newest`.")] = "priority",
    cursor: Cursor = None,
    limit: Limit = 50,
) -> shapes.Incidents:
    rows = incidents.incidents(
        request.auth,
        q=q,
        status=status,
        phase=phase,
        reading=reading,
        kind=kind,
        record_class=record_class,
        priority=priority,
        owner=owner,
        asset=asset,
        under=under,
        order=order,
    )
    rows = lists.narrowed(rows, _asked(request, filter, saved), by=request.auth, zone=timezone.get_current_timezone())
    if priority:
        rows = rows.filter(priority=priority)  # pages ask for "this one or graver"; a program says what it means
    return listed(shapes.Incidents, paginate(rows, order=incidents.ORDERS[order], cursor=cursor, limit=limit))


def _asked(request: Request, text: str, saved: UUID | None) -> Conditions:
    if saved is not None and not text:
        return lists.kept(request.auth, saved).terms.asked
    return parse(text)


@router.post("/incidents", response={201: Opened}, summary="Open a record")
def open_incident(request: Request, new: schemas.IncidentNew, response: HttpResponse) -> Opened:
    with unit():
        record = actions.open_incident(by=request.auth, **new.model_dump(exclude={"alerts"}))
        if new.alerts:
            record = actions.attach_alerts(by=request.auth, ref=record.ref, alerts=new.alerts)
    response["Location"] = f"/api/v1/incidents/{record.ref}"
    response["ETag"] = tag(record.version)
    near = incidents.alike(request.auth, record.title, kind=record.kind, but=record.pk)
    similar = [Similar.model_validate(one) for one in near]
    return Opened.model_validate(record).model_copy(update={"similar": similar})


@router.get("/incidents/{ref}", response=shapes.IncidentWhole, summary="The record with everything its room shows")
def show_incident(request: Request, ref: Ref, response: HttpResponse) -> shapes.IncidentWhole:
    room = incidents.room(request.auth, ref)
    response["ETag"] = tag(room.incident.version)
    return shapes.whole_record(room, incidents.alerts_held(request.auth, ref))


@router.patch(
    "/incidents/{ref}", response=shapes.Incident, summary="Change what the record says", openapi_extra=GUARDED
)
def change_incident(
    request: Request, ref: Ref, change: schemas.IncidentChange, response: HttpResponse
) -> shapes.Incident:
    with unit():  # all of it or nothing
        version = version_read(request, ref, change)
        record: object = incidents.incident(request.auth, ref)
        for group, verb in _VERBS:
            wanted = {name: getattr(change, name) for name in group if getattr(change, name) is not None}
            if wanted:
                reason = {"reason": change.reason} if verb in _REASONED else {}
                record = verb(by=request.auth, ref=ref, version=version, **wanted, **reason)
    return shown(response, record)


_VERBS: tuple[tuple[tuple[str, ...], Callable[..., object]], ...] = (
    (("title", "description"), actions.edit),
    (("kind",), actions.set_kind),
    (("record_class",), actions.classify),
    (("impact", "effect", "urgency", "priority"), actions.set_priority),
    (("tlp",), actions.set_tlp),
)
_REASONED = {actions.set_kind, actions.classify, actions.set_priority}

"""Lists of indicators: brought, read and taken out again."""

from typing import Final
from uuid import UUID

from django.http import HttpResponse
from ninja import Query, Router, Status

from hikeshi.api import bodies
from hikeshi.api.assets import schemas
from hikeshi.api.callers import Request
from hikeshi.api.shapes import Cursor, Limit, Words, listed
from hikeshi.assets import actions
from hikeshi.assets.intelligence.reading import whole
from hikeshi.assets.permissions import Verb
from hikeshi.assets.queries import intelligence
from hikeshi.kernel.paging import paginate

_TAKEN: Final = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    },
    "description": "As large as the page takes: 200 MB and 500,000 values. What has more than 256 KiB is kept as"
    " it comes and taken in afterwards: 202, and `/indicator_files/{uuid}` says how far it is, or why it cannot be"
    " taken. An `Idempotency-Key` is refused here.",
}
router = Router(tags=["assets"], by_alias=True)


@router.get("/indicator_lists", response=schemas.IndicatorLists, summary="Lists of indicators, newest first")
def list_indicator_lists(request: Request, cursor: Cursor = None, limit: Limit = 50) -> schemas.IndicatorLists:
    request.auth.must(Verb.VIEW)
    rows = intelligence.lists(request.auth)
    return listed(schemas.IndicatorLists, paginate(rows, order=intelligence.NEWEST, cursor=cursor, limit=limit))


@router.post(
    "/indicator_lists",
    response={201: schemas.IndicatorList},
    summary="Bring a STIX bundle, MISP events or plain lines; alerts are compared with them at once",
)
def add_indicators(request: Request, new: schemas.IndicatorsNew, response: HttpResponse) -> schemas.IndicatorList:
    made = actions.add_indicators(
        by=request.auth,
        organisation=new.organisation,
        title=new.title,
        pieces=whole(new.content.encode()),
        origin=new.origin,
        tlp=new.tlp,
        until=new.until,
    )
    response["Location"] = f"/api/v1/indicator_lists/{made.uuid}"
    return schemas.IndicatorList.model_validate(made)


@router.post(
    "/indicator_lists/file",
    response={201: schemas.IndicatorList, 202: schemas.IndicatorFile},
    summary="The same for a large file: the body is its bytes",
    openapi_extra=_TAKEN,
)
def add_indicator_file(
    request: Request, response: HttpResponse, about: Query[schemas.IndicatorsAbout]
) -> Status[schemas.IndicatorList | schemas.IndicatorFile]:
    made = actions.bring_indicators(
        by=request.auth,
        organisation=about.organisation,
        title=about.title,
        pieces=bodies.pieces(request),
        origin=about.origin,
        tlp=about.tlp,
        until=about.until,
    )
    if isinstance(made, intelligence.IndicatorList):
        response["Location"] = f"/api/v1/indicator_lists/{made.uuid}"
        return Status(201, schemas.IndicatorList.model_validate(made))
    response["Location"] = f"/api/v1/indicator_files/{made.uuid}"
    return Status(202, schemas.IndicatorFile.model_validate(made))


@router.get(
    "/indicator_files/{uuid}",
    response=schemas.IndicatorFile,
    summary="How far a large file is, or why it was not taken",
)
def show_indicator_file(request: Request, uuid: UUID) -> schemas.IndicatorFile:
    return schemas.IndicatorFile.model_validate(intelligence.file(request.auth, uuid))


@router.get("/indicator_lists/{uuid}", response=schemas.IndicatorList, summary="One list")
def show_indicator_list(request: Request, uuid: UUID) -> schemas.IndicatorList:
    request.auth.must(Verb.VIEW)
    return schemas.IndicatorList.model_validate(intelligence.indicator_list(request.auth, uuid))


@router.get("/indicator_lists/{uuid}/values", response=schemas.Indicators, summary="Its values, or the one looked for")
def list_indicators(
    request: Request, uuid: UUID, q: Words = "", cursor: Cursor = None, limit: Limit = 50
) -> schemas.Indicators:
    request.auth.must(Verb.VIEW)
    rows = intelligence.indicators(intelligence.indicator_list(request.auth, uuid), q)
    return listed(schemas.Indicators, paginate(rows, order=("id",), cursor=cursor, limit=limit))


@router.delete("/indicator_lists/{uuid}", response={204: None}, summary="Remove it; what it found stays said")
def remove_indicators(request: Request, uuid: UUID) -> None:
    actions.remove_indicators(by=request.auth, indicators=uuid)


@router.delete("/indicator_lists/{uuid}/values/{key}", response={204: None}, summary="Look for one value no more")
def remove_indicator(request: Request, uuid: UUID, key: str) -> None:
    actions.remove_indicator(by=request.auth, indicators=uuid, key=key)

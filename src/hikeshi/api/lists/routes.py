"""Filters that are kept. What one of them lists is `GET incidents?saved=…`, any other `GET incidents?filter=…`."""

from uuid import UUID

from ninja import Router

from hikeshi.api.callers import Request
from hikeshi.api.lists import schemas
from hikeshi.api.shapes import whole
from hikeshi.lists import actions, queries

router = Router(tags=["lists"], by_alias=True)


def _filter(one: queries.Kept) -> schemas.Filter:
    looks = one.terms.looks
    return schemas.Filter(
        uuid=one.uuid,
        name=one.name,
        filter=one.terms.conditions,
        columns=list(looks.columns),
        order=looks.order,
        group=looks.group,
        audience=one.audience,
        team=one.row.team.uuid if one.row.team else None,
        version=one.row.newest,
    )


@router.get("/filters", response=schemas.Filters, summary="Filters you are offered")
def list_filters(request: Request) -> schemas.Filters:
    return whole(schemas.Filters, [_filter(one) for one in queries.shelf(request.auth).kept])


@router.post("/filters", response={201: schemas.Filter}, summary="Keep a filter")
def add_filter(request: Request, new: schemas.FilterNew) -> schemas.Filter:
    made = actions.save_filter(by=request.auth, **new.model_dump(exclude={"version"}))
    return _filter(queries.kept(request.auth, made.uuid))


@router.get("/filters/{saved}", response=schemas.Filter, summary="One of them")
def show_filter(request: Request, saved: UUID) -> schemas.Filter:
    return _filter(queries.kept(request.auth, saved))


@router.put("/filters/{saved}", response=schemas.Filter, summary="Its next version")
def change_filter(request: Request, saved: UUID, change: schemas.FilterChange) -> schemas.Filter:
    actions.save_filter(by=request.auth, saved=saved, **change.model_dump())
    return _filter(queries.kept(request.auth, saved))


@router.delete("/filters/{saved}", response={204: None}, summary="Take it away from everybody it was offered to")
def remove_filter(request: Request, saved: UUID) -> None:
    actions.remove_filter(by=request.auth, saved=saved)

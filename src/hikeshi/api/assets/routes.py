"""Assets: lists, reading, stating."""

from typing import Annotated
from uuid import UUID

from django.http import HttpResponse
from ninja import Query, Router

from hikeshi.api.assets import schemas
from hikeshi.api.callers import Request
from hikeshi.api.incidents.saving import tag
from hikeshi.api.shapes import Cursor, Limit, Words, listed
from hikeshi.assets import actions, queries
from hikeshi.kernel.paging import paginate

router = Router(tags=["assets"], by_alias=True)
Filter = Annotated[str, Query("", max_length=64)]


@router.get("/assets", response=schemas.Assets, summary="Assets you may see")
def list_assets(
    request: Request,
    *,
    q: Words = "",
    criticality: Annotated[int, Query(0, ge=0, le=4, description="This one or graver.")] = 0,
    kind: Filter = "",
    data: Filter = "",
    owner: Annotated[str, Query("", max_length=200, description="A user name, `me` or `none`.")] = "",
    restore: Annotated[str, Query("", max_length=64, description="`proven`, `stale` or `never`.")] = "",
    state: Annotated[str, Query("used", max_length=64, description="`used`, `retired` or `all`.")] = "used",
    order: Annotated[str, Query("criticality", description="`criticality`, `name` or `updated`.")] = "criticality",
    cursor: Cursor = None,
    limit: Limit = 50,
) -> schemas.Assets:
    rows = queries.assets(
        request.auth,
        q=q,
        criticality=criticality,
        kind=kind,
        data=data,
        owner=owner,
        restore=restore,
        state=state,
        order=order,
    )
    return listed(schemas.Assets, paginate(rows, order=queries.ORDERS[order], cursor=cursor, limit=limit))


@router.post("/assets", response={201: schemas.AssetWhole}, summary="Add an asset")
def add_asset(request: Request, new: schemas.AssetNew, response: HttpResponse) -> schemas.AssetWhole:
    made = actions.add_asset(by=request.auth, organisation=new.organisation, particulars=new.stated())
    response["Location"] = f"/api/v1/assets/{made.uuid}"
    return _whole(request, made.uuid, response)


@router.get("/assets/{uuid}", response=schemas.AssetWhole, summary="One asset, and what depends on it")
def show_asset(request: Request, uuid: UUID, response: HttpResponse) -> schemas.AssetWhole:
    return _whole(request, uuid, response)


def _whole(request: Request, uuid: UUID, response: HttpResponse) -> schemas.AssetWhole:
    page = queries.page(request.auth, uuid)
    response["ETag"] = tag(page.asset.version)
    parts = {name: getattr(page, name) for name in ("identifiers", "needs", "needed_by", "affected", "restore_stale")}
    return schemas.AssetWhole.model_validate({**schemas.Asset.model_validate(page.asset).model_dump(), **parts})


@router.patch("/assets/{uuid}", response=schemas.AssetWhole, summary="State some of it anew")
def change_asset(
    request: Request, uuid: UUID, change: schemas.AssetChange, response: HttpResponse
) -> schemas.AssetWhole:
    actions.edit_asset(
        by=request.auth, asset=uuid, particulars=change.stated(), only=change.sent, version=change.version
    )
    return _whole(request, uuid, response)


@router.post("/assets/{uuid}/retire", response=schemas.AssetWhole, summary="Put it out of use")
def retire_asset(request: Request, uuid: UUID, response: HttpResponse) -> schemas.AssetWhole:
    actions.retire_asset(by=request.auth, asset=uuid)
    return _whole(request, uuid, response)


@router.post("/assets/{uuid}/take_up", response=schemas.AssetWhole, summary="Put it in use again")
def take_up_asset(request: Request, uuid: UUID, response: HttpResponse) -> schemas.AssetWhole:
    actions.take_up_asset(by=request.auth, asset=uuid)
    return _whole(request, uuid, response)

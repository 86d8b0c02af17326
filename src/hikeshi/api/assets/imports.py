"""Files of assets: a preview first, then one act."""

from uuid import UUID

from django.http import HttpResponse
from ninja import Router

from hikeshi.api import planned
from hikeshi.api.assets import schemas
from hikeshi.api.callers import Request
from hikeshi.assets import actions, queries

router = Router(tags=["assets"], by_alias=True)


@router.post("/asset_imports", response={201: schemas.ImportWhole}, summary="Bring a file, and see what it would do")
def prepare_import(request: Request, new: schemas.ImportNew, response: HttpResponse) -> schemas.ImportWhole:
    body = planned.file(new.content)
    made = actions.prepare_import(by=request.auth, organisation=new.organisation, file_name=new.file_name, body=body)
    response["Location"] = f"/api/v1/asset_imports/{made.uuid}"
    return _whole(request, made)


@router.get("/asset_imports/{uuid}", response=schemas.ImportWhole, summary="Its preview, or how far it is")
def show_import(request: Request, uuid: UUID) -> schemas.ImportWhole:
    return _whole(request, queries.imported(request.auth, uuid))


@router.post("/asset_imports/{uuid}/carry_out", response=schemas.Import, summary="Do all of it, once")
def carry_out_import(request: Request, uuid: UUID) -> schemas.Import:
    return schemas.Import.model_validate(actions.carry_out_import(by=request.auth, imported_file=uuid))


def _whole(request: Request, kept: queries.Import) -> schemas.ImportWhole:
    brief = schemas.Import.model_validate(kept).model_dump()
    if kept.state != queries.ImportState.PREPARED:
        return schemas.ImportWhole.model_validate({**brief, "lines": []})
    plan = queries.plan(request.auth, kept.organisation, queries.kept(kept), end=queries.LOOKED_AT)
    return schemas.ImportWhole.model_validate({**brief, "lines": [planned.line(one) for one in plan.lines]})

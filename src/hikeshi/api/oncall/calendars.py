"""Duty for calendar programs, and shifts from their files."""

from uuid import UUID

from django.urls import reverse
from ninja import Router

from hikeshi.api.callers import Request
from hikeshi.api.oncall import schemas
from hikeshi.api.shapes import whole
from hikeshi.oncall import actions
from hikeshi.oncall.permissions import Verb
from hikeshi.oncall.queries import feeds, shifts
from hikeshi.oncall.queries import rotas as queries

router = Router(tags=["on call"], by_alias=True)


@router.get("/rotas/{uuid}/feeds", response=schemas.Feeds, summary="Your calendar addresses of this rota")
def list_feeds(request: Request, uuid: UUID) -> schemas.Feeds:
    row = queries.rota(request.auth, uuid)
    return whole(schemas.Feeds, [one for one in feeds.mine(request.auth) if one.rota_id == row.pk])


@router.post("/rotas/{uuid}/feeds", response={201: schemas.FeedMade}, summary="Make one; it is shown this once")
def open_feed(request: Request, uuid: UUID) -> schemas.FeedMade:
    secret = actions.open_feed(by=request.auth, rota=uuid)
    made = schemas.Feed.model_validate(feeds.opened(request.auth, secret))
    return schemas.FeedMade(**made.model_dump(), path=reverse("web:duty_feed", args=[secret]))


@router.delete("/feeds/{uuid}", response={204: None}, summary="Revoke one of yours")
def revoke_feed(request: Request, uuid: UUID) -> None:
    actions.revoke_feed(by=request.auth, feed=uuid)


@router.post("/rotas/{uuid}/import", response=schemas.Imported, summary="Put in the shifts of a calendar file")
def import_shifts(request: Request, uuid: UUID, sent: schemas.CalendarFile) -> schemas.Imported:
    row = queries.rota(request.auth, uuid, Verb.MANAGE)
    file = shifts.read(row, sent.content.encode())
    found = shifts.plan(request.auth, row, file)
    made = [] if sent.look else actions.import_shifts(by=request.auth, rota=uuid, file=file)
    meant = [schemas.MeantShift.of(one) for one in found.meant]
    return schemas.Imported(
        meant=meant, strange=[schemas.Shift.model_validate(one) for one in found.strange], made=len(made)
    )

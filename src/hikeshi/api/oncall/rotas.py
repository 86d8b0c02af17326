"""Rotas: said, read, what is missing in them."""

from datetime import datetime, timedelta
from uuid import UUID

from django.http import HttpResponse
from ninja import Router

from hikeshi.api.callers import Request
from hikeshi.api.incidents.saving import tag
from hikeshi.api.oncall import schemas
from hikeshi.api.shapes import Time, whole
from hikeshi.kernel import clock
from hikeshi.kernel.refusals import Invalid
from hikeshi.oncall import actions
from hikeshi.oncall.queries import duty
from hikeshi.oncall.queries import rotas as queries

router = Router(tags=["on call"], by_alias=True)
MONTH = timedelta(days=28)


@router.get("/oncall/now", response=schemas.OnCallNow, summary="Who is on call in each rota, now or at a moment")
def who_is_on_call(request: Request, at: Time | None = None) -> schemas.OnCallNow:
    board = duty.board(request.auth, _plausible(at, "at"))
    rows = [
        schemas.OnCall(
            rota=schemas.RotaBrief.model_validate(one.row),
            now=schemas.Watch.of(one.now, board.names),
            next=schemas.Watch.of(one.next, board.names) if one.next else None,
        )
        for one in board.standings
    ]
    return whole(schemas.OnCallNow, rows)


@router.get("/rotas", response=schemas.Rotas, summary="Rotas you may see")
def list_rotas(request: Request, *, retired: bool = False) -> schemas.Rotas:
    return whole(schemas.Rotas, list(queries.rotas(request.auth, retired=retired)))


@router.post("/rotas", response={201: schemas.Rota}, summary="Add a rota")
def add_rota(request: Request, new: schemas.RotaNew, response: HttpResponse) -> schemas.Rota:
    layers = [one.terms() for one in new.layers]
    said = {"name": new.name, "time_zone": new.time_zone, "note": new.note}
    promise = new.promise.terms()
    made = actions.add_rota(by=request.auth, organisation=new.organisation, layers=layers, promise=promise, **said)
    response["Location"] = f"/api/v1/rotas/{made.uuid}"
    return _whole(request, made.uuid, response)


@router.get("/rotas/{uuid}", response=schemas.Rota, summary="One rota and its layers")
def show_rota(request: Request, uuid: UUID, response: HttpResponse) -> schemas.Rota:
    return _whole(request, uuid, response)


@router.put("/rotas/{uuid}", response=schemas.Rota, summary="Say it anew, as a new version")
def edit_rota(request: Request, uuid: UUID, edit: schemas.RotaEdit, response: HttpResponse) -> schemas.Rota:
    layers = [one.terms() for one in edit.layers]
    said = {"name": edit.name, "time_zone": edit.time_zone, "note": edit.note, "why": edit.why}
    promise = edit.promise.terms()
    actions.edit_rota(by=request.auth, rota=uuid, layers=layers, promise=promise, version=edit.version, **said)
    return _whole(request, uuid, response)


@router.post("/rotas/{uuid}/retire", response=schemas.Rota, summary="Put it out of use")
def retire_rota(request: Request, uuid: UUID, response: HttpResponse) -> schemas.Rota:
    actions.retire_rota(by=request.auth, rota=uuid)
    return _whole(request, uuid, response)


@router.post("/rotas/{uuid}/take_up", response=schemas.Rota, summary="Put it in use again")
def take_up_rota(request: Request, uuid: UUID, response: HttpResponse) -> schemas.Rota:
    actions.take_up_rota(by=request.auth, rota=uuid)
    return _whole(request, uuid, response)


@router.get("/rotas/{uuid}/watches", response=schemas.Watches, summary="Its watches and gaps between two moments")
def list_watches(request: Request, uuid: UUID, since: Time | None = None, until: Time | None = None) -> schemas.Watches:
    begin, end = _period(since, until)
    found = duty.watches(request.auth, uuid, begin, end)
    names = duty.names_in(found)
    return whole(schemas.Watches, [schemas.Watch.of(one, names) for one in found])


@router.get("/rotas/{uuid}/lacks", response=schemas.Lacks, summary="Gaps and overlaps of the next 60 days")
def show_lacks(request: Request, uuid: UUID) -> schemas.Lacks:
    found = duty.lacks(request.auth, queries.rota(request.auth, uuid))
    return schemas.Lacks(
        gaps=[schemas.Watch.of(one, found.names) for one in found.gaps],
        clashes=[
            _overlap(one.begin, one.end, found, [one.loser.person, one.winner.person], [str(uuid)])
            for one in found.clashes
        ],
        doubles=[_overlap(one.begin, one.end, found, [one.person], list(one.rotas)) for one in found.doubles],
    )


def _overlap(begin: datetime, end: datetime, found: duty.Lacks, people: list[str], rotas: list[str]) -> schemas.Overlap:
    named = [schemas.Someone(uuid=UUID(ref.removeprefix("person:")), name=found.names.get(ref, "")) for ref in people]
    return schemas.Overlap(begin=begin, end=end, people=named, rotas=[UUID(one) for one in rotas])


@router.get("/rotas/{uuid}/fairness", response=schemas.Shares, summary="What each person carries between two moments")
def show_fairness(request: Request, uuid: UUID, since: Time | None = None, until: Time | None = None) -> schemas.Shares:
    begin, end = _period(since, until)
    found, names = duty.shares(request.auth, queries.rota(request.auth, uuid), begin, end)
    rows = [
        schemas.Share(
            person=schemas.Someone(uuid=UUID(one.person.removeprefix("person:")), name=names.get(one.person, "")),
            hours=one.hours,
            nights=one.nights,
            weekend_days=one.weekend_days,
            holidays=one.holidays,
            deviation=one.deviation,
        )
        for one in found
    ]
    return whole(schemas.Shares, rows)


def _period(since: datetime | None, until: datetime | None) -> tuple[datetime, datetime]:
    """Four weeks from now where nothing is said; two years at most. Raises Invalid."""
    begin = _plausible(since, "since") or clock.now()
    end = _plausible(until, "until") or begin + MONTH
    if end <= begin:
        raise Invalid("until", "ends_before")
    if end - begin > duty.LONGEST:
        raise Invalid("until", "not_plausible")
    return begin, end


def _plausible(at: datetime | None, field: str) -> datetime | None:
    if at is not None and not 1971 <= at.year < 2150:
        raise Invalid(field, "not_plausible")
    return at


def _whole(request: Request, uuid: UUID, response: HttpResponse) -> schemas.Rota:
    row = queries.rota(request.auth, uuid)
    response["ETag"] = tag(row.version)
    said = queries.terms_of(row)
    layers = [schemas.LayerShown.of(one) for one in said.layers]
    promise = schemas.PromiseShown.model_validate(said.promise)
    return schemas.Rota(**schemas.RotaBrief.model_validate(row).model_dump(), layers=layers, promise=promise)

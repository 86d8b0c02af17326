"""Who is put in for a time, who is away, who swaps with whom."""

from uuid import UUID

from ninja import Router

from hikeshi.api.callers import Request
from hikeshi.api.oncall import schemas
from hikeshi.api.shapes import whole
from hikeshi.oncall import actions
from hikeshi.oncall.queries import duty
from hikeshi.oncall.queries import rotas as queries

router = Router(tags=["on call"], by_alias=True)


@router.get("/rotas/{uuid}/covers", response=schemas.Covers, summary="Who is put in, now and later")
def list_covers(request: Request, uuid: UUID) -> schemas.Covers:
    return whole(schemas.Covers, duty.covers(queries.rota(request.auth, uuid)))


@router.post("/rotas/{uuid}/covers", response={201: schemas.Cover}, summary="Put somebody in for a time")
def add_cover(request: Request, uuid: UUID, new: schemas.CoverNew) -> schemas.Cover:
    return schemas.Cover.model_validate(actions.add_cover(by=request.auth, rota=uuid, **new.model_dump()))


@router.delete("/covers/{uuid}", response={204: None}, summary="Take it back")
def take_back_cover(request: Request, uuid: UUID) -> None:
    actions.take_back_cover(by=request.auth, cover=uuid)


@router.post("/rotas/{uuid}/swaps", response={201: schemas.Swap}, summary="Ask to swap a turn")
def ask_swap(request: Request, uuid: UUID, new: schemas.SwapNew) -> schemas.Swap:
    return schemas.Swap.of(actions.ask_swap(by=request.auth, rota=uuid, **new.model_dump()))


@router.get("/swaps", response=schemas.Swaps, summary="Requests you have part in")
def list_swaps(request: Request) -> schemas.Swaps:
    return whole(schemas.Swaps, [schemas.Swap.of(one) for one in duty.swaps(request.auth)])


@router.post("/swaps/{uuid}/accept", response=schemas.Swap, summary="Take the turn")
def accept_swap(request: Request, uuid: UUID) -> schemas.Swap:
    return schemas.Swap.of(actions.accept_swap(by=request.auth, swap=uuid))


@router.post("/swaps/{uuid}/decline", response=schemas.Swap, summary="Say no")
def decline_swap(request: Request, uuid: UUID) -> schemas.Swap:
    return schemas.Swap.of(actions.decline_swap(by=request.auth, swap=uuid))


@router.post("/swaps/{uuid}/withdraw", response=schemas.Swap, summary="Withdraw what you asked")
def withdraw_swap(request: Request, uuid: UUID) -> schemas.Swap:
    return schemas.Swap.of(actions.withdraw_swap(by=request.auth, swap=uuid))


@router.get("/absences", response=schemas.Absences, summary="Your own absences, and of those whose rotas you plan")
def list_absences(request: Request) -> schemas.Absences:
    return whole(schemas.Absences, duty.absences(request.auth))


@router.post("/absences", response={201: schemas.Absence}, summary="Note an absence")
def add_absence(request: Request, new: schemas.AbsenceNew) -> schemas.Absence:
    return schemas.Absence.model_validate(actions.add_absence(by=request.auth, **new.model_dump()))


@router.delete("/absences/{uuid}", response={204: None}, summary="Take it back")
def take_back_absence(request: Request, uuid: UUID) -> None:
    actions.take_back_absence(by=request.auth, absence=uuid)

"""Calls for help about a record: how they stand, and the answers to them."""

from ninja import Router

from hikeshi.api.callers import Request
from hikeshi.api.escalation import schemas
from hikeshi.api.incidents.saving import Ref
from hikeshi.incidents import actions
from hikeshi.incidents import queries as incidents

router = Router(tags=["escalation"], by_alias=True)


def _shown(request: Request, ref: str) -> schemas.Calling:
    view = incidents.calling_of(request.auth, incidents.incident(request.auth, ref))
    if view is None:
        return schemas.Calling(state="none")
    calls = [
        schemas.CallShown(
            at=line.call.at,
            how=line.call.how,
            owner=line.call.owner,
            name=line.name,
            instead_of=line.instead_of,
            step=line.call.step,
            round=line.call.round,
            trouble=line.call.trouble,
        )
        for line in view.calls
    ]
    run = view.run
    names = ("state", "policy", "trouble", "began_at", "answered_at", "called", "reached")
    said = {name: getattr(run, name) for name in names}
    return schemas.Calling(**said, name=view.name, answered_by=view.answered_by, next_at=view.next_at, calls=calls)


@router.get("/incidents/{ref}/call", response=schemas.Calling, summary="Who was called, who has answered, who is next")
def show_call(request: Request, ref: Ref) -> schemas.Calling:
    return _shown(request, ref)


@router.post("/incidents/{ref}/call/answer", response=schemas.Calling, summary="Answer: you have it")
def answer_call(request: Request, ref: Ref) -> schemas.Calling:
    """409 `answered_already` names who was first."""
    actions.answer_call(by=request.auth, ref=ref)
    return _shown(request, ref)


@router.post("/incidents/{ref}/call/hand-over", response=schemas.Calling, summary="Hand the call over")
def hand_over_call(request: Request, ref: Ref, whom: schemas.Whom) -> schemas.Calling:
    actions.hand_over_call(by=request.auth, ref=ref, to=whom.to)
    return _shown(request, ref)


@router.post("/incidents/{ref}/call/help", response=schemas.Helped, summary="Call somebody else as well")
def ask_for_help(request: Request, ref: Ref, whom: schemas.Whom) -> schemas.Helped:
    return schemas.Helped(called=actions.ask_for_help(by=request.auth, ref=ref, to=whom.to))


@router.post("/incidents/{ref}/call/again", response=schemas.Calling, summary="Call everybody again")
def call_again(request: Request, ref: Ref) -> schemas.Calling:
    actions.call_again(by=request.auth, ref=ref)
    return _shown(request, ref)

from uuid import UUID

from django.http import HttpResponse
from ninja import Router

from hikeshi.accounts import actions, resting
from hikeshi.accounts import queries as accounts
from hikeshi.accounts.permissions import Verb
from hikeshi.api.accounts import schemas
from hikeshi.api.callers import Request
from hikeshi.api.problems import SuccessorNeeded
from hikeshi.api.shapes import Cursor, Limit, Words, listed, whole
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.paging import paginate
from hikeshi.kernel.refusals import Invalid

router = Router(tags=["people"], by_alias=True)


@router.get("/me", response=schemas.Me, summary="Who you are and what you may do")
def show_me(request: Request) -> schemas.Me:
    verbs = sorted(verb for verb, held in request.auth.grants.items() if held)
    return schemas.Me.model_validate({"person": accounts.myself(request.auth), "verbs": verbs})


@router.get("/people", response=schemas.People, summary="People you may look at")
def list_people(
    request: Request, q: Words = "", active: bool | None = None, cursor: Cursor = None, limit: Limit = 50
) -> schemas.People:
    rows = accounts.people(request.auth, q=q, active=active)
    return listed(schemas.People, paginate(rows, order=("username", "id"), cursor=cursor, limit=limit))


@router.post("/people", response={201: schemas.Person}, summary="Add a person")
def add_person(request: Request, new: schemas.PersonNew, response: HttpResponse) -> schemas.Person:
    made = actions.add_person(by=request.auth, **dict(new))
    response["Location"] = f"/api/v1/people/{made.uuid}"
    return schemas.Person.model_validate(made)


@router.get("/people/{uuid}", response=schemas.Person, summary="One person")
def show_person(request: Request, uuid: UUID) -> schemas.Person:
    return schemas.Person.model_validate(accounts.person(request.auth, uuid))


@router.patch("/people/{uuid}", response=schemas.Person, summary="Change name or e-mail address")
def edit_person(request: Request, uuid: UUID, change: schemas.PersonChange) -> schemas.Person:
    now = accounts.person(request.auth, uuid)
    name = now.name if change.name is None else change.name
    email = now.email if change.email is None else change.email
    return schemas.Person.model_validate(actions.edit_person(by=request.auth, person=uuid, name=name, email=email))


@router.get("/people/{uuid}/rests", response=schemas.Rests, summary="What rests on them, what would break first")
def list_rests(request: Request, uuid: UUID) -> schemas.Rests:
    return whole(schemas.Rests, _rests(request.auth, uuid))


@router.post("/people/{uuid}/deactivate", response=schemas.Person, summary="Take away every way in")
def deactivate_person(request: Request, uuid: UUID, leaving: schemas.Leaving | None = None) -> schemas.Person:
    """What rests on them goes to `successor` in the same act. 409 `successor_needed` lists it in `rests` where
    something would break and nobody was named.
    """
    said = leaving or schemas.Leaving()
    try:
        gone = actions.let_go(by=request.auth, person=uuid, successor=said.successor, alone=said.alone)
    except Invalid as refusal:
        if refusal.reason != SuccessorNeeded.code:
            raise
        rests = [one.model_dump() for one in _rests(request.auth, uuid)]
        raise SuccessorNeeded(rests) from refusal
    return schemas.Person.model_validate(gone)


def _rests(by: Actor, uuid: UUID) -> list[schemas.Rest]:
    by.must(Verb.MANAGE)
    gone = accounts.person(by, uuid)
    by.must(Verb.MANAGE, gone.organisation_id)
    return [schemas.Rest.model_validate(one) for one in resting.on(by, [gone])[gone.pk]]


@router.post("/people/{uuid}/reactivate", response=schemas.Person, summary="Let them in again, as before")
def reactivate_person(request: Request, uuid: UUID) -> schemas.Person:
    return schemas.Person.model_validate(actions.reactivate_person(by=request.auth, person=uuid))


@router.post("/people/{uuid}/move", response=schemas.Person, summary="Let them belong to another organisation")
def move_person(request: Request, uuid: UUID, move: schemas.PersonMove) -> schemas.Person:
    moved = actions.move_person(by=request.auth, person=uuid, organisation=move.organisation)
    return schemas.Person.model_validate(moved)


@router.post("/people/{uuid}/sign_out", response={204: None}, summary="Sign out every browser of theirs")
def sign_out_person(request: Request, uuid: UUID) -> None:
    actions.sign_out_person(by=request.auth, person=uuid)


@router.post("/people/{uuid}/invite", response={201: schemas.Invitation}, summary="A link to choose a password")
def invite(request: Request, uuid: UUID) -> schemas.Invitation:
    return schemas.Invitation(secret=actions.invite(by=request.auth, person=uuid))


@router.get("/people/{uuid}/roles", response=schemas.Grants, summary="Roles a person holds, and where")
def list_grants(request: Request, uuid: UUID, cursor: Cursor = None, limit: Limit = 50) -> schemas.Grants:
    rows = accounts.grants(request.auth, accounts.person(request.auth, uuid))
    return listed(schemas.Grants, paginate(rows, order=("id",), cursor=cursor, limit=limit))


@router.post("/people/{uuid}/roles", response={201: schemas.Grant}, summary="Grant a role")
def grant_role(request: Request, uuid: UUID, new: schemas.GrantNew) -> schemas.Grant:
    made = actions.grant_role(by=request.auth, person=uuid, role=new.role, organisation=new.organisation)
    return schemas.Grant.model_validate(made)


@router.delete("/people/{uuid}/roles/{role}/{organisation}", response={204: None}, summary="Revoke a role")
def revoke_role(request: Request, uuid: UUID, role: str, organisation: UUID) -> None:
    actions.revoke_role(by=request.auth, person=uuid, role=role, organisation=organisation)

"""Roles, and the tokens of machines."""

from uuid import UUID

from django.http import HttpResponse
from ninja import Router

from hikeshi.accounts import actions, sealing, signing
from hikeshi.accounts import queries as accounts
from hikeshi.api.accounts import schemas
from hikeshi.api.callers import Request
from hikeshi.api.shapes import Cursor, Limit, listed
from hikeshi.intake import queries as intake
from hikeshi.kernel.paging import paginate
from hikeshi.kernel.refusals import Invalid

router = Router(tags=["roles and tokens"], by_alias=True)


@router.get("/roles", response=schemas.Roles, summary="Roles and their verbs")
def list_roles(request: Request, cursor: Cursor = None, limit: Limit = 50) -> schemas.Roles:
    return listed(schemas.Roles, paginate(accounts.roles(), order=("id",), cursor=cursor, limit=limit))


@router.put("/roles/{code}", response=schemas.Role, summary="Add or redefine a role of this site")
def define_role(request: Request, code: str, role: schemas.RoleDefinition) -> schemas.Role:
    made = actions.define_role(by=request.auth, code=code, verbs=role.verbs, name=role.name)
    return schemas.Role.model_validate(made)


@router.put("/roles/{code}/second_factor", response=schemas.Role, summary="Whether it asks for a second factor")
def require_second_factor(request: Request, code: str, factor: schemas.SecondFactor) -> schemas.Role:
    made = actions.require_second_factor(by=request.auth, role=code, required=factor.required)
    return schemas.Role.model_validate(made)


@router.get("/tokens", response=schemas.Tokens, summary="Your tokens, and those of organisations you manage")
def list_tokens(request: Request, cursor: Cursor = None, limit: Limit = 50) -> schemas.Tokens:
    rows = accounts.tokens(request.auth)
    return listed(schemas.Tokens, paginate(rows, order=("-id",), cursor=cursor, limit=limit))


@router.post("/tokens", response={201: schemas.TokenMade}, summary="Make a token; its secret is shown this once")
def create_token(request: Request, new: schemas.TokenNew, response: HttpResponse) -> schemas.TokenMade:
    if new.source and new.source not in {source.code for source in intake.sources()}:
        raise Invalid("source", "unknown")
    wanted = dict(new)
    if new.scope == "api" and new.person is None:
        me = accounts.myself(request.auth)
        wanted["person"] = me.uuid if me else None
    secret = actions.create_token(by=request.auth, **wanted)
    kept = signing.digest(new.source, secret) if new.scope == "signed" else sealing.digest(secret)
    made = accounts.tokens(request.auth).get(digest=kept)
    response["Location"] = f"/api/v1/tokens/{made.uuid}"
    return schemas.TokenMade.model_validate({**schemas.Token.model_validate(made).model_dump(), "secret": secret})


@router.get("/tokens/{uuid}", response=schemas.Token, summary="One token")
def show_token(request: Request, uuid: UUID) -> schemas.Token:
    return schemas.Token.model_validate(accounts.token(request.auth, uuid))


@router.delete("/tokens/{uuid}", response={204: None}, summary="Revoke a token, at once and for good")
def revoke_token(request: Request, uuid: UUID) -> None:
    actions.revoke_token(by=request.auth, token=uuid)

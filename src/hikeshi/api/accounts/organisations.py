from uuid import UUID

from django.http import HttpResponse
from ninja import Router

from hikeshi.accounts import actions, team_uses
from hikeshi.accounts import queries as accounts
from hikeshi.api.accounts import schemas
from hikeshi.api.callers import Request
from hikeshi.api.shapes import Cursor, Limit, listed
from hikeshi.kernel.paging import paginate
from hikeshi.ledger.acts import unit

router = Router(tags=["organisations"], by_alias=True)


@router.get("/organisations", response=schemas.Organisations, summary="The tree, parents before children")
def list_organisations(request: Request, cursor: Cursor = None, limit: Limit = 50) -> schemas.Organisations:
    rows = accounts.organisations(request.auth)
    return listed(schemas.Organisations, paginate(rows, order=("path", "id"), cursor=cursor, limit=limit))


@router.post("/organisations", response={201: schemas.Organisation}, summary="Add an organisation beneath another")
def add_organisation(request: Request, new: schemas.OrganisationNew, response: HttpResponse) -> schemas.Organisation:
    made = actions.add_organisation(by=request.auth, name=new.name, parent=new.parent)
    response["Location"] = f"/api/v1/organisations/{made.uuid}"
    return schemas.Organisation.model_validate(made)


@router.get("/organisations/{uuid}", response=schemas.Organisation, summary="One organisation")
def show_organisation(request: Request, uuid: UUID) -> schemas.Organisation:
    return schemas.Organisation.model_validate(accounts.organisation(request.auth, uuid))


@router.patch("/organisations/{uuid}", response=schemas.Organisation, summary="Rename it, or move it with its subtree")
def change_organisation(request: Request, uuid: UUID, change: schemas.OrganisationChange) -> schemas.Organisation:
    with unit():  # both or neither
        if change.name is not None:
            actions.rename_organisation(by=request.auth, organisation=uuid, name=change.name)
        if change.parent is not None:
            actions.move_organisation(by=request.auth, organisation=uuid, parent=change.parent)
    return schemas.Organisation.model_validate(accounts.organisation(request.auth, uuid))


@router.post("/organisations/{uuid}/retire", response=schemas.Organisation, summary="It takes in nothing new")
def retire_organisation(request: Request, uuid: UUID) -> schemas.Organisation:
    return schemas.Organisation.model_validate(actions.retire_organisation(by=request.auth, organisation=uuid))


@router.post("/organisations/{uuid}/reinstate", response=schemas.Organisation, summary="In use again")
def reinstate_organisation(request: Request, uuid: UUID) -> schemas.Organisation:
    return schemas.Organisation.model_validate(actions.reinstate_organisation(by=request.auth, organisation=uuid))


@router.get("/teams", response=schemas.Teams, summary="Teams")
def list_teams(request: Request, cursor: Cursor = None, limit: Limit = 50, *, retired: bool = False) -> schemas.Teams:
    rows = accounts.teams(request.auth, retired=retired)
    return listed(schemas.Teams, paginate(rows, order=("name", "id"), cursor=cursor, limit=limit))


@router.post("/teams", response={201: schemas.Team}, summary="Add a team")
def add_team(request: Request, new: schemas.TeamNew, response: HttpResponse) -> schemas.Team:
    made = actions.add_team(by=request.auth, **new.model_dump())
    response["Location"] = f"/api/v1/teams/{made.uuid}"
    return schemas.Team.model_validate(accounts.team(request.auth, made.uuid))


@router.get("/teams/{uuid}", response=schemas.Team, summary="One team")
def show_team(request: Request, uuid: UUID) -> schemas.Team:
    return schemas.Team.model_validate(accounts.team(request.auth, uuid))


@router.put("/teams/{uuid}", response=schemas.Team, summary="Name and members of a team")
def change_team(request: Request, uuid: UUID, whole: schemas.TeamWhole) -> schemas.Team:
    actions.change_team(by=request.auth, team=uuid, **whole.model_dump())
    return schemas.Team.model_validate(accounts.team(request.auth, uuid))


@router.get("/teams/{uuid}/uses", response=schemas.TeamUses, summary="What names the team, as far as you may see")
def list_team_uses(request: Request, uuid: UUID) -> schemas.TeamUses:
    found = team_uses.of(request.auth, accounts.team(request.auth, uuid))
    return schemas.TeamUses(items=[schemas.TeamUse.model_validate(one) for one in found])


@router.post("/teams/{uuid}/retire", response=schemas.Team, summary="Nothing new names it; its people stay")
def retire_team(request: Request, uuid: UUID) -> schemas.Team:
    actions.retire_team(by=request.auth, team=uuid)
    return schemas.Team.model_validate(accounts.team(request.auth, uuid))


@router.post("/teams/{uuid}/reinstate", response=schemas.Team, summary="In use again, with the people it had")
def reinstate_team(request: Request, uuid: UUID) -> schemas.Team:
    actions.reinstate_team(by=request.auth, team=uuid)
    return schemas.Team.model_validate(accounts.team(request.auth, uuid))

"""Teams: some people of an organisation under one name, one of whom may lead."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import ProtectedError

from hikeshi.accounts import facts, names, queries
from hikeshi.accounts.actions.rights import TOPICS, must_stand
from hikeshi.accounts.models import Membership, Person, Team
from hikeshi.accounts.permissions import Verb
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.facts import commit
from hikeshi.kernel.refusals import Invalid
from hikeshi.ledger.acts import action, record


@action
def add_team(
    *, by: Actor, organisation: UUID, name: str, people: Sequence[UUID] = (), lead: UUID | None = None
) -> Team:
    """Raises NotAllowed, NotFound, Invalid."""
    by.must(Verb.MANAGE)
    place = queries.organisation(by, organisation, Verb.MANAGE)
    must_stand(place)
    team = Team(organisation=place, name=names.title(name))
    _keep(by, team, people, lead)
    return team


@action
def change_team(*, by: Actor, team: UUID, name: str, people: Sequence[UUID], lead: UUID | None = None) -> Team:
    """Raises NotAllowed, NotFound, Invalid."""
    by.must(Verb.MANAGE)
    changed = queries.team(by, team)
    by.must(Verb.MANAGE, changed.organisation_id)
    changed.name = names.title(name)
    _keep(by, changed, people, lead)
    return changed


@action
def remove_team(*, by: Actor, team: UUID) -> None:
    """Its people stay. Raises NotAllowed, NotFound, Invalid where something still names it."""
    by.must(Verb.MANAGE)
    gone = queries.team(by, team)
    by.must(Verb.MANAGE, gone.organisation_id)
    try:
        gone.delete()
    except ProtectedError as error:
        raise Invalid("team", "team_in_use", count=len(error.protected_objects)) from error
    record(facts.TeamRemoved(team=team), subject=f"team:{team}", by=by, topics=TOPICS)


def _keep(by: Actor, team: Team, people: Sequence[UUID], lead: UUID | None) -> None:
    members = _members(by, people)
    if lead is not None and lead not in members:
        raise Invalid("lead", "not_a_member")
    if Team.objects.filter(organisation=team.organisation, name=team.name).exclude(pk=team.pk).exists():
        raise Invalid("name", "taken")
    team.save()
    Membership.objects.filter(team=team).delete()
    rows = [Membership(team=team, person=person, lead=uuid == lead) for uuid, person in members.items()]
    Membership.objects.bulk_create(rows)
    fact = facts.TeamChanged(
        team=team.uuid,
        organisation=team.organisation.uuid,
        title=commit(team.name, team.secret),
        people=tuple(sorted(members)),
        lead=lead,
    )
    record(fact, subject=f"team:{team.uuid}", by=by, topics=TOPICS)


def _members(by: Actor, people: Sequence[UUID]) -> dict[UUID, Person]:
    """In one query, however many. Raises NotFound."""
    found = {one.uuid: one for one in queries.people(by).filter(uuid__in=set(people))}
    for uuid in people:
        if uuid not in found:
            queries.person(by, uuid)
    return found

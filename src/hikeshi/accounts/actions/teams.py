"""Teams: some people of an organisation under one name, one of whom may lead."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from hikeshi.accounts import facts, names, queries, team_uses
from hikeshi.accounts.actions.rights import TOPICS, must_stand
from hikeshi.accounts.models import Membership, Person, Team
from hikeshi.accounts.permissions import Verb
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor, system
from hikeshi.kernel.facts import commit
from hikeshi.kernel.refusals import Invalid
from hikeshi.ledger.acts import action, record

MOST_NAMED: Final = 5


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
    if changed.retired_at is not None:
        raise Invalid("team", "team_retired")
    changed.name = names.title(name)
    _keep(by, changed, people, lead)
    return changed


@action
def retire_team(*, by: Actor, team: UUID) -> Team:
    """Nothing new names it; where it is named it can still be read, and its people stay. Raises NotAllowed, NotFound,
    Invalid while nobody would be called, or given a record, without it.
    """
    by.must(Verb.MANAGE)
    gone = queries.team(by, team)
    by.must(Verb.MANAGE, gone.organisation_id)
    if gone.retired_at is not None:
        return gone
    _must_not_be_needed(by, gone)
    gone.retired_at = clock.now()
    gone.save(update_fields=["retired_at"])
    record(facts.TeamRetired(team=team), subject=f"team:{team}", by=by, topics=TOPICS)
    return gone


@action
def reinstate_team(*, by: Actor, team: UUID) -> Team:
    """With the people it had. Raises NotAllowed, NotFound, Invalid where its organisation is out of use."""
    by.must(Verb.MANAGE)
    back = queries.team(by, team)
    by.must(Verb.MANAGE, back.organisation_id)
    if back.retired_at is None:
        return back
    must_stand(back.organisation)
    back.retired_at = None
    back.save(update_fields=["retired_at"])
    record(facts.TeamReinstated(team=team), subject=f"team:{team}", by=by, topics=TOPICS)
    return back


def _must_not_be_needed(by: Actor, team: Team) -> None:
    """What the actor does not see counts as well, and is not named."""
    needed = [one.ref for one in team_uses.of(system("accounts"), team) if one.breaks]
    seen = [one.name for one in team_uses.of(by, team) if one.breaks and one.name]
    if needed and seen:
        raise Invalid("team", "team_needed", where=", ".join(seen[:MOST_NAMED]), count=len(needed))
    if needed:
        raise Invalid("team", "team_needed_unseen", count=len(needed))


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

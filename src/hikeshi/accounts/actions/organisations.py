"""The tree of organisations and the teams in it."""

from collections.abc import Sequence
from uuid import UUID

from hikeshi.accounts import facts, names, queries
from hikeshi.accounts.actions.rights import TOPICS
from hikeshi.accounts.models import Organisation, Person, Team
from hikeshi.accounts.permissions import Verb
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.facts import commit
from hikeshi.kernel.refusals import Invalid
from hikeshi.ledger.acts import action, record


@action
def add_organisation(*, by: Actor, name: str, parent: UUID) -> Organisation:
    """Raises NotAllowed, NotFound, Invalid."""
    by.must(Verb.MANAGE)
    above = queries.organisation(by, parent, Verb.MANAGE)
    written = names.title(name)
    _must_be_free(written, above)
    place = Organisation.objects.create(name=written, parent=above)
    place.path = f"{above.path}{place.pk}/"
    place.save(update_fields=["path"])
    title = commit(place.name, place.secret)
    fact = facts.OrganisationAdded(organisation=place.uuid, parent=above.uuid, title=title)
    record(fact, subject=f"organisation:{place.uuid}", by=by, topics=TOPICS)
    return place


@action
def rename_organisation(*, by: Actor, organisation: UUID, name: str) -> Organisation:
    """Raises NotAllowed, NotFound, Invalid."""
    by.must(Verb.MANAGE)
    place = queries.organisation(by, organisation, Verb.MANAGE)
    written = names.title(name)
    if written == place.name:
        return place
    _must_be_free(written, place.parent)
    place.name = written
    place.save(update_fields=["name"])
    fact = facts.OrganisationRenamed(organisation=place.uuid, title=commit(place.name, place.secret))
    record(fact, subject=f"organisation:{place.uuid}", by=by, topics=TOPICS)
    return place


@action
def move_organisation(*, by: Actor, organisation: UUID, parent: UUID) -> Organisation:
    """With everything beneath it; roles held above the old place no longer reach it.

    Raises NotAllowed, NotFound, Invalid.
    """
    by.must(Verb.MANAGE)
    place = queries.organisation(by, organisation, Verb.MANAGE)
    above = queries.organisation(by, parent, Verb.MANAGE)
    if place.parent is None:
        raise Invalid("organisation", "root")
    by.must(Verb.MANAGE, place.parent.pk)
    if above.path.startswith(place.path):
        raise Invalid("parent", "own_subtree")
    if place.parent == above:
        return place
    _must_be_free(place.name, above)
    _carry(place, above)
    fact = facts.OrganisationMoved(organisation=place.uuid, parent=above.uuid)
    record(fact, subject=f"organisation:{place.uuid}", by=by, topics=TOPICS)
    return place


def _carry(place: Organisation, above: Organisation) -> None:
    old, new = place.path, f"{above.path}{place.pk}/"
    place.parent, place.path = above, new
    place.save(update_fields=["parent", "path"])
    below = list(Organisation.objects.select_for_update().filter(path__startswith=old).exclude(pk=place.pk))
    for lower in below:
        lower.path = new + lower.path.removeprefix(old)
    Organisation.objects.bulk_update(below, ["path"], batch_size=500)


def _must_be_free(name: str, parent: Organisation | None) -> None:
    if Organisation.objects.filter(parent=parent, name=name).exists():
        raise Invalid("name", "taken")


@action
def add_team(*, by: Actor, organisation: UUID, name: str, people: Sequence[UUID] = ()) -> Team:
    """Raises NotAllowed, NotFound, Invalid."""
    by.must(Verb.MANAGE)
    place = queries.organisation(by, organisation, Verb.MANAGE)
    members = [queries.person(by, uuid) for uuid in people]
    written = names.title(name)
    if Team.objects.filter(organisation=place, name=written).exists():
        raise Invalid("name", "taken")
    team = Team.objects.create(organisation=place, name=written)
    team.people.set(members)
    _record(by, team, members)
    return team


@action
def change_team(*, by: Actor, team: UUID, name: str, people: Sequence[UUID]) -> Team:
    """Raises NotAllowed, NotFound, Invalid."""
    by.must(Verb.MANAGE)
    changed = queries.team(by, team)
    by.must(Verb.MANAGE, changed.organisation_id)
    members = [queries.person(by, uuid) for uuid in people]
    written = names.title(name)
    if Team.objects.filter(organisation=changed.organisation, name=written).exclude(pk=changed.pk).exists():
        raise Invalid("name", "taken")
    changed.name = written
    changed.save(update_fields=["name"])
    changed.people.set(members)
    _record(by, changed, members)
    return changed


@action
def remove_team(*, by: Actor, team: UUID) -> None:
    """Raises NotAllowed, NotFound."""
    by.must(Verb.MANAGE)
    gone = queries.team(by, team)
    by.must(Verb.MANAGE, gone.organisation_id)
    gone.delete()
    record(facts.TeamRemoved(team=team), subject=f"team:{team}", by=by, topics=TOPICS)


def _record(by: Actor, team: Team, members: Sequence[Person]) -> None:
    fact = facts.TeamChanged(
        team=team.uuid,
        organisation=team.organisation.uuid,
        title=commit(team.name, team.secret),
        people=tuple(sorted(person.uuid for person in members)),
    )
    record(fact, subject=f"team:{team.uuid}", by=by, topics=TOPICS)

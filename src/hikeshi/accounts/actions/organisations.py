"""The tree of organisations."""

from uuid import UUID

from hikeshi.accounts import facts, names, queries
from hikeshi.accounts.actions.rights import TOPICS, must_stand
from hikeshi.accounts.models import Organisation, Person, Site, Team
from hikeshi.accounts.permissions import Verb
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.facts import commit
from hikeshi.kernel.refusals import Invalid
from hikeshi.ledger.acts import action, record


@action
def add_organisation(*, by: Actor, name: str, parent: UUID) -> Organisation:
    """Raises NotAllowed, NotFound, Invalid."""
    by.must(Verb.MANAGE)
    above = queries.organisation(by, parent, Verb.MANAGE)
    must_stand(above)
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
    Site.objects.select_for_update().filter(pk=1).first()  # of two moves at once, one sees what the other has done
    place = queries.organisation(by, organisation, Verb.MANAGE)
    above = queries.organisation(by, parent, Verb.MANAGE)
    must_stand(above)
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


@action
def retire_organisation(*, by: Actor, organisation: UUID) -> Organisation:
    """It takes in nothing new; what was done there stays, and so do the roles held there, for its records. Nobody who
    can sign in may belong to it, nothing in use stand below it and no token post for it. Raises NotAllowed, NotFound,
    Invalid.
    """
    by.must(Verb.MANAGE)
    place = queries.organisation(by, organisation, Verb.MANAGE)
    if place.parent is None:
        raise Invalid("organisation", "root")
    by.must(Verb.MANAGE, place.parent.pk)
    if place.retired_at is not None:
        return place
    _must_be_empty(place)
    place.retired_at = clock.now()
    place.save(update_fields=["retired_at"])
    fact = facts.OrganisationRetired(organisation=place.uuid)
    record(fact, subject=f"organisation:{place.uuid}", by=by, topics=TOPICS)
    return place


@action
def reinstate_organisation(*, by: Actor, organisation: UUID) -> Organisation:
    """Raises NotAllowed, NotFound, Invalid."""
    by.must(Verb.MANAGE)
    place = queries.organisation(by, organisation, Verb.MANAGE)
    if place.retired_at is None:
        return place
    if place.parent is not None:
        by.must(Verb.MANAGE, place.parent.pk)
        must_stand(place.parent)
    place.retired_at = None
    place.save(update_fields=["retired_at"])
    fact = facts.OrganisationReinstated(organisation=place.uuid)
    record(fact, subject=f"organisation:{place.uuid}", by=by, topics=TOPICS)
    return place


def _must_be_empty(place: Organisation) -> None:
    below = list(Organisation.objects.filter(parent=place, retired_at=None).values_list("name", flat=True)[:3])
    people = list(Person.objects.filter(organisation=place, is_active=True).values_list("name", flat=True)[:3])
    teams = list(Team.objects.filter(organisation=place, retired_at=None).values_list("name", flat=True)[:3])
    keys = list(queries.live_tokens().filter(organisation=place).values_list("name", flat=True)[:3])
    if below or people or teams or keys:
        raise Invalid("organisation", "in_use", where=", ".join([*below, *people, *teams, *keys]))


def _must_be_free(name: str, parent: Organisation | None) -> None:
    if Organisation.objects.filter(parent=parent, name=name).exists():
        raise Invalid("name", "taken")

"""Who holds what where. Nobody hands out more than they hold, and somebody always holds the keys of the whole site."""

from collections.abc import Sequence
from uuid import UUID

from hikeshi.accounts import facts, names, queries
from hikeshi.accounts.models import Grant, Organisation, Person, Role, Site
from hikeshi.accounts.permissions import Verb
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Invalid, NotAllowed, NotFound
from hikeshi.ledger.acts import action, record

TOPICS = ("accounts",)


def must_outrank(by: Actor, person: Person) -> None:
    """Whoever can speak as a person (password, link, token) holds their rights: so all of those must be held first.

    Raises NotAllowed.
    """
    by.must(Verb.MANAGE, person.organisation_id)
    if by.unlimited or by.person_id == person.pk:
        return
    for verb, places in queries.actor_of(person).grants.items():
        if not places <= by.organisations(verb):
            raise NotAllowed(verb)


def must_stand(place: Organisation) -> None:
    """Nothing new comes to an organisation that is no more. Raises Invalid."""
    if place.retired_at is not None:
        raise Invalid("organisation", "is_retired")


def must_leave_an_administrator() -> None:
    """Called after the change, inside its transaction. Raises Invalid where nobody could manage the whole site."""
    Site.objects.select_for_update().filter(pk=1).first()  # two administrators removing each other take turns here
    managing = [role.pk for role in Role.objects.all() if Verb.MANAGE in role.verbs]
    kept = Grant.objects.filter(role__in=managing, organisation__parent__isnull=True, person__is_active=True)
    if not kept.exists():
        raise Invalid("person", "last_administrator")


@action
def grant_role(*, by: Actor, person: UUID, role: str, organisation: UUID) -> Grant:
    """Granting what is granted already changes nothing. Raises NotAllowed, NotFound."""
    place = queries.organisation(by, organisation, Verb.MANAGE)
    by.must(Verb.MANAGE, place.pk)
    holder = queries.person(by, person)
    must_stand(place)
    wanted = _role(role)
    _must_hold(by, wanted.verbs, place)
    grant, new = Grant.objects.get_or_create(person=holder, role=wanted, organisation=place)
    if new:
        _record_grant(by, grant)
    return grant


def grant_planned(by: Actor, wanted: Sequence[tuple[Person, Role, Organisation]]) -> None:
    """Many at once, for people the caller has seen to be the actor's to change. What is held already stays as it is.

    Raises NotAllowed, Invalid.
    """
    for role, place in {(role.pk, place.pk): (role, place) for _, role, place in wanted}.values():
        by.must(Verb.MANAGE, place.pk)
        must_stand(place)
        _must_hold(by, role.verbs, place)
    numbers = [person.pk for person, _, _ in wanted]
    held = set(Grant.objects.filter(person__in=numbers).values_list("person", "role", "organisation"))
    new = [
        Grant(person=person, role=role, organisation=place)
        for person, role, place in wanted
        if (person.pk, role.pk, place.pk) not in held
    ]
    Grant.objects.bulk_create(new, batch_size=500)
    for grant in new:
        _record_grant(by, grant)


def _record_grant(by: Actor, grant: Grant) -> None:
    fact = facts.RoleGranted(
        grant=grant.uuid, person=grant.person.uuid, role=grant.role.code, organisation=grant.organisation.uuid
    )
    record(fact, subject=f"person:{grant.person.uuid}", by=by, topics=TOPICS)


@action
def revoke_role(*, by: Actor, person: UUID, role: str, organisation: UUID) -> None:
    """Raises NotAllowed, NotFound, Invalid for the last administrator's."""
    place = queries.organisation(by, organisation, Verb.MANAGE)
    by.must(Verb.MANAGE, place.pk)
    holder = queries.person(by, person)
    grant = Grant.objects.filter(person=holder, role__code=role, organisation=place).select_related("role").first()
    if grant is None:
        raise NotFound("grant")
    _must_hold(by, grant.role.verbs, place)
    fact = facts.RoleRevoked(grant=grant.uuid, person=holder.uuid, role=role, organisation=place.uuid)
    grant.delete()
    must_leave_an_administrator()
    record(fact, subject=f"person:{holder.uuid}", by=by, topics=TOPICS)


@action
def define_role(*, by: Actor, code: str, verbs: Sequence[str], name: str = "", builtin: bool = False) -> Role:
    """Adds or redefines a role. A built-in one changes with the product only. Raises NotAllowed, Invalid."""
    place = queries.root()
    by.must(Verb.MANAGE, place.pk)
    _must_hold(by, verbs, place)
    role = Role.objects.filter(code=code).first() or Role(code=names.code(code))
    if role.pk and role.builtin and not by.unlimited:
        raise Invalid("role", "builtin")
    if role.pk is None or list(role.verbs) != list(verbs):
        keys_taken = Verb.MANAGE in role.verbs and Verb.MANAGE not in verbs
        role.verbs = list(verbs)
        role.builtin = builtin and by.unlimited
        role.name = names.title(name) if name else ""
        role.save()
        if keys_taken:
            must_leave_an_administrator()
        fact = facts.RoleDefined(role=code, verbs=tuple(verbs))
        record(fact, subject=f"role:{code}", by=by, topics=TOPICS)
    return role


@action
def require_second_factor(*, by: Actor, role: str, required: bool) -> Role:
    """Raises NotAllowed, NotFound."""
    by.must(Verb.MANAGE, queries.root().pk)
    changed = _role(role)
    if changed.requires_mfa != required:
        changed.requires_mfa = required
        changed.save(update_fields=["requires_mfa"])
        fact = facts.SecondFactorRequired(role=role, required=required)
        record(fact, subject=f"role:{role}", by=by, topics=TOPICS)
    return changed


def _role(code: str) -> Role:
    found = Role.objects.filter(code=code).first()
    if found is None:
        raise NotFound("role")
    return found


def _must_hold(by: Actor, verbs: Sequence[str], place: Organisation) -> None:
    for verb in verbs:
        by.must(verb, place.pk)

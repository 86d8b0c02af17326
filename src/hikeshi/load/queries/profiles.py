"""What people can, and who may say so."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from hikeshi.accounts import queries as accounts
from hikeshi.accounts.models import Membership
from hikeshi.accounts.queries import Person
from hikeshi.kernel.acting import Actor
from hikeshi.load.models import Profile
from hikeshi.load.permissions import Verb


def may_manage(by: Actor, person: Person) -> bool:
    """Who manages load where they belong, and whoever leads a team they are in."""
    if by.may(Verb.MANAGE, person.organisation_id):
        return True
    if by.person_id is None:
        return False
    led = Membership.objects.filter(person=by.person_id, lead=True, team__retired_at=None).values("team")
    return Membership.objects.filter(person=person, team__in=led).exists()


def profile(by: Actor, person: UUID) -> tuple[Person, Profile]:
    """Theirs as it stands, unsaved where nobody said anything. Raises NotAllowed, NotFound."""
    by.must(Verb.VIEW)
    found = accounts.person(by, person)
    return found, Profile.objects.filter(person=found).first() or Profile(person=found, version=0)


def skilled(people: Iterable[int]) -> Mapping[int, Profile]:
    """Profiles by the person's id: one query."""
    return {row.person_id: row for row in Profile.objects.filter(person__in=list(people))}

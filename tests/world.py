"""Worlds for tests, built by plain functions through the product's own verbs. Time: ``world.clock.fast_forward``."""

from hikeshi.accounts import actions, queries
from hikeshi.accounts.models import Organisation, Person
from hikeshi.kernel import clock as clock
from hikeshi.kernel.acting import Actor, system

PASSWORD = "correct horse battery staple"


def site() -> Organisation:
    """A site after its first start: the topmost organisation, the roles, ``admin``. Twice built is once built."""
    if not Organisation.objects.exists():
        actions.bootstrap(by=system("test"), password=PASSWORD)
    return queries.root()


def organisation(name: str, parent: Organisation | None = None) -> Organisation:
    above = parent or site()
    found = Organisation.objects.filter(name=name, parent=above).first()
    return found or actions.add_organisation(by=system("test"), name=name, parent=above.uuid)


def person(username: str, *roles: str, at: Organisation | None = None, password: str = "") -> Person:
    """Somebody who belongs to ``at`` (default: the topmost organisation) and holds these roles there."""
    place = at or site()
    desk = system("test")
    found = Person.objects.filter(username=username).first()
    made = found or actions.add_person(
        by=desk, username=username, name=username.title(), organisation=place.uuid, password=password
    )
    for role in roles:
        actions.grant_role(by=desk, person=made.uuid, role=role, organisation=place.uuid)
    return made


def actor(username: str, *roles: str, at: Organisation | None = None) -> Actor:
    """The same, ready to act. Ask again after their rights have changed."""
    return queries.actor_of(person(username, *roles, at=at))


def admin() -> Actor:
    site()
    return queries.actor_of(Person.objects.get(username="admin"))

"""Whom and what everybody who has signed in may name: people and departments of their own company, by name alone.

A company is what lies directly under the top; whoever belongs to the top itself may name all of it.
"""

from typing import Final

from django.db.models import QuerySet

from hikeshi.accounts.models import Organisation, Person
from hikeshi.accounts.queries import myself
from hikeshi.kernel.acting import Actor

_TOP: Final = 1


def departments(by: Actor) -> QuerySet[Organisation]:
    """In use; nothing for somebody without an account."""
    inside = _inside(by)
    if inside is None:
        return Organisation.objects.none()
    return Organisation.objects.filter(path__startswith=inside, retired_at__isnull=True).order_by("path")


def colleagues(by: Actor) -> QuerySet[Person]:
    """Those who can sign in; nobody for somebody without an account."""
    inside = _inside(by)
    if inside is None:
        return Person.objects.none()
    rows = Person.objects.filter(organisation__path__startswith=inside, is_active=True)
    return rows.select_related("organisation").order_by("name", "id")


def _inside(by: Actor) -> str | None:
    """The path of their company."""
    person = myself(by)
    if person is None or not person.is_active:
        return None
    steps = person.organisation.path.strip("/").split("/")
    return "/" + "".join(f"{step}/" for step in steps[: _TOP + 1])

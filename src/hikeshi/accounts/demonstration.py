"""Who may be tried in a demonstration. Its people have one password that anybody may know, while nobody but this
machine reaches the desk; where others can, ``hikeshi demo`` asks for another and the sign-in page names nobody.
"""

from dataclasses import dataclass
from typing import Final

from django.conf import settings

from hikeshi.accounts.models import Grant, Person, Site
from hikeshi.kernel.worlds import World

PASSWORD: Final = "hikeshi-demo"  # noqa: S105  # of people who do not exist, on a desk that holds nothing
SHOWN: Final = 8


@dataclass(frozen=True, slots=True)
class Tryable:
    username: str
    name: str
    role: str


def people() -> list[Tryable]:
    """Those the sign-in page offers, the first of each role first; nobody outside a demonstration on this machine."""
    here = settings.ENVIRONMENT
    if not here.loopback or here.trusted_proxy or not Site.objects.filter(pk=1, world=World.DEMO).exists():
        return []
    known = [one for one in Person.objects.filter(is_active=True).order_by("pk") if one.has_usable_password()][:SHOWN]
    if not known or not known[0].check_password(PASSWORD):
        return []
    roles = dict(Grant.objects.filter(person__in=known).order_by("-pk").values_list("person_id", "role__code"))
    return [Tryable(one.username, one.name, roles.get(one.pk, "")) for one in known]

"""Things of the site that were answered in a form: where this reader finds them."""

from collections.abc import Collection, Mapping
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse

from hikeshi.accounts import queries as accounts
from hikeshi.assets import queries as assets
from hikeshi.kernel.acting import Actor


def links(by: Actor, things: Collection[str]) -> Mapping[str, str]:
    """By ``asset:<uuid>``, ``department:`` and ``person:``, those that the reader sees. A query for each sort there is;
    none where nothing of the site was answered.
    """
    wanted: dict[str, set[UUID]] = {}
    for one in filter(None, things):
        kind, _colon, uuid = one.partition(":")
        wanted.setdefault(kind, set()).add(UUID(uuid))
    found: dict[str, str] = {}
    for kind, uuids in wanted.items():
        seen = _seen(by, kind).filter(uuid__in=uuids).values_list("uuid", flat=True)
        found |= {f"{kind}:{uuid}": _address(kind, uuid) for uuid in seen}
    return found


def _seen(by: Actor, kind: str) -> QuerySet[assets.Asset] | QuerySet[assets.Organisation] | QuerySet[accounts.Person]:
    if kind == "asset":
        return assets.visible(by)
    return accounts.organisations(by) if kind == "department" else accounts.people(by)


def _address(kind: str, uuid: UUID) -> str:
    if kind == "department":
        return f"{reverse('web:incidents')}?status=all&filter=organisation:is:{uuid}"
    return reverse("web:asset" if kind == "asset" else "web:contact", args=[uuid])

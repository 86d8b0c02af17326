"""People with an account: name and user name; where they belong. Their addresses are for the contacts pages alone."""

from collections.abc import Collection, Mapping
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet

from hikeshi.accounts import queries as accounts
from hikeshi.accounts.models import Person
from hikeshi.accounts.permissions import Verb
from hikeshi.finding import operators
from hikeshi.finding.kinds.findable import Findable, Shown
from hikeshi.kernel.acting import Actor
from hikeshi.search.actions import Text


def _visible(by: Actor) -> QuerySet[Person]:
    return accounts.people(by).select_related(None)


def texts(uuids: Collection[UUID]) -> list[Text]:
    rows = Person.objects.filter(uuid__in=uuids).select_related("organisation").order_by("pk")
    return [Text(row.uuid, f"{row.name}\n{row.username}", row.organisation.name) for row in rows]


def shown(by: Actor, uuids: Collection[UUID]) -> Mapping[UUID, Shown]:
    rows = accounts.people(by).filter(uuid__in=uuids)
    return {row.uuid: Shown(row, row.name, (row.username, row.organisation.name)) for row in rows}


def _is(by: Actor, value: str) -> Q:
    return Q(is_active=operators.choice(value, ("active", "inactive")) == "active")


PEOPLE: Final = Findable(
    kind="person",
    verb=Verb.VIEW,
    rows=Person.objects.all,
    visible=_visible,
    texts=texts,
    shown=shown,
    holding=lambda letters: Q(name__icontains=letters) | Q(username__icontains=letters),
    narrowing={"is": _is},
)

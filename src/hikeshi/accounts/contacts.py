"""The directory as a reader may see it: whom to call, how, and how far each way is to be trusted."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from hikeshi.accounts import queries, reaching
from hikeshi.accounts.models import CallLine, Grant, Person, Role
from hikeshi.accounts.models import Card as Card
from hikeshi.accounts.models import Check as Check
from hikeshi.accounts.models import ContactRules as ContactRules
from hikeshi.accounts.models import Party as Party
from hikeshi.accounts.models import PartyKind as PartyKind
from hikeshi.accounts.models import Responsibility as Responsibility
from hikeshi.accounts.models import StoredWay as StoredWay
from hikeshi.accounts.models import Who as Who
from hikeshi.accounts.permissions import Verb
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import NotFound

MOST_WAYS: Final = 20


def rules() -> ContactRules:
    return reaching.rules()


def relied_on() -> QuerySet[Person]:
    """Of the whole site, for the desk's own loops: people in use who work on records, stand on a call sheet, or stand
    in for such a person. Somebody who only reports need not be reached at night.
    """
    working = [role.pk for role in Role.objects.all() if Verb.VIEW in role.verbs]
    granted = Grant.objects.filter(person=OuterRef("pk"), role__in=working)
    listed = CallLine.objects.filter(person=OuterRef("pk"))
    deputies = Card.objects.filter(deputy=OuterRef("pk"), person__is_active=True)
    return Person.objects.filter(Exists(granted) | Exists(listed) | Exists(deputies), is_active=True)


def seen_people(by: Actor) -> QuerySet[Person]:
    """Those whose ways the reader may see: one's own always."""
    rows = queries.people(by, active=True)
    return rows if by.unlimited or by.may(Verb.VIEW) else rows.filter(pk=by.person_id or 0)


def parties(by: Actor, *, q: str = "", kind: str = "", retired: bool = False) -> QuerySet[Party]:
    """Parties, not their desks, in the reader's organisations."""
    rows = seen_parties(by).filter(under=None, retired_at__isnull=not retired)
    if q:
        found = Q(name__icontains=q) | Q(duty__icontains=q) | Q(desks__name__icontains=q)
        rows = rows.filter(found).distinct()
    return rows.filter(kind=kind) if kind else rows


def seen_parties(by: Actor) -> QuerySet[Party]:
    rows = Party.objects.select_related("organisation", "under", "deputy", "keeper")
    return rows if by.unlimited else rows.filter(organisation__in=by.organisations(Verb.VIEW))


def party(by: Actor, uuid: UUID) -> Party:
    """A party or a desk of one. Raises NotFound."""
    found = seen_parties(by).filter(uuid=uuid).first()
    if found is None:
        raise NotFound("party")
    return found


def whole_party(by: Actor, uuid: UUID) -> Party:
    """With its desks, their ways and who does what. Raises NotFound."""
    desks = Party.objects.filter(retired_at=None).select_related("deputy").order_by("position", "id")
    rows = seen_parties(by).prefetch_related(
        "ways", "responsibilities", Prefetch("desks", queryset=desks.prefetch_related("ways"))
    )
    found = rows.filter(uuid=uuid).first()
    if found is None:
        raise NotFound("party")
    return found


def may_keep(by: Actor, party: Party) -> bool:
    return by.may(Verb.MANAGE, party.organisation_id)


def stored_way(by: Actor, uuid: UUID) -> StoredWay:
    """Raises NotFound."""
    rows = StoredWay.objects.select_related("person__organisation", "party__organisation", "party__under")
    theirs = Q(person__in=queries.people(by) if by.unlimited or by.may(Verb.VIEW) else [by.person_id or 0])
    outside = Q(party__in=seen_parties(by).values("pk"))
    found = rows.filter(uuid=uuid).filter(theirs | outside).first()
    if found is None:
        raise NotFound("way")
    return found


def ways_of_person(by: Actor, uuid: UUID) -> Sequence[StoredWay]:
    """Raises NotFound."""
    holder = queries.person(by, uuid)
    if holder.pk != by.person_id:
        by.must(Verb.VIEW)
    return list(StoredWay.objects.filter(person=holder).select_related("person"))


def card_of(person: Person) -> Card:
    return Card.objects.select_related("deputy").filter(person=person).first() or Card(person=person)


def holder(row: StoredWay) -> Person | Party:
    """Whose way it is. Raises NotFound."""
    held = row.person or row.party
    if held is None:
        raise NotFound("way")
    return held


def due_checks(now: datetime) -> QuerySet[StoredWay]:
    """Ways of people in use the desk is to ask at now; for its own loop."""
    rows = StoredWay.objects.filter(check_at__lte=now, person__is_active=True)
    return rows.select_related("person").order_by("check_at", "id")


def late_checks(now: datetime) -> QuerySet[Check]:
    """Asked, and not answered in time; for the desk's own loop."""
    return Check.objects.filter(due_at__lte=now).order_by("due_at", "id")

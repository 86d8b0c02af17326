"""Calendars of others as they are read: by whom they concern, and by the desk when they are due."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet

from hikeshi.accounts import queries as accounts
from hikeshi.accounts import sealing
from hikeshi.accounts.models import Calendar
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import NotFound
from hikeshi.oncall.models import Subscription as Subscription  # surfaces name what they are given
from hikeshi.oncall.permissions import Verb

PURPOSE: Final = "duty_calendar"


def subscriptions(by: Actor) -> QuerySet[Subscription]:
    """The reader's own, those of rotas and people of organisations whose duty they plan, and of business calendars
    where they look after these. Raises NotAllowed.
    """
    by.must(Verb.VIEW)
    rows = Subscription.objects.select_related("rota__organisation", "person").order_by("pk")
    if by.unlimited:
        return rows
    planned = by.organisations(Verb.MANAGE)
    mine = Q(person=by.person_id, person__isnull=False)
    theirs = Q(rota__organisation__in=planned) | Q(person__organisation__in=planned)
    holidays = Q(calendar__isnull=False) if accounts.may_manage_site(by) else Q(pk__in=[])
    return rows.filter(mine | theirs | holidays)


def calendar_names(rows: Iterable[Subscription]) -> Mapping[UUID, str]:
    """Of the business calendars whose holidays these say."""
    wanted = {one.calendar for one in rows if one.calendar is not None}
    return dict(Calendar.objects.filter(uuid__in=wanted).values_list("uuid", "name")) if wanted else {}


def subscription(by: Actor, uuid: UUID) -> Subscription:
    """Raises NotAllowed, NotFound."""
    found = subscriptions(by).filter(uuid=uuid).first()
    if found is None:
        raise NotFound("calendar")
    return found


def _in_use() -> QuerySet[Subscription]:
    """Of rotas in use, of people who are here, of business calendars."""
    theirs = Q(rota__retired_at=None, rota__isnull=False) | Q(person__is_active=True)
    return Subscription.objects.filter(theirs | Q(calendar__isnull=False))


def due(at: datetime) -> Subscription | None:
    """For the desk: the one that has waited longest."""
    return _in_use().filter(due_at__lte=at).order_by("due_at", "pk").first()


def digest(address: str) -> str:
    """By which one address is known again; nobody guesses it back without the key."""
    return sealing.keyed(settings.MASTER_KEY, PURPOSE, address)


def sealed(address: str) -> str:
    return sealing.seal(settings.MASTER_KEY, PURPOSE, address)


def address_of(row: Subscription) -> str:
    """Raises cryptography.fernet.InvalidToken under another master key."""
    return sealing.unseal(settings.MASTER_KEY, PURPOSE, row.address)

"""Who can be asked: owners of the work, and people to bring in."""

from django.db.models import Q, QuerySet

from hikeshi.accounts import queries as accounts
from hikeshi.accounts.models import Person
from hikeshi.incidents.models import Incident
from hikeshi.incidents.permissions import Verb
from hikeshi.kernel.acting import Actor


def owner_choices(record: Incident) -> QuerySet[Person]:
    """Who can be given this record, or a task or phase of it."""
    return accounts.people_who_may(Verb.WORK, record.organisation)


def deciders(record: Incident) -> QuerySet[Person]:
    """Who can be asked for a decision about this record."""
    return accounts.people_who_may(Verb.DECIDE, record.organisation)


def person_choices(by: Actor, record: Incident) -> QuerySet[Person]:
    """Who can be brought in: colleagues of the organisation it belongs to, whoever may look at its incidents, and
    those the actor may look up anyway.
    """
    lookers = accounts.people_who_may(Verb.VIEW, record.organisation).order_by().values("pk")
    known = accounts.people(by, active=True).order_by().values("pk")
    wanted = Q(organisation=record.organisation_id) | Q(pk__in=lookers) | Q(pk__in=known)
    return Person.objects.filter(wanted, is_active=True).order_by("name", "id")

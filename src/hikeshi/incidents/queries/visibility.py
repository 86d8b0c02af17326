"""Who sees which incident. Every read and every act starts from here."""

from datetime import timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from hikeshi.incidents.models import Incident, Participant
from hikeshi.incidents.permissions import Verb
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.ledger import access
from hikeshi.ledger.models import Reading

NOTED_AGAIN = timedelta(minutes=10)


def memberships(person_id: int) -> QuerySet[Participant]:
    """Where the person takes part now; broken glass mends itself when its time is over."""
    standing = Q(until__isnull=True) | Q(until__gt=clock.now())
    return Participant.objects.filter(standing, person_id=person_id)


def members(incident: Incident) -> frozenset[int]:
    """Ids of the people who see a restricted incident for good: glass broken for an hour opens the room, not the
    alert queue.
    """
    people = set(Participant.objects.filter(incident=incident, until=None).values_list("person_id", flat=True))
    return frozenset(people | ({incident.owner_id} if incident.owner_id else set()))


def visible(by: Actor) -> QuerySet[Incident]:
    """Incidents of organisations the actor may look at, unless restricted; and those they own or take part in."""
    rows = Incident.objects.all()
    if by.unlimited:
        return rows
    seen = Q(organisation__in=by.organisations(Verb.VIEW), restricted=False)
    if by.person_id is not None:
        mine = memberships(by.person_id).filter(incident=OuterRef("pk"))
        return rows.filter(seen | Q(owner=by.person_id) | Q(Exists(mine)))
    return rows.filter(seen)


def hidden_subjects(by: Actor) -> list[str]:
    """Restricted records that the actor does not see: what others keep about them is not theirs to see either."""
    if by.unlimited:
        return []
    hidden = Incident.objects.filter(restricted=True).exclude(pk__in=visible(by).filter(restricted=True).values("pk"))
    return [f"incident:{uuid}" for uuid in hidden.values_list("uuid", flat=True)]


def note_reading(by: Actor, record: Incident, what: str) -> None:
    """Into the access log, where the record is restricted; an open page that refreshes itself is one reading."""
    if not record.restricted:
        return
    lately = Reading.objects.filter(subject=record.subject, at__gt=clock.now() - NOTED_AGAIN)
    if not lately.filter(actor=by.ref, what=what).exists():
        access.note_reading(by=by, subject=record.subject, what=what)

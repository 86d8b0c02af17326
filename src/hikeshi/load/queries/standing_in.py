"""Whose records need somebody else, and who comes nearest to taking them: said, never done by itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Q

from hikeshi.accounts import queries as accounts
from hikeshi.accounts.queries import Person
from hikeshi.incidents import queries as incidents
from hikeshi.incidents.queries import Incident
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.load.models import Unplaced
from hikeshi.load.queries.assigning import Proposal, proposal
from hikeshi.load.queries.board import candidates
from hikeshi.load.queries.figures import Figures, figures
from hikeshi.oncall.models import Absence

MOST: Final = 100


@dataclass(frozen=True, slots=True)
class Wanted:
    """What stands between an open record and somebody who answers for it. Without an owner: whom the rules mean,
    fitting or not. With one who is absent: ``owner``, and ``instead``, who would take it.
    """

    proposal: Proposal | None = None
    owner: Figures | None = None
    instead: Figures | None = None


def wanted(by: Actor, record: Incident) -> Wanted | None:
    """None where nothing does. The reader has just found the record, and works on it."""
    if record.standing:
        return None
    if record.owner is None:
        found = proposal(record)
        return Wanted(proposal=found) if found is not None else None
    if record.owner.is_active and (record.waiting or not absences(record.owner)):
        return None
    owner = figures(by, [record.owner])[record.owner.pk]
    return Wanted(owner=owner, instead=instead(by, record.owner, [record])) if owner.absent else None


def instead(by: Actor, person: Person, records: Sequence[Incident]) -> Figures | None:
    """Who would take these over: whoever was named for the time they are away, else whoever carries least."""
    able = [one for one in candidates(by, records) if one.person.pk != person.pk and one.away is None]
    named = {row.substitute_id for row in absences(person)}
    deputy = accounts.recipient(f"person:{person.uuid}")
    meant = deputy.deputy if deputy is not None else ""
    first = [one for one in able if one.person.pk in named or f"person:{one.person.uuid}" == meant]
    return next(iter([*first, *able]), None)


def absences(person: Person) -> list[Absence]:
    now = clock.now()
    return list(Absence.objects.filter(person=person, begins_at__lte=now, ends_at__gt=now).order_by("id"))


def left_behind(by: Actor, person: Person) -> list[Incident]:
    """Open records of theirs that the reader sees, the gravest first."""
    rows = incidents.visible(by).filter(standing=0, owner=person).select_related("organisation")
    return list(rows.order_by("priority", "id")[:MOST])


def absent_owners(now: datetime) -> list[Person]:
    """Who owns open records and has left or is away. For the desk's own loop."""
    away = Absence.objects.filter(begins_at__lte=now, ends_at__gt=now).values("person")
    owning = Incident.objects.filter(standing=0, owner__isnull=False).order_by().values("owner")
    gone = Person.objects.filter(Q(is_active=False) | Q(pk__in=away), pk__in=owning)
    return list(gone.select_related("organisation").order_by("pk"))


def any_unplaced(now: datetime) -> bool:
    """For the desk's own loop."""
    return Unplaced.objects.filter(next_at__lte=now).exists()

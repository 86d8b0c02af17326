"""One outage and its many reports: whom an answer to all reaches, and what closing all closes."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from hikeshi.incidents.codes import Status
from hikeshi.incidents.models import Incident
from hikeshi.incidents.permissions import Verb
from hikeshi.incidents.queries.lists import incident as find
from hikeshi.incidents.queries.visibility import visible
from hikeshi.kernel.acting import Actor


@dataclass(frozen=True, slots=True)
class Together:
    """``answered``: reporters who would read an answer; ``closing``: open reports that would be closed."""

    answered: int
    closing: int


def together(by: Actor, ref: str) -> Together:
    """Raises NotFound."""
    record = find(by, ref)
    return Together(told_together(by, record).count(), open_reports(by, record).count())


def _workable(by: Actor) -> QuerySet[Incident]:
    rows = visible(by)
    return rows if by.unlimited else rows.filter(organisation__in=by.organisations(Verb.WORK))


def told_together(by: Actor, parent: Incident) -> QuerySet[Incident]:
    """Whose reporter hears of it: the record, those under it, and what was merged into any of them, and into that."""
    near = set(Incident.objects.filter(Q(pk=parent.pk) | Q(parent=parent)).values_list("pk", flat=True))
    return _workable(by).filter(pk__in=near | parts(near), reporters__isnull=False)


def parts(of: Collection[int]) -> set[int]:
    """What was merged into these records, and into that, however often. A query for each step."""
    found: set[int] = set()
    last = set(of)
    while last:
        last = set(Incident.objects.filter(merged_into__in=last).values_list("pk", flat=True)) - found
        found |= last
    return found


def open_reports(by: Actor, parent: Incident) -> QuerySet[Incident]:
    return _workable(by).filter(parent=parent, merged_into=None).exclude(status=Status.CLOSED)

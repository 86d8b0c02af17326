"""One outage and its many reports: whom an answer to all reaches, and what closing all closes."""

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
    """Whose reporter hears of it: the record, those under it, and what was merged into any of them."""
    near = Q(pk=parent.pk) | Q(parent=parent) | Q(merged_into=parent) | Q(merged_into__parent=parent)
    return _workable(by).filter(near, reporters__isnull=False)


def open_reports(by: Actor, parent: Incident) -> QuerySet[Incident]:
    return _workable(by).filter(parent=parent, merged_into=None).exclude(status=Status.CLOSED)

"""Records nobody moves, nobody owns, or that wait too long: found by what the site calls too long."""

from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from hikeshi.incidents import queries as incidents
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.paging import count
from hikeshi.kernel.refusals import Invalid
from hikeshi.service_levels.book import PRIORITIES, Limits, Minutes
from hikeshi.service_levels.codes import Stuck
from hikeshi.service_levels.queries.targets import book_in_force

ANY: Final = "any"
"""Whatever the reason."""


def stuck(rows: QuerySet[incidents.Incident], reason: str) -> QuerySet[incidents.Incident]:
    """Those of ``rows`` that are open and stuck for that reason, or for any. Raises Invalid."""
    if reason not in {ANY, *Stuck}:
        raise Invalid("stuck", "not_a_choice", choices=", ".join((ANY, *Stuck)))
    now, limits = clock.now(), book_in_force().book.stuck
    wanted = Q(pk__in=[])
    for one in Stuck:
        if reason in {ANY, one}:
            wanted |= _OF[one](limits, now)
    return rows.annotate(unowned_since=Coalesce("owner_since", "opened_at")).filter(wanted, standing=0)


def _older(column: str, minutes: Minutes, now: datetime) -> Q:
    found = Q(pk__in=[])
    for priority, limit in zip(PRIORITIES, minutes, strict=True):
        if limit is not None:
            found |= Q(priority=priority, **{f"{column}__lt": now - timedelta(minutes=limit)})
    return found


def _no_move(limits: Limits, now: datetime) -> Q:
    """Nobody did anything: what the desk does by itself moves nothing. What waits is asked about by itself."""
    return Q(waiting="") & _older("moved_at", limits.no_move, now)


def _no_owner(limits: Limits, now: datetime) -> Q:
    return Q(owner__isnull=True) & _older("unowned_since", limits.no_owner, now)


def _waiting(limits: Limits, now: datetime) -> Q:
    return ~Q(waiting="") & _older("waiting_since", limits.waiting, now)


_OF: Final = {Stuck.NO_MOVE: _no_move, Stuck.NO_OWNER: _no_owner, Stuck.WAITING: _waiting}


def stuck_count(by: Actor) -> tuple[int, bool]:
    """How many the reader sees that are stuck, and whether that is exact (to 999: it is counted for every list)."""
    return count(stuck(incidents.visible(by), ANY), to=999)


def why_stuck(record: incidents.Incident) -> Stuck | None:
    """The first reason that holds for it now; None where it moves."""
    row = incidents.Incident.objects.filter(pk=record.pk)
    return next((one for one in Stuck if stuck(row, one).exists()), None)

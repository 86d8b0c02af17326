"""Records nobody moves, nobody owns, or that wait too long: found by what the site calls too long."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from hikeshi.incidents import queries as incidents
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Invalid
from hikeshi.ledger.lately import Lately
from hikeshi.service_levels.book import PRIORITIES, Minutes
from hikeshi.service_levels.codes import Stuck
from hikeshi.service_levels.queries.targets import book_in_force

ANY: Final = "any"
"""Whatever the reason."""
MOST: Final = 999
NEVER: Final = datetime(1, 1, 2, tzinfo=UTC)


def stuck(rows: QuerySet[incidents.Incident], reason: str) -> QuerySet[incidents.Incident]:
    """Those of ``rows`` that are open and stuck for that reason, or for any. Raises Invalid."""
    if reason not in {ANY, *Stuck}:
        raise Invalid("stuck", "not_a_choice", choices=", ".join((ANY, *Stuck)))
    limits = _limits()
    return _stuck(rows, [one for one in Stuck if reason in {ANY, one}], **limits)


def _limits() -> dict[str, datetime]:
    """For each reason and priority the moment before which it counts; one no record has where it never does."""
    now, book = clock.now(), book_in_force().book.stuck
    minutes: dict[Stuck, Minutes] = {
        Stuck.NO_MOVE: book.no_move,
        Stuck.NO_OWNER: book.no_owner,
        Stuck.WAITING: book.waiting,
    }
    return {
        f"{reason}_{priority}": NEVER if limit is None else now - timedelta(minutes=limit)
        for reason, many in minutes.items()
        for priority, limit in zip(PRIORITIES, many, strict=True)
    }


def _stuck(
    rows: QuerySet[incidents.Incident], reasons: Sequence[Stuck] = tuple(Stuck), **limits: datetime
) -> QuerySet[incidents.Incident]:
    wanted = Q(pk__in=[])
    for reason in reasons:
        column, standing = _OF[reason]
        older = Q(pk__in=[])
        for priority in PRIORITIES:
            older |= Q(priority=priority, **{f"{column}__lt": limits[f"{reason}_{priority}"]})
        wanted |= standing & older
    return rows.annotate(unowned_since=Coalesce("owner_since", "opened_at")).filter(wanted, standing=0)


# Which time counts, and what is so. What the desk does by itself moves nothing; what waits is asked about by itself.
_OF: Final[Mapping[Stuck, tuple[str, Q]]] = {
    Stuck.NO_MOVE: ("moved_at", Q(waiting="")),
    Stuck.NO_OWNER: ("unowned_since", Q(owner__isnull=True)),
    Stuck.WAITING: ("waiting_since", ~Q(waiting="")),
}
_COUNTED: Final = incidents.Seen(
    lambda rows, **limits: _stuck(rows, **limits).values_list("pk", flat=True)[: MOST + 1],
    **{f"{reason}_{priority}": datetime for reason in Stuck for priority in PRIORITIES},
)


_stuck_lately: Final = Lately[tuple[int, bool]]("incidents", "service_levels")


def stuck_count(by: Actor) -> tuple[int, bool]:
    """How many the reader sees that are stuck, as of the last minute, and whether that is exact: it is counted to 999,
    for it stands above every list.
    """

    def counted() -> tuple[int, bool]:
        found = len(_COUNTED(by, **_limits()))
        return min(found, MOST), found <= MOST

    return _stuck_lately.of(by, counted)


def why_stuck(record: incidents.Incident) -> Stuck | None:
    """The first reason that holds for it now; None where it moves."""
    row = incidents.Incident.objects.filter(pk=record.pk)
    return next((one for one in Stuck if stuck(row, one).exists()), None)

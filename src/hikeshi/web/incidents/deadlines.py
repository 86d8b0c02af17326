"""What service clocks add to the list of incidents: an order, a filter, and what each line says."""

from collections.abc import Sequence

from django.db.models import QuerySet

from hikeshi.incidents import queries as incidents
from hikeshi.incidents.queries import Incident
from hikeshi.kernel.acting import Actor
from hikeshi.service_levels import queries as service_levels
from hikeshi.web.incidents.forms import Filters


def arranged(rows: QuerySet[Incident], asked: Filters) -> tuple[QuerySet[Incident], tuple[str, ...]]:
    """Narrowed to what is stuck and in the order asked for."""
    found = service_levels.stuck(rows, asked.stuck_for) if asked.stuck_for else rows
    if asked.ordered_by == "due":
        return service_levels.by_deadline(found), service_levels.DEADLINE
    return found, incidents.ORDERS[asked.ordered_by]


def deadlines(by: Actor, records: Sequence[Incident]) -> dict[str, object]:
    """For the lines of a page, and how many are stuck in all."""
    count, exact = service_levels.stuck_count(by)
    return {"chips": service_levels.chips(records), "stuck_count": count, "stuck_exact": exact}

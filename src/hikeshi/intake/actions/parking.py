"""What could not be read: kept aside, read again once its mapping is mended, or let go."""

from uuid import UUID

from hikeshi.intake import queries
from hikeshi.intake.actions import digest
from hikeshi.intake.facts import ParkedDismissed, Replayed
from hikeshi.intake.inbox.items import InboxItem
from hikeshi.intake.models import Parked
from hikeshi.intake.preparing import aside_whole
from hikeshi.intake.queries import ruling
from hikeshi.intake.queries.taking_up import take_up
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import NotFound
from hikeshi.kernel.worlds import World
from hikeshi.ledger.acts import action, record


def park(item: InboxItem, error: str) -> None:
    """For the engine: keeps a whole body aside that ended its digest. Safe to repeat."""
    digest.write([aside_whole(item, "unexpected", error)], ruling.book())


@action
def replay(*, by: Actor, parked: UUID) -> digest.DigestResult:
    """Reads again what was kept aside. What still cannot be read stays, with its newest error. Raises NotFound."""
    row = _parked(by, parked)
    take_up()
    result = digest.again(row)

    if result.parked == 0:
        fact = Replayed(parked=row.uuid, source=row.source, alerts=result.alerts)
        record(fact, subject=f"parked:{row.uuid}", by=by, world=World(row.world), topics=("alerts", "parked"))
    return result


@action
def dismiss_parked(*, by: Actor, parked: UUID) -> None:
    """A person decides that nothing is lost with it. Raises NotFound."""
    row = _parked(by, parked)
    Parked.objects.filter(pk=row.pk).delete()

    fact = ParkedDismissed(parked=row.uuid, source=row.source, alerts=row.alerts)
    record(fact, subject=f"parked:{row.uuid}", by=by, world=World(row.world), topics=("parked",))


def _parked(by: Actor, uuid: UUID) -> Parked:
    row = queries.parked(by).select_for_update().filter(uuid=uuid).first()
    if row is None:
        raise NotFound("parked")
    return row

"""What is done when so much of a clock's time is used up."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from hikeshi.accounts import queries as accounts
from hikeshi.incidents import actions as incidents
from hikeshi.incidents import queries as records
from hikeshi.incidents.queries import Incident
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import NotAllowed
from hikeshi.ledger.acts import action
from hikeshi.phrases import clocks as words
from hikeshi.service_levels.codes import GOING, Act, Measure
from hikeshi.service_levels.models import Clock
from hikeshi.service_levels.permissions import Verb

HIGHEST: Final = 1


@action
def act_on_passing(
    *, by: Actor, incident: UUID, measure: Measure, round_: int, percent: int, acts: Sequence[Act]
) -> None:
    """For the desk's own loop. A clock that was stopped meanwhile asks for nothing any more. Raises NotAllowed."""
    if not by.unlimited:
        raise NotAllowed(Verb.CONFIGURE)
    row = records.visible(by).filter(uuid=incident, standing=0).first()
    going = Clock.objects.filter(incident=incident, measure=measure, round=round_, state__in=GOING)
    if row is None or not going.exists():
        return

    if Act.RAISE in acts and row.priority > HIGHEST:
        _raise(by, row, measure, percent)


def _raise(by: Actor, row: Incident, measure: Measure, percent: int) -> None:
    why = words.raised(accounts.site().language, measure, percent)
    incidents.set_priority(by=by, ref=row.ref, priority=row.priority - 1, reason=why)

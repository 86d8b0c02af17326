"""Somebody has a record open. Said again and again while they have; nothing of it stays."""

from datetime import datetime, timedelta
from typing import Final

from hikeshi.incidents.models import Presence
from hikeshi.incidents.queries.lists import incident as find
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.ledger.acts import action, unit

KEPT: Final = timedelta(minutes=10)
STEP: Final = 500


@action
def look(*, by: Actor, ref: str, typing: bool = False) -> None:
    """One row for each person and record, however often it is said. A machine is nowhere. Raises NotFound."""
    record = find(by, ref)
    if by.person_id is None:
        return
    now = clock.now()
    row = Presence(incident=record, person_id=by.person_id, seen_at=now, typing_at=now if typing else None)
    Presence.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["incident", "person"],
        update_fields=["seen_at", *(["typing_at"] if typing else [])],
    )


def forget_presence(now: datetime) -> bool:
    """Takes away up to a step's worth of what has expired; whether there may be more."""
    due = list(Presence.objects.filter(seen_at__lt=now - KEPT).order_by("seen_at").values_list("pk", flat=True)[:STEP])
    if due:
        with unit():
            Presence.objects.filter(pk__in=due, seen_at__lt=now - KEPT).delete()
    return len(due) == STEP

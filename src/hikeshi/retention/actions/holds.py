"""Holds. What a hold is put on, and who may do that, is known above: these are parts of the verbs there."""

from uuid import UUID

from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Invalid
from hikeshi.kernel.worlds import World
from hikeshi.ledger.acts import record
from hikeshi.retention import facts, queries
from hikeshi.retention.models import Hold

TOPICS = ("retention",)


def place_hold(*, by: Actor, subject: str, reason: UUID, world: World = World.REAL) -> Hold:
    """Inside the verb that has asked who may, and that tells the subject's own timeline. Raises Invalid where one
    stands.
    """
    if queries.hold_on(subject) is not None:
        raise Invalid("reason", "held_already")
    row = Hold.objects.create(subject=subject, reason=reason, placed_by=by.ref, placed_at=clock.now())
    record(facts.HoldPlaced(hold=row.uuid, held=subject), subject=f"hold:{row.uuid}", by=by, world=world, topics=TOPICS)
    return row


def lift_hold(*, by: Actor, subject: str, world: World = World.REAL) -> Hold:
    """Inside the verb that has asked who may. Raises Invalid where none stands."""
    row = Hold.objects.select_for_update().filter(subject=subject, lifted_at=None).first()
    if row is None:
        raise Invalid("reason", "not_held")
    row.lifted_by, row.lifted_at = by.ref, clock.now()
    row.save(update_fields=["lifted_by", "lifted_at"])
    record(facts.HoldLifted(hold=row.uuid, held=subject), subject=f"hold:{row.uuid}", by=by, world=world, topics=TOPICS)
    return row

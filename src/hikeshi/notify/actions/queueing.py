"""Into the queue and out of it again, inside the transaction of whoever has something to tell."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeAlias
from uuid import UUID

from django.db.models import QuerySet

from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.prepared import Prepared
from hikeshi.kernel.worlds import World
from hikeshi.ledger import keeping
from hikeshi.ledger.acts import record, rouse
from hikeshi.notify import facts
from hikeshi.notify.messages import Message, Purpose
from hikeshi.notify.models import Course, Delivery, Leg, Outgoing

SEND: Final = "send"
"""The loop that is called once there is something to send."""
OPEN = (Course.WAITING, Course.GOING, Course.SENT)
CALLS: Final = frozenset({Purpose.PAGE, Purpose.CANARY})
FEW: Final = 8
"""So many calls are taken in the act that queues them; more are the loop's, which knows which of them come first."""
Taker: TypeAlias = Callable[[Sequence[Outgoing]], None]
_takers: list[Taker] = []


def hand_to(taker: Taker | None) -> None:
    """From now on whoever sends in this process is given calls in the very act that queues them: what is queued is
    claimed with the same commit. None: they wait for the loop, as they do where another process sends.
    """
    _takers[:] = [taker] if taker is not None else []


def queue(*, by: Actor, message: Message) -> str:
    """The ref of the message; of the one queued before, where its key is known. For other domains, inside their
    actions: who may do that may tell people of it. Raises OutsideAction.
    """
    return queue_all(by=by, messages=[message])[message.key]


def queue_all(*, by: Actor, messages: Sequence[Message]) -> dict[str, str]:
    """The ref of each by its key, in two queries however many they are. As ``queue``."""
    keys = [one.key for one in messages]
    rows = [_row(one) for one in messages]
    keeping.keep_new(rows, once=True)
    found = _ONE(key=keys[0]) if len(keys) == 1 else list(_known().filter(key__in=keys))
    known = {key: uuid for key, uuid, _ in found}
    rows = [row for row in rows if known[row.key] == row.uuid]
    for row in rows:  # those queued before, or at once by somebody else, have their fact
        fact = facts.MessageQueued(
            message=row.uuid, key=row.key, purpose=Purpose(row.purpose), to=row.to, urgency=row.urgency
        )
        record(fact, subject=row.subject, by=by, world=World(row.world))
    if rows:
        rouse(SEND)
        _hand_over(rows, {key: pk for key, _, pk in found})
    return {key: str(known[key]) for key in keys}


def _hand_over(rows: Sequence[Outgoing], numbers: Mapping[str, int]) -> None:
    """Calls that may go now, where they are few, to whoever sends in this process."""
    now = clock.now()
    calls = [one for one in rows if one.purpose in CALLS and one.due_at is not None and one.due_at <= now]
    if not _takers or not 0 < len(calls) <= FEW:
        return
    for row in calls:
        row.pk = numbers[row.key]
    _takers[0](calls)


def _known() -> QuerySet[Outgoing, tuple[str, UUID, int]]:
    return Outgoing.objects.values_list("key", "uuid", "pk")


_ONE: Final = Prepared(lambda key: _known().filter(key=key), key=str)


def _row(message: Message) -> Outgoing:
    now = clock.now()
    real = message.world is World.REAL
    repeat = message.repeat_until_answered
    return Outgoing(
        key=message.key,
        purpose=message.purpose,
        subject=message.subject,
        world=message.world,
        to=message.to,
        about=dict(message.about),
        urgency=message.urgency,
        ways=list(message.ways),
        repeat_seconds=int(repeat.total_seconds()) if repeat else None,
        course=Course.WAITING if real else Course.KEPT,
        due_at=(message.due_at or now) if real else None,
        queued_at=now,
        ended_at=None if real else now,
    )


def withdraw(*, by: Actor, subject: str, purpose: Purpose | None = None, to: str = "", why: str = "withdrawn") -> int:
    """Nothing of this goes out any more, nor is repeated: it was answered, taken over, closed. How many it held back.

    For other domains, inside their actions. ``why`` is a code.
    """
    rows = Outgoing.objects.filter(subject=subject, course__in=OPEN)
    if purpose is not None:
        rows = rows.filter(purpose=purpose)
    if to:
        rows = rows.filter(to=to)
    found = list(rows.select_for_update().order_by("id"))
    waiting = Delivery.objects.filter(outgoing__in=found, leg=Leg.WAITING)
    waiting.update(leg=Leg.WITHDRAWN)
    now = clock.now()
    held_back = [row for row in found if row.course != Course.SENT]
    Outgoing.objects.filter(pk__in=[row.pk for row in found]).update(due_at=None, ended_at=now)
    Outgoing.objects.filter(pk__in=[row.pk for row in held_back]).update(course=Course.WITHDRAWN, why=why)
    for row in held_back:
        fact = facts.MessageWithdrawn(message=row.uuid, key=row.key, purpose=Purpose(row.purpose), to=row.to, why=why)
        record(fact, subject=row.subject, by=by, world=World(row.world))
    return len(held_back)

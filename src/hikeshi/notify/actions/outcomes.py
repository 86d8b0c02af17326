"""The second half of sending: what came of it, written down with its proof, and what is done where it failed."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from hikeshi.accounts import actions as accounts
from hikeshi.accounts import reaching
from hikeshi.kernel.refusals import Refusal
from hikeshi.kernel.worlds import World
from hikeshi.ledger.acts import record, unit
from hikeshi.notify import facts, rules, setups
from hikeshi.notify.actions import health
from hikeshi.notify.actions.claiming import Load
from hikeshi.notify.actions.planning import BY, reached_nobody
from hikeshi.notify.channels.push import UNSUBSCRIBED
from hikeshi.notify.handing import Fault, Handed
from hikeshi.notify.messages import ANSWERED, Purpose
from hikeshi.notify.models import Course, Delivery, Leg, Outgoing, Try

STEP: Final = 500
STILL: Final = (Leg.SENDING, Leg.WAITING, Leg.UNKNOWN)
_GOING: Final = (Leg.WAITING, Leg.SENDING, Leg.SENT)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Of one load. ``unwanted``: keys of rows whose writer had nothing to say any more."""

    load: Load
    started_at: datetime
    ended_at: datetime
    handed: Handed | Fault | None
    unwanted: frozenset[int] = frozenset()


def settle(found: Iterable[Outcome]) -> None:
    """Writes down what came of these, in one transaction."""
    with unit():
        for one in found:
            _unwanted(one)
            tried = [row for row in one.load.deliveries if row.pk not in one.unwanted]
            if isinstance(one.handed, Handed):
                _sent(one, tried, one.handed)
            elif one.handed is not None:
                _failed(one, tried, one.handed)


def _proof(one: Outcome, row: Delivery, result: str) -> Try:
    fault = one.handed if isinstance(one.handed, Fault) else None
    return Try(
        delivery=row,
        started_at=one.started_at,
        ended_at=one.ended_at,
        result=result,
        error=fault.code if fault else "",
        status=one.handed.status if one.handed else None,
        provider_id=one.handed.provider_id if isinstance(one.handed, Handed) else "",
        repeated=row.unknowns > 0,
        together=len(one.load.deliveries) - len(one.unwanted),
    )


def _unwanted(one: Outcome) -> None:
    rows = [row for row in one.load.deliveries if row.pk in one.unwanted]
    if not rows:
        return
    Delivery.objects.filter(pk__in=[row.pk for row in rows]).update(leg=Leg.NOT_NEEDED, lease_until=None)
    over = {row.outgoing_id for row in rows}
    Delivery.objects.filter(outgoing__in=over, leg=Leg.WAITING).update(leg=Leg.NOT_NEEDED)
    Outgoing.objects.filter(pk__in=over).update(due_at=None)
    ended = Outgoing.objects.filter(pk__in=over, course__in=(Course.WAITING, Course.GOING))
    ended.update(course=Course.NOT_NEEDED, ended_at=one.ended_at)


def _sent(one: Outcome, rows: Sequence[Delivery], handed: Handed) -> None:
    keys = [row.pk for row in rows]
    Delivery.objects.filter(pk__in=keys, leg__in=STILL).update(
        leg=Leg.SENT, sent_at=one.ended_at, lease_until=None, error=""
    )
    Try.objects.bulk_create([_proof(one, row, "sent") for row in rows], batch_size=STEP)
    going = Outgoing.objects.filter(
        pk__in=[row.outgoing_id for row in rows], course__in=(Course.WAITING, Course.GOING, Course.FAILED)
    )
    going.update(course=Course.SENT, sent_at=one.ended_at, why="")
    Outgoing.objects.filter(pk__in=[row.outgoing_id for row in rows], due_at=None, ended_at=None).update(
        ended_at=one.ended_at
    )
    for row in rows:
        said = row.outgoing
        fact = facts.MessageSent(
            message=said.uuid,
            key=said.key,
            purpose=Purpose(said.purpose),
            to=said.to,
            way=row.way,
            kind=row.kind,
            repeated=row.unknowns > 0,
        )
        record(fact, subject=said.subject, by=BY, world=World(said.world))
    health.worked(one.load.kind, one.ended_at)


def _failed(one: Outcome, rows: Sequence[Delivery], fault: Fault) -> None:
    Try.objects.bulk_create(
        [_proof(one, row, "unknown" if fault.unsure else "failed") for row in rows], batch_size=STEP
    )
    for row in rows:
        _try_again(row, fault, one.ended_at)
    health.failed(one.load.kind, fault, one.ended_at)
    if fault.of_the_way and not fault.passing:
        doubt(one.load.way)
    if fault.code == UNSUBSCRIBED:
        _forget(one.load.way)


def _forget(way: str) -> None:
    """The browser is gone for good: nothing sent there will ever arrive."""
    try:
        accounts.remove_way(by=BY, way=UUID(way))
    except Refusal:
        return


def bounced(row: Delivery, now: datetime) -> None:
    """The mail was taken and came back: the next way is tried, as if it had been refused at once."""
    said = Outgoing.objects.select_for_update().get(pk=row.outgoing_id)
    if not Delivery.objects.filter(pk=row.pk, leg=Leg.SENT).update(leg=Leg.FAILED, error="bounced"):
        return  # it has come back before
    Try.objects.create(delivery=row, started_at=now, ended_at=now, result="failed", error="bounced")
    fact = facts.MessageBounced(message=said.uuid, key=said.key, purpose=Purpose(said.purpose), to=said.to, way=row.way)
    record(fact, subject=said.subject, by=BY, world=World(said.world))
    doubt(row.way)
    reached = Delivery.objects.filter(outgoing=said, leg=Leg.SENT).exists()
    if said.course in (Course.GOING, Course.SENT) and not reached:
        _next_way(said, "bounced", now, may_repeat=True)


def doubt(way: str) -> None:
    """The entry may have been removed meanwhile: then there is nothing left to doubt."""
    try:
        accounts.doubt_way(by=BY, way=way, why="bounced")
    except Refusal:
        return


def _try_again(row: Delivery, fault: Fault, now: datetime) -> None:
    """Later on the same way while that makes sense; on the next way at once where an answer is awaited."""
    said = Outgoing.objects.select_for_update().get(pk=row.outgoing_id)
    purpose = Purpose(said.purpose)
    wanted = said.course in (Course.GOING, Course.SENT, Course.WAITING)
    unsure = fault.unsure and row.unknowns >= rules.REPEATS.get(purpose, 0)
    again = wanted and fault.passing and not unsure and row.tries < rules.TRIES
    change: dict[str, object] = {"lease_until": None, "error": fault.code}
    if again:
        change |= {"leg": Leg.WAITING, "due_at": now + _wait(row, fault), "claim": None}
        change |= {"unknowns": row.unknowns + 1} if fault.unsure else {}
    else:
        change |= {"leg": Leg.UNKNOWN if fault.unsure else Leg.FAILED if wanted else Leg.WITHDRAWN}
    Delivery.objects.filter(pk=row.pk, leg=Leg.SENDING, claim=row.claim).update(**change)
    if wanted and (not again or (purpose in ANSWERED and row.tries == 1)):
        _next_way(said, fault.code, now, may_repeat=not fault.unsure or purpose in ANSWERED)


def _wait(row: Delivery, fault: Fault) -> timedelta:
    """As long as the provider asks for, within reason; else longer from try to try."""
    own = rules.pause(row.tries, secrets.randbelow(1000) / 1000)
    if fault.retry_after is None:
        return own
    return min(max(timedelta(seconds=fault.retry_after), own), rules.LONGEST_WAIT)


def _next_way(said: Outgoing, why: str, now: datetime, *, may_repeat: bool) -> None:
    """The first way of theirs that this message has not taken; where there is none and none is under way, it ends."""
    tried = set(Delivery.objects.filter(outgoing=said).values_list("way", flat=True))
    here = setups.read()
    standing = here.standing
    asked = rules.Asked(Purpose(said.purpose), said.urgency, now, here.zone, broken=standing.broken, open=standing.open)
    found = [one for one in reaching.ways_of([said.to]).get(said.to, ()) if one.ref not in tried]
    best = rules.in_order([one for one in found if one.kind.value in standing.open], asked)
    if best and not said.ways and may_repeat:
        way = best[0]
        row = Delivery(
            outgoing=said, way=way.ref, kind=way.kind.value, round=max(said.rounds, 1), urgency=said.urgency, due_at=now
        )
        Delivery.objects.bulk_create([row], ignore_conflicts=True)
    elif not Delivery.objects.filter(outgoing=said, leg__in=_GOING).exists() and said.due_at is None:
        reached_nobody(said, why, now)
        said.save(update_fields=["course", "why", "due_at", "ended_at"])


def recover(now: datetime) -> bool:
    """What an engine took and never came back with: its outcome is unknown. Whether there was any."""
    lost = list(
        Delivery.objects.filter(leg=Leg.SENDING, lease_until__lt=now).select_related("outgoing").order_by("id")[:STEP]
    )
    if not lost:
        return False
    fault = Fault("unknown_outcome", passing=True, unsure=True)
    with unit():
        for row in lost:
            still = Delivery.objects.select_for_update().filter(pk=row.pk, leg=Leg.SENDING, claim=row.claim)
            if still.first() is None:
                continue
            started = (row.lease_until or now) - rules.LEASE
            Try.objects.create(
                delivery=row, started_at=started, result="unknown", error=fault.code, repeated=row.unknowns > 0
            )
            _try_again(row, fault, now)
            Delivery.objects.filter(pk=row.pk, leg=Leg.WAITING).update(due_at=now)
    return True

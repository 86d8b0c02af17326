"""The first half of sending: which ways a message takes, decided when it is due and not before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from hikeshi.accounts import reaching
from hikeshi.accounts.models import Person
from hikeshi.accounts.ways import Way
from hikeshi.kernel.acting import Actor, system
from hikeshi.kernel.prepared import Prepared
from hikeshi.kernel.worlds import World
from hikeshi.ledger import keeping
from hikeshi.ledger.acts import record, unit
from hikeshi.notify import facts, rules
from hikeshi.notify.actions.queueing import OPEN
from hikeshi.notify.messages import Purpose
from hikeshi.notify.models import Course, Delivery, Outgoing, OwnRules
from hikeshi.notify.setups import Site, Standing

STEP: Final = 500
BY: Final[Actor] = system("send")
MOVED: Final = ["course", "rounds", "due_at", "why", "ended_at"]


@dataclass(frozen=True, slots=True)
class _Known:
    """What a step needs to know of everybody in it."""

    ways: Mapping[str, tuple[Way, ...]]
    lines: Mapping[str, tuple[rules.Line, ...]]
    zones: Mapping[str, str]
    zone: str
    standing: Standing


def _due(now: datetime) -> QuerySet[Outgoing]:
    return Outgoing.objects.filter(due_at__lte=now).order_by("urgency", "-id")


def _open(now: datetime) -> QuerySet[Outgoing]:
    return _due(now).filter(course__in=OPEN).select_for_update(of=("self",))


_FOUND: Final = Prepared(lambda now: _due(now).values_list("pk", flat=True)[:STEP], now=datetime)
_ONE: Final = Prepared(lambda pk, now: _open(now).filter(pk=pk), pk=int, now=datetime)
_LINES: Final = Prepared(lambda person: OwnRules.objects.filter(person=person), person=UUID)
_ZONES: Final = Prepared(
    lambda person: Person.objects.filter(uuid=person).values_list("uuid", "time_zone"), person=UUID
)


def plan(now: datetime, here: Site) -> bool:
    """Gives ways to what is due, the most urgent and newest first; whether there may be more."""
    found = _FOUND(now=now)
    if not found:
        return False
    with unit():
        lay_out(_ONE(pk=found[0], now=now) if len(found) == 1 else list(_open(now).filter(pk__in=found)), here, now)
    return len(found) == STEP


def lay_out(rows: Sequence[Outgoing], here: Site, now: datetime) -> list[Delivery]:
    """Part of other verbs: gives ways to these, which nobody else holds; what each is to take when."""
    known = _known(rows, here)
    for row in rows:
        row.rounds += 1
    chosen = {row.pk: _choose(row, known, now) for row in rows}
    made = [_delivery(row, step, now) for row in rows for step in chosen[row.pk].steps]
    keeping.keep_new(made, once=True)
    for row in rows:
        _move_on(row, chosen[row.pk], now)
    _keep(rows)
    return made


def _keep(rows: Sequence[Outgoing]) -> None:
    if len(rows) == 1:
        keeping.keep_change(rows[0], *MOVED)
    else:
        Outgoing.objects.bulk_update(rows, MOVED, batch_size=STEP)


def _known(rows: Sequence[Outgoing], here: Site) -> _Known:
    owners = {row.to for row in rows}
    people = [UUID(one.removeprefix("person:")) for one in owners if one.startswith("person:")]
    if len(people) == 1:
        kept, zones = _LINES(person=people[0]), _ZONES(person=people[0])
    else:
        kept = list(OwnRules.objects.filter(person__in=people))
        zones = list(Person.objects.filter(uuid__in=people).values_list("uuid", "time_zone"))
    return _Known(
        ways=reaching.ways_of(owners),
        lines={f"person:{one.person}": rules.read_lines(one.lines) for one in kept},
        zones={f"person:{uuid}": zone for uuid, zone in zones},
        zone=here.zone,
        standing=here.standing,
    )


def _choose(row: Outgoing, known: _Known, now: datetime) -> rules.Plan:
    asked = rules.Asked(
        purpose=Purpose(row.purpose),
        urgency=row.urgency,
        at=now,
        zone=known.zones.get(row.to, known.zone),
        wanted=tuple(row.ways),
        broken=known.standing.broken,
        open=known.standing.open,
    )
    return rules.choose(known.ways.get(row.to, ()), known.lines.get(row.to, ()), asked)


def _delivery(row: Outgoing, step: rules.Step, now: datetime) -> Delivery:
    return Delivery(
        outgoing=row,
        way=step.way.ref,
        kind=step.way.kind.value,
        round=row.rounds,
        urgency=row.urgency,
        due_at=now + step.after,
    )


def _move_on(row: Outgoing, chosen: rules.Plan, now: datetime) -> None:
    own = timedelta(seconds=row.repeat_seconds) if row.repeat_seconds else None
    repeat = min((one for one in (own, chosen.repeat) if one), default=None)
    row.due_at = now + repeat if repeat and row.rounds < rules.ROUNDS else None
    if chosen.steps:
        row.course = Course.GOING if row.course == Course.WAITING else row.course
    elif row.course == Course.WAITING:
        reached_nobody(row, "no_way", now)


def reached_nobody(row: Outgoing, why: str, now: datetime) -> None:
    """Sets the columns; whoever calls saves them."""
    row.course, row.why, row.due_at, row.ended_at = Course.FAILED, why, None, now
    fact = facts.MessageFailed(message=row.uuid, key=row.key, purpose=Purpose(row.purpose), to=row.to, why=why)
    record(fact, subject=row.subject, by=BY, world=World(row.world), topics=("alarms",))

"""The sums behind a person's load, each for many people at once."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q, Sum

from hikeshi.accounts.queries import Person
from hikeshi.incidents import queries as incidents
from hikeshi.incidents.queries import Incident, Task
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.load import capacity
from hikeshi.notify.messages import Purpose
from hikeshi.notify.models import Delivery
from hikeshi.oncall import rota as pure
from hikeshi.oncall.models import Absence, Rota
from hikeshi.oncall.queries import rotas
from hikeshi.service_levels.models import Track

PRIORITIES = (1, 2, 3, 4, 5)
GRAVE = 2
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Seen:
    """Open records of somebody that the reader sees."""

    by_priority: tuple[int, ...] = (0,) * len(PRIORITIES)
    overdue: int = 0
    waiting: int = 0
    oldest: datetime | None = None

    @property
    def count(self) -> int:
        return sum(self.by_priority)


@dataclass(frozen=True, slots=True)
class All:
    """Of every open record of theirs, seen or not. ``oldest``: when the one that nobody touched for longest was
    touched last, those that wait left out; as in ``moving``, and ``grave``, those of priority 1 and 2.
    """

    count: int = 0
    minutes: int = 0
    unestimated: int = 0
    oldest: datetime | None = None
    moving: int = 0
    grave: int = 0


@dataclass(frozen=True, slots=True)
class Tasks:
    count: int = 0
    minutes: int = 0


def counts_of() -> dict[str, Count]:
    """What is counted of records: ``read`` understands it."""
    found = {f"p{one}": Count("pk", filter=Q(priority=one)) for one in PRIORITIES}
    late = Track.objects.filter(first_due__lte=clock.now()).values("incident")
    return {**found, "overdue": Count("pk", filter=Q(uuid__in=late)), "waits": Count("pk", filter=~Q(waiting=""))}


def seen(by: Actor, people: Sequence[int]) -> Mapping[int, Seen]:
    rows = incidents.visible(by).filter(standing=0, owner__in=people).order_by()
    found = rows.values("owner").annotate(**counts_of(), oldest=Min("moved_at"))
    return {one["owner"]: read(one) for one in found}


def read(one: Mapping[str, object]) -> Seen:
    figures: dict[str, object] = dict(one)
    by_priority = tuple(int(str(figures[f"p{each}"])) for each in PRIORITIES)
    oldest = figures.get("oldest")
    return Seen(
        by_priority,
        int(str(figures["overdue"])),
        int(str(figures["waits"])),
        oldest if isinstance(oldest, datetime) else None,
    )


def everything(people: Sequence[int]) -> Mapping[int, All]:
    rows = Incident.objects.filter(standing=0, owner__in=people).order_by()
    found = rows.values("owner").annotate(
        number=Count("pk"),
        minutes=Sum("estimate"),
        unknown=Count("pk", filter=Q(estimate__isnull=True)),
        oldest=Min("moved_at", filter=Q(waiting="")),
        moving=Count("pk", filter=Q(waiting="")),
        grave=Count("pk", filter=Q(waiting="", priority__lte=GRAVE)),
    )
    return {
        one["owner"]: All(
            one["number"], one["minutes"] or 0, one["unknown"], one["oldest"], one["moving"], one["grave"]
        )
        for one in found
    }


def tasks(people: Sequence[int]) -> Mapping[int, Tasks]:
    """Theirs, and those of nobody in records they own: somebody has to see to them."""
    rows = Task.objects.filter(done_at=None, incident__standing=0).order_by()
    own = rows.filter(owner__in=people).values_list("owner").annotate(Count("pk"), Sum("estimate"))
    orphaned = rows.filter(owner=None, incident__owner__in=people)
    others = orphaned.values_list("incident__owner").annotate(Count("pk"), Sum("estimate"))
    found: dict[int, Tasks] = {}
    for person, count, minutes in [*own, *others]:
        before = found.get(person, Tasks())
        found[person] = Tasks(before.count + count, before.minutes + (minutes or 0))
    return found


def nights(people: Sequence[Person], since: datetime, until: datetime) -> Mapping[int, int]:
    """Calls for help sent to them while it was night where they are. Reads every call of that time."""
    by_ref = {f"person:{one.uuid}": one for one in people}
    sent = Delivery.objects.filter(
        outgoing__purpose=Purpose.PAGE, outgoing__to__in=list(by_ref), sent_at__gte=since, sent_at__lt=until
    )
    woken: dict[int, set[tuple[int, int]]] = defaultdict(set)
    for message, to, at, number in sent.values_list("outgoing", "outgoing__to", "sent_at", "round"):
        person = by_ref[to]
        if at is not None and capacity.wakes(at, person.time_zone):
            woken[person.pk].add((message, number))
    return {person: len(calls) for person, calls in woken.items()}


@dataclass(frozen=True, slots=True)
class Duty:
    """``until``: when the turn they are on ends, looked for a week ahead; None off shift."""

    length: timedelta = timedelta()
    until: datetime | None = None


def duty(since: datetime, now: datetime, *, only: str = "") -> Mapping[str, Duty]:
    """By person ref, over all rotas in use or that one: hours of the week from ``since``, and who is on shift now.

    About a millisecond for each rota. Two rotas at once count twice.
    """
    rows = Rota.objects.filter(retired_at__isnull=True).select_related("organisation")
    rows = rows.filter(uuid=only) if only else rows
    plans = rotas.plans(list(rows), since, max(since, now) + WEEK)
    found: dict[str, Duty] = {}
    for plan in plans.values():
        for one in pure.watches(plan, since, max(since, now) + WEEK):
            if one.person:
                found[one.person] = _added(found.get(one.person, Duty()), one, since, now)
    return found


def _added(before: Duty, watch: pure.Watch, since: datetime, now: datetime) -> Duty:
    inside = min(watch.end, since + WEEK) - watch.begin
    until = before.until
    if watch.begin <= now < watch.end:
        until = max(watch.end, until) if until else watch.end
    return Duty(before.length + max(inside, timedelta()), until)


def absences(people: Sequence[int], since: datetime, until: datetime) -> Mapping[int, list[capacity.Spell]]:
    rows = Absence.objects.filter(person__in=people, begins_at__lt=until, ends_at__gt=since).order_by("begins_at")
    found: dict[int, list[capacity.Spell]] = defaultdict(list)
    for person, begins, ends in rows.values_list("person", "begins_at", "ends_at"):
        found[person].append((begins, ends))
    return found

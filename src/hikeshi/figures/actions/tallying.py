"""The engine's part: counters of days that are over follow the ledger, a short step at a time.

A step first strikes out the days of which something was told, in the transaction that moves the place in the ledger;
then it counts days that do not stand, and writes them down only if that place has not moved meanwhile: what was told
after it strikes the day out again. Cost: a day costs what its records are; one that changes is counted again at most
once a step.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from hikeshi.accounts import queries as accounts
from hikeshi.figures.models import TalliedDay, Tally, Tallying
from hikeshi.figures.periods import MOST_DAYS, ONE
from hikeshi.figures.queries.lasting import STOPPED, moments_of
from hikeshi.figures.queries.tallied import days_of, named
from hikeshi.figures.tallying import KINDS, Kept, Times, day_of, reading, write
from hikeshi.incidents.models import STANDING, Incident
from hikeshi.kernel.worlds import World
from hikeshi.ledger import tail
from hikeshi.ledger.acts import unit
from hikeshi.ledger.models import Entry
from hikeshi.service_levels.codes import State
from hikeshi.service_levels.models import Clock

ENTRIES: Final = 500
DAYS: Final = 10
BACK: Final = timedelta(days=2 * MOST_DAYS)
"""A figure and what it is compared with ask for no older ones."""


def tally(now: datetime) -> bool:
    """One step. Whether there is more to do at once."""
    name, said = accounts.site().time_zone, reading()
    row = Tallying.objects.filter(pk=1).first()
    if row is None or (row.zone, row.reading) != (name, said):
        _begin_anew(name, said)
        return True
    zone = ZoneInfo(name)
    if _strike(row, zone):
        return True
    wanted = _wanted(day_of(now, zone), zone)
    for day in wanted[:DAYS]:
        _count(day, zone, row)
    return len(wanted) > DAYS


def _begin_anew(zone: str, said: str) -> None:
    with unit():
        TalliedDay.objects.all().delete()
        Tally.objects.all().delete()
        Tallying.objects.update_or_create(pk=1, defaults={"entry": tail.head(), "zone": zone, "reading": said})


def _strike(row: Tallying, zone: ZoneInfo) -> bool:
    """Days of which something was told since do not stand. Whether more was told than one step takes."""
    told = Entry.objects.filter(number__gt=row.entry).order_by("number").values_list("number", "subject")
    found = list(told[:ENTRIES])
    if not found:
        return False
    with unit():
        if Tallying.objects.filter(pk=1, entry=row.entry, zone=row.zone).update(entry=found[-1][0]) == 1:
            days = days_of(named([subject for _number, subject in found]), zone)
            TalliedDay.objects.filter(day__in=days).delete()
    row.entry = found[-1][0]
    return len(found) == ENTRIES


def _wanted(today: date, zone: ZoneInfo) -> list[date]:
    """Days that are over and do not stand, the newest first."""
    every = [Incident.objects.filter(standing=one).order_by("opened_at") for one in STANDING.values()]
    first = [at for rows in every for at in rows.values_list("opened_at", flat=True)[:1]]
    if not first:
        return []
    oldest = max(day_of(min(first), zone), today - BACK)
    held = set(TalliedDay.objects.filter(day__gte=oldest).values_list("day", flat=True))
    over = (today - number * ONE for number in range(1, (today - oldest).days + 1))
    return [day for day in over if day not in held]


@dataclass(slots=True)
class _Sums:
    priorities: Counter[int] = field(default_factory=Counter)
    times: Times = field(default_factory=lambda: Times({}, {}))
    kept: Kept = field(default_factory=dict)


_Key = tuple[int, str, str]


def _count(day: date, zone: ZoneInfo, place: Tallying) -> None:
    """Counts before it takes the pen; where the place moved meanwhile, what was counted may be out of date already."""
    since, until = (datetime.combine(one, time(), tzinfo=zone) for one in (day, day + ONE))
    rows = Incident.objects.filter(standing__in=STANDING.values(), opened_at__gte=since, opened_at__lt=until)
    sums = _sums(rows.filter(restricted=False).exclude(world=World.DRILL).order_by())
    made = [
        Tally(
            day=day,
            organisation_id=organisation,
            kind=kind,
            record_class=record_class,
            priorities=write(one.priorities).decode(),
            times=write(one.times).decode(),
            kept=write(one.kept).decode(),
        )
        for (organisation, kind, record_class), one in sums.items()
    ]
    with unit():
        same = Tallying.objects.select_for_update().filter(pk=1, entry=place.entry, zone=place.zone)
        if same.exists():
            Tally.objects.filter(day=day).delete()
            Tally.objects.bulk_create(made)
            TalliedDay.objects.get_or_create(day=day)


def _sums(rows: "QuerySet[Incident]") -> dict[_Key, _Sums]:
    """Three queries."""
    sums: dict[_Key, _Sums] = defaultdict(_Sums)
    by_pk: dict[int, _Sums] = {}
    by_uuid: dict[UUID, _Sums] = {}
    columns = ("pk", "uuid", "organisation", "kind", "record_class", "priority", "merged_into")
    for pk, uuid, place, kind, record_class, priority, merged in rows.values_list(*columns):
        one = sums[place, kind, record_class]
        one.priorities[priority] += 1
        if merged is None:
            by_pk[pk] = by_uuid[uuid] = one
    own = rows.filter(merged_into=None)
    for pk, moments in moments_of(own.values("pk"), KINDS):
        by_pk[pk].times.add(moments)
    stopped = Clock.objects.filter(incident__in=own.values("uuid"), state__in=STOPPED)
    for uuid, measure, state in stopped.values_list("incident", "measure", "state"):
        by_uuid[uuid].kept.setdefault(measure, [0, 0])[state == State.MISSED] += 1
    return sums

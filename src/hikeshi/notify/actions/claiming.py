"""What goes out next: taken by one conditional UPDATE, so that two engines never take the same."""

from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import connection
from django.db.models import F, QuerySet

from hikeshi.kernel.ids import uuid7
from hikeshi.kernel.prepared import Prepared
from hikeshi.ledger.acts import unit
from hikeshi.notify import rules
from hikeshi.notify.models import Bucket, Delivery, Leg, Outgoing
from hikeshi.notify.rules import Level
from hikeshi.notify.setups import Site

LOOK: Final = 500


@dataclass(frozen=True, slots=True)
class Load:
    """All that goes to one way as one message, the most urgent and newest first."""

    claim: UUID
    way: str
    kind: str
    deliveries: tuple[Delivery, ...]


_MESSAGES = Prepared(lambda now: Outgoing.objects.filter(due_at__lte=now).values_list("pk")[:1], now=datetime)
_DELIVERIES = Prepared(
    lambda now: Delivery.objects.filter(leg=Leg.WAITING, due_at__lte=now).values_list("pk")[:1], now=datetime
)
_CLAIMED = Prepared(
    lambda claim: (
        Delivery.objects.filter(claim=claim, leg=Leg.SENDING)
        .select_related("outgoing")
        .order_by("urgency", "-outgoing_id")
    ),
    claim=UUID,
)


def is_due(now: datetime) -> bool:
    """Two looks at small indexes: nearly always there is nothing."""
    return bool(_MESSAGES(now=now) or _DELIVERIES(now=now))


def claim(now: datetime, here: Site, room: int, full: Set[str] = frozenset()) -> list[Load]:
    """For as many ways as there is ``room``, none of the kinds in ``full``. What a way or its channel may not carry yet
    is put off until it may.
    """
    look = list(_look(now).exclude(kind__in=full)[:LOOK]) if full else _LOOK(now=now)
    return take_ways(dict(list(dict.fromkeys(look))[:room]), now, here)


def take_ways(wanted: Mapping[str, str], now: datetime, here: Site) -> list[Load]:
    """All that is due on these ways, by the kind of each. Part of other verbs."""
    if not wanted:
        return []
    mine = uuid7()
    with unit():
        allowed, waits = _let(wanted, here, now)
        for way, wait in waits.items():
            Delivery.objects.filter(way=way, leg=Leg.WAITING, due_at__lte=now).update(due_at=now + wait)
        _take_all(allowed, mine, now)
    return _loads(mine)


def _take_all(ways: Sequence[str], mine: UUID, now: datetime) -> None:
    """The one conditional UPDATE: of two engines the second finds nothing waiting any more."""
    taken = Delivery.objects.filter(way__in=ways, leg=Leg.WAITING, due_at__lte=now)
    taken.update(leg=Leg.SENDING, claim=mine, lease_until=now + rules.LEASE, tries=F("tries") + 1)


def _look(now: datetime) -> QuerySet[Delivery, tuple[str, str]]:
    rows = Delivery.objects.filter(leg=Leg.WAITING, due_at__lte=now)
    return rows.order_by("urgency", "-outgoing_id").values_list("way", "kind")


_LOOK = Prepared(lambda now: _look(now)[:LOOK], now=datetime)
_BUCKETS = Prepared(
    lambda one, other: Bucket.objects.select_for_update().filter(name__in=[one, other]).order_by("name"),
    one=str,
    other=str,
)
_FILL = """
INSERT INTO notify_bucket (name, tokens, at) VALUES (%s, %s, %s)
ON CONFLICT (name) DO UPDATE SET tokens = excluded.tokens, at = excluded.at
"""


def _let(wanted: Mapping[str, str], here: Site, now: datetime) -> tuple[list[str], dict[str, timedelta]]:
    """Which of these ways may go, and how long the others wait."""
    names = [f"way:{way}" for way in wanted] + [f"channel:{kind}" for kind in set(wanted.values())]
    levels = {row.name: Level(row.tokens, row.at) for row in _buckets(sorted(names))}
    allowed, waits = [], {}
    for way, kind in wanted.items():
        wait = _take(levels, {f"way:{way}": 60 / max(here.window, 1), f"channel:{kind}": here.limit(kind)}, now)
        if wait:
            waits[way] = wait
        else:
            allowed.append(way)
    _keep(levels)
    return allowed, waits


def _buckets(names: Sequence[str]) -> list[Bucket]:
    if len(names) == 2:
        return _BUCKETS(one=names[0], other=names[1])
    return list(Bucket.objects.select_for_update().filter(name__in=names).order_by("name"))


def _take(levels: dict[str, Level], per_minute: Mapping[str, float], now: datetime) -> timedelta:
    """One from each bucket, or from none: the longest wait. 0 a minute: without limit."""
    filled: dict[str, Level] = {}
    waits = [timedelta()]
    for name, rate in per_minute.items():
        if rate <= 0:
            continue
        burst = float(rules.BURST) if name.startswith("way:") else max(rate / 6, 1.0)
        filled[name] = rules.fill(levels.get(name), now, burst=burst, per_second=rate / 60)
        waits.append(rules.wait_for_one(filled[name], per_second=rate / 60))
    wait = max(waits)
    if not wait:
        levels.update({name: Level(one.tokens - 1, one.at) for name, one in filled.items()})
    return wait


def _keep(levels: Mapping[str, Level]) -> None:
    """In the order of their names, as they were locked."""
    stored = connection.ops.adapt_datetimefield_value
    filled = [(name, one.tokens, stored(one.at)) for name, one in sorted(levels.items())]
    if filled:
        with connection.cursor() as cursor:
            cursor.executemany(_FILL, filled)


def _loads(mine: UUID) -> list[Load]:
    by_way: dict[tuple[str, str], list[Delivery]] = defaultdict(list)
    for row in _CLAIMED(claim=mine):
        by_way[row.way, row.kind].append(row)
    return [Load(mine, way, kind, tuple(found)) for (way, kind), found in by_way.items()]

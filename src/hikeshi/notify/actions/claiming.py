"""What goes out next: taken by one conditional UPDATE, so that two engines never take the same."""

from collections import defaultdict
from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import F

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
    due = Delivery.objects.filter(leg=Leg.WAITING, due_at__lte=now)
    open_ = due.exclude(kind__in=full) if full else due
    look = open_.order_by("urgency", "-outgoing_id").values_list("way", "kind")[:LOOK]
    wanted = dict(list(dict.fromkeys(look))[:room])
    if not wanted:
        return []
    mine = uuid7()
    with unit():
        allowed, waits = _let(wanted, here, now)
        for way, wait in waits.items():
            Delivery.objects.filter(way=way, leg=Leg.WAITING, due_at__lte=now).update(due_at=now + wait)
        taken = Delivery.objects.filter(way__in=allowed, leg=Leg.WAITING, due_at__lte=now)
        taken.update(leg=Leg.SENDING, claim=mine, lease_until=now + rules.LEASE, tries=F("tries") + 1)
    return _loads(mine)


def _let(wanted: Mapping[str, str], here: Site, now: datetime) -> tuple[list[str], dict[str, timedelta]]:
    """Which of these ways may go, and how long the others wait."""
    names = [f"way:{way}" for way in wanted] + [f"channel:{kind}" for kind in set(wanted.values())]
    rows = Bucket.objects.select_for_update().filter(name__in=sorted(names)).order_by("name")
    levels = {row.name: Level(row.tokens, row.at) for row in rows}
    allowed, waits = [], {}
    for way, kind in wanted.items():
        wait = _take(levels, {f"way:{way}": 60 / max(here.window, 1), f"channel:{kind}": here.limit(kind)}, now)
        if wait:
            waits[way] = wait
        else:
            allowed.append(way)
    _keep(levels)
    return allowed, waits


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
    rows = [Bucket(name=name, tokens=one.tokens, at=one.at) for name, one in levels.items()]
    Bucket.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["name"], update_fields=["tokens", "at"], batch_size=500
    )


def _loads(mine: UUID) -> list[Load]:
    by_way: dict[tuple[str, str], list[Delivery]] = defaultdict(list)
    for row in _CLAIMED(claim=mine):
        by_way[row.way, row.kind].append(row)
    return [Load(mine, way, kind, tuple(found)) for (way, kind), found in by_way.items()]

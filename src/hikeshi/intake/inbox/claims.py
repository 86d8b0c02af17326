"""Shares accepted bodies out among digesters, and takes back what a dead one held.

A claim is a run of ids. What was digested is deleted and the next run claimed in one transaction; a digester that dies
in between leaves a run that is digested again, which the consumed receipts make harmless. A run whose digesters keep
dying is halved until the body that kills them stands alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeAlias

from django.db import transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import QuerySet

from hikeshi.intake.inbox import tables
from hikeshi.intake.inbox.items import InboxItem
from hikeshi.intake.inbox.models import Claim, Item
from hikeshi.intake.inbox.owners import lives
from hikeshi.kernel.clock import now
from hikeshi.kernel.worlds import World

ROWS: Final = 500
ALERTS: Final = 500
BYTES: Final = 8 * 1024 * 1024
LEASE: Final = timedelta(seconds=60)
HALVE_AFTER: Final = 2
"""Digesters lost on one run before it is halved."""
GIVE_UP_AFTER: Final = 3
"""Digesters lost before a body that stands alone is parked unread; one of these is put down to what it stood with."""


_Claimed: TypeAlias = tuple[Claim, Sequence[int]]


@dataclass(frozen=True, slots=True)
class Taken:
    claim: int
    ids: tuple[int, ...]
    items: tuple[InboxItem, ...]
    deadly: bool  # one body that ended every digester that touched it


def pending() -> bool:
    """Whether anything waits; a read, so idle digesters never take the write lock."""
    with tables.connection().cursor() as cursor:
        cursor.execute("SELECT 1 FROM inbox_item LIMIT 1")
        return cursor.fetchone() is not None


def waiting_since(moment: datetime) -> bool:
    """Whether anything accepted before ``moment`` is still here."""
    oldest = Item.objects.using(tables.alias()).order_by("pk").values_list("received_at", flat=True).first()
    return oldest is not None and oldest < moment


def take(owner: str, *, done: Taken | None = None) -> Taken | None:
    """Deletes what ``done`` held and claims the next run, in one transaction. None where nothing is free.

    The door waits for this transaction on SQLite, so bodies are read after it: what is claimed stays where it is.
    """
    found = _claimed(owner, done)
    return _taken(*found) if found is not None else None


def _claimed(owner: str, done: Taken | None) -> _Claimed | None:
    with transaction.atomic(using=tables.alias()), tables.connection().cursor() as cursor:
        if tables.connection().vendor == "postgresql":
            cursor.execute("LOCK TABLE inbox_claim IN SHARE ROW EXCLUSIVE MODE")
        if done is not None:
            _forget(cursor, done)
        claims = list(Claim.objects.using(tables.alias()).order_by("first"))
        free = next((claim for claim in claims if _free(claim, owner)), None)
        if free is not None:
            return _take_over(free, owner)
        return _take_new(claims, owner)


def give_back(taken: Taken) -> None:
    """Nothing was wrong with the bodies: whoever comes next may have them, and no try is counted."""
    Claim.objects.using(tables.alias()).filter(pk=taken.claim).update(owner="")


def _forget(cursor: CursorWrapper, done: Taken) -> None:
    """By id and not from first to last: on PostgreSQL a body accepted meanwhile may show only now, between them."""
    marks = ", ".join(["%s"] * len(done.ids))
    cursor.execute(f"DELETE FROM inbox_item WHERE id IN ({marks})", done.ids)  # noqa: S608  # marks only
    cursor.execute("DELETE FROM inbox_claim WHERE id = %s", [done.claim])
    cursor.execute(tables.COUNT, ["taken", sum(item.alerts for item in done.items)])


def _free(claim: Claim, owner: str) -> bool:
    """An owner holds one run at a time: a second one of its own was left by a step that failed."""
    return claim.owner in {"", owner} or claim.until < now() or not lives(claim.owner)


def _take_over(claim: Claim, owner: str) -> _Claimed | None:
    ids = list(_rows().filter(pk__gte=claim.first, pk__lte=claim.last).order_by("pk").values_list("pk", flat=True))
    if not ids:  # deleted by its owner after the lease ran out
        claim.delete()
        return None
    if claim.owner not in {"", owner}:
        claim.tries += 1
    if claim.tries >= HALVE_AFTER and len(ids) > 1:
        half = len(ids) // 2
        claim.tries = HALVE_AFTER - 1  # of each half nothing is known yet; the next death in it halves it again
        _new_claim(ids[half:], "", tries=claim.tries)
        ids = ids[:half]
        claim.last = ids[-1]
    claim.owner, claim.until = owner, now() + LEASE
    claim.save(using=tables.alias())
    return claim, ids


def _take_new(claims: Sequence[Claim], owner: str) -> _Claimed | None:
    waiting = _rows()
    for claim in claims:
        waiting = waiting.exclude(pk__gte=claim.first, pk__lte=claim.last)
    ids: list[int] = []
    alerts = size = 0
    for pk, more_alerts, more_size in waiting.order_by("pk").values_list("pk", "alerts", "size")[:ROWS]:
        alerts, size = alerts + more_alerts, size + more_size
        over = alerts > ALERTS or size > BYTES
        # A run never reaches across another: each id lies in one claim at most.
        crosses = ids and any(ids[0] < claim.first < pk for claim in claims)
        if ids and (over or crosses):
            break
        ids.append(pk)
    return (_new_claim(ids, owner, tries=0), ids) if ids else None


def _new_claim(ids: Sequence[int], owner: str, *, tries: int) -> Claim:
    return Claim.objects.using(tables.alias()).create(
        first=ids[0], last=ids[-1], owner=owner, until=now() + LEASE, tries=tries
    )


def _taken(claim: Claim, ids: Sequence[int]) -> Taken:
    rows = _rows().filter(pk__in=ids).order_by("pk")
    items = tuple(_item(row) for row in rows)
    return Taken(claim.pk, tuple(ids), items, deadly=len(ids) == 1 and claim.tries >= GIVE_UP_AFTER)


def _item(row: Item) -> InboxItem:
    return InboxItem(
        receipt=row.receipt,
        source=row.source,
        organisation_id=row.organisation_id,
        body=bytes(row.body),
        content_type=row.content_type,
        received_at=row.received_at,
        world=World(row.world),
        alerts=row.alerts,
    )


def _rows() -> QuerySet[Item]:
    return Item.objects.using(tables.alias())

"""Shares accepted bodies out among digesters, and takes back what a dead one held.

Sources share a batch evenly: what a quiet one sends is digested next, however much of a storm lies before it. Every
second batch is of the quiet ones alone, so that nobody waits for a thousand alerts of a storm beside their own. A
claim is a run of one source's bodies, from one id to another. What was digested is deleted and the next runs claimed in
one transaction; a digester that dies in between leaves runs that are digested again, which the consumed receipts make
harmless. A run whose digesters keep dying is halved until the body that kills them stands alone.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, TypeAlias
from uuid import UUID

from django.db import transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import QuerySet

from hikeshi.intake.inbox import tables
from hikeshi.intake.inbox.items import InboxItem
from hikeshi.intake.inbox.models import Claim, Item
from hikeshi.intake.inbox.owners import lives
from hikeshi.kernel.clock import now
from hikeshi.kernel.worlds import World

ALERTS: Final = 1_000
"""Of one batch: of repeats some 50 ms of work, of new ones 150, of which others wait for the pen half."""
FEW: Final = 50
"""Alerts of a source that is quiet."""
BYTES: Final = 8 * 1024 * 1024
LEASE: Final = timedelta(seconds=60)
HALVE_AFTER: Final = 2
"""Digesters lost on one run before it is halved."""
GIVE_UP_AFTER: Final = 3
"""Digesters lost before a body that stands alone is parked unread; one of these is put down to what it stood with."""


_Claimed: TypeAlias = tuple[Sequence[Claim], Sequence[int], bool]
_Line: TypeAlias = tuple[int, int, int]
"""Id, alerts and bytes of a body."""
# From one source's first row in the index to the next one's, however many rows lie between.
_SOURCES: Final = """
WITH RECURSIVE found (source) AS (
    SELECT MIN(source) FROM inbox_item
    UNION ALL
    SELECT (SELECT MIN(source) FROM inbox_item WHERE inbox_item.source > found.source)
    FROM found WHERE source IS NOT NULL
) SELECT source FROM found WHERE source IS NOT NULL
"""


@dataclass(frozen=True, slots=True)
class Taken:
    claims: tuple[int, ...]
    ids: tuple[int, ...]
    items: tuple[InboxItem, ...]
    deadly: bool  # one body that ended every digester that touched it
    quick: bool = False  # of quiet sources alone: the next is everybody's


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

    The door waits for this transaction on SQLite, so bodies are read after it: what is claimed stays where it is. Nor
    does it wait for the disk: of a claim that a power cut takes nothing is left but bodies to be digested, again
    where they were let go of.
    """
    found = _claimed(owner, done)
    return _taken(*found) if found is not None else None


def _claimed(owner: str, done: Taken | None) -> _Claimed | None:
    with tables.lightly(), transaction.atomic(using=tables.alias()), tables.connection().cursor() as cursor:
        if tables.connection().vendor == "postgresql":
            cursor.execute("SET LOCAL synchronous_commit = off")
            cursor.execute("LOCK TABLE inbox_claim IN SHARE ROW EXCLUSIVE MODE")
        if done is not None:
            _forget(cursor, done)
        claims = list(Claim.objects.using(tables.alias()).order_by("first"))
        free = next((claim for claim in claims if _free(claim, owner)), None)
        if free is not None:
            return _take_over(free, owner)
        return _take_new(claims, owner, quick=done is None or not done.quick)


def give_back(taken: Taken) -> None:
    """Nothing was wrong with the bodies: whoever comes next may have them, and no try is counted."""
    Claim.objects.using(tables.alias()).filter(pk__in=taken.claims).update(owner="")


def _forget(cursor: CursorWrapper, done: Taken) -> None:
    """By id and not from first to last: on PostgreSQL a body accepted meanwhile may show only now, between them."""
    for table, ids in (("inbox_item", done.ids), ("inbox_claim", done.claims)):
        marks = ", ".join(["%s"] * len(ids))
        cursor.execute(f"DELETE FROM {table} WHERE id IN ({marks})", ids)  # noqa: S608  # names of ours, and marks
    cursor.execute(tables.COUNT, ["taken", sum(item.alerts for item in done.items)])


def _free(claim: Claim, owner: str) -> bool:
    """An owner holds what it took last: more of its own was left by a step that failed."""
    return claim.owner in {"", owner} or claim.until < now() or not lives(claim.owner)


def _take_over(claim: Claim, owner: str) -> _Claimed | None:
    run = _rows().filter(source=claim.source, pk__gte=claim.first, pk__lte=claim.last)
    ids = list(run.order_by("pk").values_list("pk", flat=True))
    if not ids:  # deleted by its owner after the lease ran out
        claim.delete()
        return None
    if claim.owner not in {"", owner}:
        claim.tries += 1
    if claim.tries >= HALVE_AFTER and len(ids) > 1:
        half = len(ids) // 2
        claim.tries = HALVE_AFTER - 1  # of each half nothing is known yet; the next death in it halves it again
        _new_claim(claim.source, ids[half:], "", tries=claim.tries)
        ids = ids[:half]
        claim.last = ids[-1]
    claim.owner, claim.until = owner, now() + LEASE
    claim.save(using=tables.alias())
    return [claim], ids, False


def _take_new(claims: Sequence[Claim], owner: str, *, quick: bool) -> _Claimed | None:
    """Of each source its share, at least one body; what the small ones leave of theirs goes to the large ones.
    ``quick``: of the quiet ones alone, where there are some and others.
    """
    with tables.connection().cursor() as cursor:
        cursor.execute(_SOURCES)
        held = {source: [claim for claim in claims if claim.source == source] for (source,) in cursor.fetchall()}
    waiting = [(source, lines) for source, runs in held.items() if (lines := _waiting(source, runs))]
    waiting.sort(key=lambda one: len(one[1]))
    quiet = [one for one in waiting if sum(line[1] for line in one[1]) <= FEW]
    quick = quick and 0 < len(quiet) < len(waiting)
    waiting = quiet if quick else waiting
    made: list[Claim] = []
    ids: list[int] = []
    alerts, size = ALERTS, BYTES
    for place, (source, lines) in enumerate(waiting):
        share = len(waiting) - place
        run = _fitting(lines, held[source], alerts // share, size // share)
        made.append(_new_claim(source, [pk for pk, _, _ in run], owner, tries=0))
        ids += [pk for pk, _, _ in run]
        alerts, size = alerts - sum(one[1] for one in run), size - sum(one[2] for one in run)
    return (made, ids, quick) if ids else None


def _waiting(source: str, runs: Sequence[Claim]) -> Sequence[_Line]:
    waiting = _rows().filter(source=source)
    for claim in runs:
        waiting = waiting.exclude(pk__gte=claim.first, pk__lte=claim.last)
    return list(waiting.order_by("pk").values_list("pk", "alerts", "size")[:ALERTS])


def _fitting(lines: Sequence[_Line], runs: Sequence[Claim], alerts: int, size: int) -> Sequence[_Line]:
    """As many as fit, at least one. A run never reaches across another: each id lies in one claim at most."""
    first = lines[0][0]
    for place, (pk, more_alerts, more_size) in enumerate(lines):
        alerts, size = alerts - more_alerts, size - more_size
        if place and (alerts < 0 or size < 0 or any(first < claim.first < pk for claim in runs)):
            return lines[:place]
    return lines


def _new_claim(source: str, ids: Sequence[int], owner: str, *, tries: int) -> Claim:
    return Claim.objects.using(tables.alias()).create(
        source=source, first=ids[0], last=ids[-1], owner=owner, until=now() + LEASE, tries=tries
    )


def _taken(claims: Sequence[Claim], ids: Sequence[int], quick: bool) -> Taken:  # as _Claimed stands
    items = tuple(_items(ids))
    deadly = len(ids) == 1 and claims[0].tries >= GIVE_UP_AFTER
    return Taken(tuple(claim.pk for claim in claims), tuple(ids), items, deadly, quick)


_WORLDS: Final = {one.value: one for one in World}


def _items(ids: Sequence[int]) -> Iterator[InboxItem]:
    """Plain SQL: the ORM turns each value by itself, which costs five times as much."""
    moment = "received_at || ''" if tables.connection().vendor == "sqlite" else "received_at"
    with tables.connection().cursor() as cursor:
        cursor.execute(
            f"SELECT receipt, source, organisation_id, body, content_type, {moment}, world, alerts FROM inbox_item"  # noqa: S608  # names of ours, and marks
            f" WHERE id IN ({', '.join(['%s'] * len(ids))}) ORDER BY id",
            ids,
        )
        rows = cursor.fetchall()
    for receipt, source, organisation, body, content_type, at, world, alerts in rows:
        number = receipt if isinstance(receipt, UUID) else UUID(int=int(receipt, 16))
        received = at if isinstance(at, datetime) else datetime.fromisoformat(at).replace(tzinfo=UTC)
        yield InboxItem(number, source, organisation, bytes(body), content_type, received, _WORLDS[world], alerts)


def _rows() -> QuerySet[Item]:
    return Item.objects.using(tables.alias())

"""Who digests which part of the stream. The stream keeps bodies, the database who has them: a claim is exact, and it is
finished in the transaction that digests.

A run is a part of one source's bodies, from one number of the stream to another. A source's lane says up to where runs
were ever made of it. A run that is done stays known until the servers have deleted its bodies, and those of one source
go from the bottom up.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from django.db import connections, transaction
from django.db.models import Min, Sum

from hikeshi.intake.inbox import tables
from hikeshi.intake.inbox.claims import HALVE_AFTER, LEASE
from hikeshi.intake.inbox.jetstream.reading import Kept
from hikeshi.intake.inbox.models import Counter, Lane, Run
from hikeshi.intake.inbox.owners import lives
from hikeshi.kernel.clock import now

TAKEN: Final = "taken"
BORN: Final = "stream_born"
"""When the stream was made, in microseconds: numbers of another one mean nothing."""


class Course(StrEnum):
    HELD = "held"
    DONE = "done"
    LEAVING = "leaving"  # the servers are being told to delete it


@dataclass(frozen=True, slots=True)
class Ledger:
    """``taken``: alerts ever digested. ``done``: alerts digested whose bodies are still in the stream, by run."""

    taken: int
    done: Mapping[int, int]
    settled: bool  # nothing is being deleted just now


def belongs(born: datetime) -> None:
    """Forgets runs and lanes where the stream is not the one they were made of."""
    value = int(born.timestamp() * 1_000_000)
    counters = Counter.objects.using(tables.alias())
    if counters.filter(name=BORN, value=value).exists():
        return
    with transaction.atomic(using=tables.alias()):
        counters.update_or_create(name=BORN, defaults={"value": value})
        Run.objects.using(tables.alias()).all().delete()
        Lane.objects.using(tables.alias()).all().delete()


def lanes() -> dict[str, int]:
    return dict(Lane.objects.using(tables.alias()).values_list("source", "claimed"))


def in_hand() -> dict[str, tuple[int, int]]:
    """Per source, bodies and alerts of the stream that are in a run already."""
    rows = Run.objects.using(tables.alias()).values_list("source").annotate(Sum("bodies"), Sum("alerts"))
    return {source: (bodies, alerts) for source, bodies, alerts in rows}


def claim(owner: str, chosen: Mapping[str, Sequence[Kept]], known: Mapping[str, int]) -> list[Run]:
    """A run of each source, unless another digester was faster there. ``known``: the lanes as they were read."""
    made: list[Run] = []
    with transaction.atomic(using=tables.alias()):
        for source, bodies in sorted(chosen.items()):
            if _moved(source, known.get(source, 0), bodies[-1].number):
                made.append(_made(owner, source, bodies))
    return made


def _moved(source: str, before: int, to: int) -> bool:
    lanes = Lane.objects.using(tables.alias())
    if before == 0:
        lanes.bulk_create([Lane(source=source, claimed=0)], ignore_conflicts=True)
    return lanes.filter(source=source, claimed=before).update(claimed=to) == 1


def _made(owner: str, source: str, bodies: Sequence[Kept], tries: int = 0) -> Run:
    return Run.objects.using(tables.alias()).create(
        source=source,
        first=bodies[0].number,
        last=bodies[-1].number,
        bodies=len(bodies),
        alerts=sum(one.counted for one in bodies),
        owner=owner,
        until=now() + LEASE,
        tries=tries,
        course=Course.HELD,
    )


def take_over(owner: str) -> Run | None:
    """A run that nobody works on: given back, its lease over, its owner dead, or left by a step of ours that failed."""
    with transaction.atomic(using=tables.alias()):
        rows = Run.objects.using(tables.alias()).filter(course=Course.HELD).order_by("pk")
        if connections[tables.alias()].features.has_select_for_update_skip_locked:
            rows = rows.select_for_update(skip_locked=True)
        free = next((row for row in rows if _free(row, owner)), None)
        if free is None:
            return None
        free.tries += free.owner not in {"", owner}
        free.owner, free.until = owner, now() + LEASE
        free.save(using=tables.alias())
        return free


def _free(run: Run, owner: str) -> bool:
    return run.owner in {"", owner} or run.until < now() or not lives(run.owner)


def halve(run: Run, bodies: Sequence[Kept]) -> Sequence[Kept]:
    """Of a run that lost its digesters keeps the first half, and leaves the other to whoever comes."""
    half = len(bodies) // 2
    with transaction.atomic(using=tables.alias()):
        run.tries = HALVE_AFTER - 1  # of each half nothing is known yet
        _made("", run.source, bodies[half:], run.tries)
        kept = bodies[:half]
        run.last, run.bodies, run.alerts = kept[-1].number, len(kept), sum(one.counted for one in kept)
        run.save(using=tables.alias())
    return kept


def shrink(run: Run, bodies: Sequence[Kept]) -> None:
    """To what the stream still has of it."""
    run.bodies, run.alerts = len(bodies), sum(one.counted for one in bodies)
    run.save(using=tables.alias(), update_fields=["bodies", "alerts"])


def finish(ids: Sequence[int]) -> None:
    """They are digested: in the caller's transaction, if there is one. Once is enough, twice counts once."""
    with transaction.atomic(using=tables.alias()), tables.connection().cursor() as cursor:
        held = Run.objects.using(tables.alias()).filter(pk__in=ids, course=Course.HELD)
        if tables.connection().features.has_select_for_update:
            held = held.select_for_update().order_by("pk")
        rows = list(held.values_list("pk", "alerts"))
        if rows:
            Run.objects.using(tables.alias()).filter(pk__in=[pk for pk, _ in rows]).update(course=Course.DONE)
            cursor.execute(tables.COUNT, [TAKEN, sum(alerts for _, alerts in rows)])


def give_back(ids: Sequence[int]) -> None:
    Run.objects.using(tables.alias()).filter(pk__in=ids, course=Course.HELD).update(owner="")


def leaving() -> dict[str, int]:
    """Per source, the number up to which nothing is needed any more. What it covers is marked before it goes."""
    rows = Run.objects.using(tables.alias())
    # First what is done, then what is held: a run below a done one was made before it, so it is seen by now.
    done = list(rows.filter(course__in=[Course.DONE, Course.LEAVING]).order_by("last").values_list("source", "last"))
    held = dict(rows.filter(course=Course.HELD).values_list("source").annotate(Min("first")))
    going = {source: last for source, last in done if source not in held or last < held[source]}
    for source, upto in sorted(going.items()):
        rows.filter(source=source, last__lte=upto, course=Course.DONE).update(course=Course.LEAVING)
    return going


def left(gone: Mapping[str, int]) -> None:
    """Their bodies are deleted."""
    for source, upto in gone.items():
        Run.objects.using(tables.alias()).filter(source=source, last__lte=upto, course=Course.LEAVING).delete()


def ledger() -> Ledger:
    """In one statement each way: the count and the runs it covers change together."""
    with transaction.atomic(using=tables.alias()), tables.connection().cursor() as cursor:
        cursor.execute(_LEDGER, [TAKEN, Course.DONE, Course.LEAVING])
        rows = cursor.fetchall()
    taken = sum(alerts for pk, alerts, _ in rows if pk is None)
    done = {pk: alerts for pk, alerts, _ in rows if pk is not None}
    return Ledger(taken, done, all(course != Course.LEAVING for _, _, course in rows))


_LEDGER: Final = """
SELECT NULL, value, '' FROM inbox_counter WHERE name = %s
UNION ALL SELECT id, alerts, course FROM inbox_run WHERE course IN (%s, %s)
"""

"""The engine's part: clocks of which a share is used up, and open records that take new targets."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db import connection

from hikeshi.incidents import queries as incidents
from hikeshi.kernel.acting import system
from hikeshi.kernel.worlds import World
from hikeshi.ledger.acts import record, unit
from hikeshi.service_levels import facts
from hikeshi.service_levels.codes import Act, Measure
from hikeshi.service_levels.models import Clock, Renewal
from hikeshi.service_levels.queries.history import own_subject

BY: Final = system("clocks")
BATCH: Final = 100
RENEWED_AT_ONCE: Final = 100
END: Final = 100
"""Percent."""


def watch_clocks(now: datetime) -> bool:
    """One step; whether there may be more. Found outside the lock, looked at again inside: two engines take turns."""
    due = Clock.objects.filter(next_at__lte=now).order_by("next_at").values_list("pk", flat=True)
    found = list(due[:BATCH])
    if found:
        with unit():
            _pass_all(_held(found, now), now)
    return _renew(now) or len(found) == BATCH


def _held(found: Sequence[int], now: datetime) -> list[Clock]:
    skip = connection.features.has_select_for_update_skip_locked
    rows = Clock.objects.select_for_update(skip_locked=skip).filter(pk__in=found, next_at__lte=now)
    return list(rows.order_by("next_at", "pk"))


def _pass_all(rows: Sequence[Clock], now: datetime) -> None:
    for row in rows:
        _pass(row, now)
    _plan(rows)


def _plan(rows: Sequence[Clock]) -> None:
    """All in one statement's time: a hundred saves, or Django's CASE of a hundred branches, take ten times as long."""
    wanted = ("steps", "told", "next_at", "id")
    fields = [one for name in wanted for one in Clock._meta.concrete_fields if one.name == name]
    values = [[one.get_db_prep_save(getattr(row, one.attname), connection) for one in fields] for row in rows]
    with connection.cursor() as cursor:
        cursor.executemany("UPDATE service_levels_clock SET steps = %s, told = %s, next_at = %s WHERE id = %s", values)


def _pass(row: Clock, now: datetime) -> None:
    """Tells the latest share that is used up, once, with all that was to be done up to there: after an outage nobody
    is told of half, three quarters and all of it in one breath.
    """
    passed = [one for one in row.steps if datetime.fromisoformat(one[1]) <= now]
    row.steps = row.steps[len(passed) :]
    row.next_at = datetime.fromisoformat(row.steps[0][1]) if row.steps else None
    if not passed or row.due_at is None:
        return
    row.told = passed[-1][0]
    kind = facts.ClockRanOut if row.told >= END else facts.ClockPassed
    fact = kind(
        incident=row.incident,
        measure=Measure(row.measure),
        round=row.round,
        percent=row.told,
        due_at=row.due_at,
        acts=tuple(dict.fromkeys(Act(act) for _, _, acts in passed for act in acts)),
    )
    subject = f"incident:{row.incident}"
    record(fact, subject=subject, by=BY, world=World(row.world), topics=("incidents",))


def _renew(now: datetime) -> bool:
    """Some more of the open records take the targets in force, where somebody asked for it."""
    asked = Renewal.objects.filter(done_at=None).order_by("pk").values_list("pk", flat=True).first()
    if asked is None:
        return False
    with unit():
        row = Renewal.objects.select_for_update().get(pk=asked)
        if row.done_at is not None:
            return True
        open_now = incidents.visible(BY).filter(standing=0, pk__gt=row.place).order_by("pk")
        found = list(open_now.values_list("pk", "uuid", "world")[:RENEWED_AT_ONCE])
        for _, uuid, world in found:
            fact = facts.TermsRenewed(incident=uuid, book=row.book)
            record(fact, subject=own_subject(uuid), by=BY, world=World(world))
        row.place = found[-1][0] if found else row.place
        row.renewed += len(found)
        row.done_at = None if len(found) == RENEWED_AT_ONCE else now
        row.save(update_fields=["place", "renewed", "done_at"])
    return True

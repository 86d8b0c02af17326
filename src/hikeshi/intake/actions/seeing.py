"""Counts what alerts name, in the transaction that writes them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import connection

from hikeshi.intake.actions.rows import when
from hikeshi.intake.gathering import Row
from hikeshi.intake.models import Alert, SeenBefore
from hikeshi.intake.queries.seeing import counted, key, things
from hikeshi.ledger.acts import unit

KEPT: Final = timedelta(days=400)
FORGOTTEN_AT_ONCE: Final = 500
_AT_ONCE: Final = 200
_ADD: Final = (
    "INSERT INTO intake_seenbefore (organisation_id, key, alerts, first_at, last_at, fingerprint)"
    " VALUES {} ON CONFLICT (organisation_id, key) DO UPDATE SET"
    " alerts = intake_seenbefore.alerts + excluded.alerts, last_at = CASE WHEN intake_seenbefore.last_at"
    " > excluded.last_at THEN intake_seenbefore.last_at ELSE excluded.last_at END, fingerprint = excluded.fingerprint"
)
_TAKE: Final = (
    "UPDATE intake_seenbefore SET alerts = alerts - %s, last_at = NULL, fingerprint = ''"
    " WHERE organisation_id = %s AND key = %s"
)


def count(made: Iterable[Row]) -> None:
    """New alerts, as the digest holds them."""
    _add(
        (
            row.organisation_id,
            key(*one),
            row.folded.first_seen,
            row.folded.last_seen,
            row.fingerprint,
        )
        for row in made
        for one in counted(things(row.observables))
    )


def _add(named: Iterable[tuple[int, str, datetime, datetime, str]]) -> None:
    """Sorted, so that two digesters never wait crosswise."""
    found: dict[tuple[int, str], tuple[int, datetime, datetime, str]] = {}
    for place, name, first, last, fingerprint in named:
        held = found.get((place, name))
        if held is None:
            found[place, name] = (1, first, last, fingerprint)
        else:
            found[place, name] = (held[0] + 1, min(held[1], first), max(held[2], last), fingerprint)
    values = [
        (place, name, alerts, when(first), when(last), fingerprint)
        for (place, name), (alerts, first, last, fingerprint) in sorted(found.items())
    ]
    with connection.cursor() as cursor:
        for start in range(0, len(values), _AT_ONCE):
            part = values[start : start + _AT_ONCE]
            marks = ", ".join(["(%s, %s, %s, %s, %s, %s)"] * len(part))
            cursor.execute(_ADD.format(marks), [one for row in part for one in row])


def turn(rows: Sequence[Alert], *, hidden: bool) -> None:
    """Alerts that only some people may see now are counted no more; those that everybody may see again, are."""
    turned = list(Alert.objects.filter(pk__in=[row.pk for row in rows]).order_by("pk"))
    named = [(row, key(*one)) for row in turned for one in counted(things(row.observables))]
    if not hidden:
        _add((row.organisation_id, name, row.first_seen, row.last_seen, row.fingerprint) for row, name in named)
        return
    taken = Counter((row.organisation_id, name) for row, name in named)
    with connection.cursor() as cursor:
        cursor.executemany(_TAKE, [(times, *thing) for thing, times in sorted(taken.items())])
    SeenBefore.objects.filter(alerts__lte=0, key__in={name for _, name in named}).delete()


def forget_things(at: datetime) -> bool:
    """Up to a step's worth of what nothing named for more than a year; whether there may be more."""
    old = SeenBefore.objects.filter(last_at__lt=at - KEPT).order_by("last_at")
    found = list(old.values_list("pk", flat=True)[:FORGOTTEN_AT_ONCE])
    if found:
        with unit():
            SeenBefore.objects.filter(pk__in=found).delete()
    return len(found) == FORGOTTEN_AT_ONCE

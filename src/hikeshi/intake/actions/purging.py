"""Alerts and bodies whose period is over. The periods, and the loop that asks for this, are retention's."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db.models import F, QuerySet

from hikeshi.intake.facts import AlertsPurged
from hikeshi.intake.models import Alert, CaseMember, Heard, Parked, RawBody
from hikeshi.intake.verdicts import Verdict
from hikeshi.kernel.acting import Actor
from hikeshi.ledger.acts import record
from hikeshi.retention.categories import Keeper, register

SUBJECT: Final = "intake"
ALERTS_AT_ONCE: Final = 150
"""With their bodies and corrections: some 40 ms of everybody's pen on SQLite."""


def _loose(cut: datetime) -> QuerySet[Alert]:
    """No case has ever held them."""
    return Alert.objects.filter(case="", last_seen__lt=cut)


def _dropped(cut: datetime) -> QuerySet[Alert]:
    return _loose(cut).filter(verdict=Verdict.DROP)


def _kept(cut: datetime) -> QuerySet[Alert]:
    return _loose(cut).exclude(verdict=Verdict.DROP)


def purge_alerts(by: Actor, rows: Sequence[Alert]) -> int:
    """Part of other verbs: with their bodies and corrections. Who may, they have asked. Returns how many went."""
    spoken_of = tuple(sorted(row.uuid for row in rows if row.announced))
    Alert.objects.filter(pk__in=[row.pk for row in rows]).delete()
    if spoken_of:
        record(AlertsPurged(alerts=spoken_of), subject=SUBJECT, by=by, topics=("alerts",))
    return len(rows)


def purge_bodies(by: Actor, rows: Sequence[RawBody]) -> int:
    """Part of other verbs. The alerts stay, with their normal form."""
    return RawBody.objects.filter(pk__in=[row.pk for row in rows]).delete()[0]


def forget_case(case: str) -> None:
    """Part of other verbs: who could see the alerts of a case that is no more."""
    CaseMember.objects.filter(case=case).delete()


def _parked(cut: datetime) -> QuerySet[Parked]:
    return Parked.objects.filter(received_at__lt=cut)


def _purge_parked(by: Actor, rows: Sequence[Parked]) -> int:
    """The counts of what waits to be read go down with them."""
    waiting: Counter[tuple[int, str]] = Counter()
    for row in rows:
        waiting[row.organisation_id, row.source] += row.alerts
    for (organisation, source), alerts in sorted(waiting.items()):
        Heard.objects.filter(organisation=organisation, source=source).update(parked=F("parked") - alerts)
    return Parked.objects.filter(pk__in=[row.pk for row in rows]).delete()[0]


register("alerts_dropped", Keeper(_dropped, "last_seen", purge_alerts, step=ALERTS_AT_ONCE))
register("alerts_kept", Keeper(_kept, "last_seen", purge_alerts, step=ALERTS_AT_ONCE))
register("parked", Keeper(_parked, "received_at", _purge_parked))

"""Duty whose period is over. The periods, and the loop that asks for this, are retention's."""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db.models import Model, Q, QuerySet

from hikeshi.kernel.acting import Actor
from hikeshi.ledger.acts import record
from hikeshi.oncall.facts.rotas import DutyPurged, Past
from hikeshi.oncall.models import Absence, Cover, Feed, Swap
from hikeshi.retention.categories import Keeper, register


def _covers(cut: datetime) -> QuerySet[Cover]:
    return Cover.objects.filter(ends_at__lt=cut)


def _swaps(cut: datetime) -> QuerySet[Swap]:
    """Once nobody is put in by them any more, and what was to be given back is past too."""
    given_back = Q(back_ends_at__isnull=True) | Q(back_ends_at__lt=cut)
    return Swap.objects.filter(given_back, ends_at__lt=cut, covers__isnull=True)


def _absences(cut: datetime) -> QuerySet[Absence]:
    return Absence.objects.filter(ends_at__lt=cut)


def _feeds(cut: datetime) -> QuerySet[Feed]:
    """Addresses that open nothing any more."""
    return Feed.objects.filter(revoked_at__lt=cut)


def _forget(what: Past, table: type[Model]) -> Callable[[Actor, Sequence[Cover | Swap | Absence | Feed]], int]:
    def purge(by: Actor, rows: Sequence[Cover | Swap | Absence | Feed]) -> int:
        gone = tuple(sorted(row.uuid for row in rows))
        table._default_manager.filter(pk__in=[row.pk for row in rows]).delete()
        record(DutyPurged(what=what, rows=gone, count=len(gone)), subject="oncall", by=by)
        return len(gone)

    return purge


register("duty_covers", Keeper(_covers, "ends_at", _forget(Past.COVER, Cover)))
register("duty_swaps", Keeper(_swaps, "ends_at", _forget(Past.SWAP, Swap)))
register("duty_absences", Keeper(_absences, "ends_at", _forget(Past.ABSENCE, Absence)))
register("duty_feeds", Keeper(_feeds, "revoked_at", _forget(Past.FEED, Feed)))

"""Categories whose rows lie in the packages beneath: tries to sign in, and the access log."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet

from hikeshi.accounts.models import Attempt
from hikeshi.kernel.acting import Actor
from hikeshi.ledger.models import Reading
from hikeshi.retention.categories import Keeper, register


def _attempts(cut: datetime) -> QuerySet[Attempt]:
    return Attempt.objects.filter(at__lt=cut)


def _forget_attempts(by: Actor, rows: Sequence[Attempt]) -> int:
    return Attempt.objects.filter(pk__in=[row.pk for row in rows]).delete()[0]


def _readings(cut: datetime) -> QuerySet[Reading]:
    return Reading.objects.filter(at__lt=cut)


def _forget_readings(by: Actor, rows: Sequence[Reading]) -> int:
    return Reading.objects.filter(pk__in=[row.pk for row in rows]).delete()[0]


register("attempts", Keeper(_attempts, "at", _forget_attempts))
register("readings", Keeper(_readings, "at", _forget_readings))

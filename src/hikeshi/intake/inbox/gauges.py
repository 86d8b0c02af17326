"""Figures that rise and fall, beside the totals: for ``/metrics``, which the watch reads without asking the desk."""

from typing import Final

from hikeshi.intake.inbox import tables
from hikeshi.intake.inbox.models import Counter

CANARY_FAILED: Final = "canary_failed"


def show(name: str, value: int) -> None:
    Counter.objects.using(tables.alias()).update_or_create(name=name, defaults={"value": value})


def shown(name: str) -> int:
    return Counter.objects.using(tables.alias()).filter(name=name).values_list("value", flat=True).first() or 0

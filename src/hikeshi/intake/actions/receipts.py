"""Forgets receipts once nothing of theirs can come back."""

from datetime import datetime, timedelta
from typing import Final

from hikeshi.intake.inbox import place
from hikeshi.intake.models import Receipt
from hikeshi.ledger.acts import unit

KEPT_FOR: Final = timedelta(days=2)
STEP: Final = 500


def purge_receipts(now: datetime) -> bool:
    """Takes away up to a step's worth; whether there may be more. None while old bodies still wait in the inbox: theirs
    may be among these, and would count again.
    """
    if place.inbox().waiting_since(now - timedelta(hours=1)):
        return False
    due = list(Receipt.objects.filter(at__lt=now - KEPT_FOR).order_by("at").values_list("pk", flat=True)[:STEP])
    if due:
        with unit():
            Receipt.objects.filter(pk__in=due).delete()
    return len(due) == STEP

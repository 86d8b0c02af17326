"""Sent messages and their proof, whose period is over. Which of them that is, whoever knows of holds says."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet

from hikeshi.kernel.acting import Actor
from hikeshi.notify.models import Outgoing


def ended(cut: datetime) -> QuerySet[Outgoing]:
    """Those under way have no end, however long they wait."""
    return Outgoing.objects.filter(ended_at__lt=cut, due_at=None)


def purge_messages(by: Actor, rows: Sequence[Outgoing]) -> int:
    """With each way, each try and each answer; the ledger keeps that they were sent, by which way, and when."""
    Outgoing.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)

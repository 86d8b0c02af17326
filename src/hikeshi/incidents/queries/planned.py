"""What is to be done until when: tasks and waits of the records somebody sees, in the order of their time."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from hikeshi.incidents.codes import Status
from hikeshi.incidents.models import STANDING, Incident, Task
from hikeshi.incidents.queries.lists import brief
from hikeshi.incidents.queries.visibility import visible
from hikeshi.kernel.acting import Actor

MOST: Final = 500
"""Of one kind in one span: who has more narrows it."""


def tasks_due(by: Actor, since: datetime, until: datetime, owners: Collection[int] | None = None) -> list[Task]:
    """Those not done, of records that are not closed. ``owners``: of these people only."""
    going = visible(by).exclude(standing=STANDING[Status.CLOSED]).order_by().values("pk")
    rows = Task.objects.filter(due_at__gte=since, due_at__lt=until, done_at=None, incident__in=going)
    rows = rows if owners is None else rows.filter(owner__in=owners)
    return list(rows.select_related("incident", "owner").order_by("due_at", "id")[:MOST])


def waits_ending(by: Actor, since: datetime, until: datetime, owners: Collection[int] | None = None) -> list[Incident]:
    """Open records whose wait ends by itself then."""
    rows = visible(by).filter(standing=0, waiting_until__gte=since, waiting_until__lt=until)
    rows = rows if owners is None else rows.filter(owner__in=owners)
    return list(brief(rows.order_by("waiting_until", "id"))[:MOST])

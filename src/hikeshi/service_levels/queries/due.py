"""Which records' clocks run out in a span of time."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from hikeshi.incidents import queries as incidents
from hikeshi.incidents.queries import Incident
from hikeshi.kernel.acting import Actor
from hikeshi.service_levels.models import Track

MOST: Final = 500


def run_out_between(
    by: Actor, since: datetime, until: datetime, owners: Collection[int] | None = None
) -> list[tuple[datetime, Incident]]:
    """Open records by when their first clock runs out, the soonest first; found by the index of what is due."""
    seen = incidents.visible(by).filter(standing=0)
    seen = seen if owners is None else seen.filter(owner__in=owners)
    tracks = Track.objects.filter(
        first_due__gte=since, first_due__lt=until, incident__in=seen.order_by().values("uuid")
    )
    due = dict(tracks.order_by("first_due", "id").values_list("incident", "first_due")[:MOST])
    rows = {one.uuid: one for one in incidents.brief(incidents.visible(by).filter(uuid__in=list(due)).order_by())}
    return [(at, rows[uuid]) for uuid, at in due.items() if at is not None and uuid in rows]


def first_due_of(records: Sequence[UUID]) -> Mapping[UUID, datetime]:
    """When the first clock of each of these records runs out, which the reader has just been found to see."""
    rows = Track.objects.filter(incident__in=records, first_due__isnull=False).values_list("incident", "first_due")
    return {uuid: at for uuid, at in rows if at is not None}

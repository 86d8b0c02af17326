"""Which records' clocks run out in a span of time."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef

from hikeshi.incidents import queries as incidents
from hikeshi.incidents.queries import Incident, daily
from hikeshi.kernel.acting import Actor
from hikeshi.service_levels.models import Track


def run_out_between(
    by: Actor, days: daily.Days, owners: Collection[int] | None = None
) -> tuple[list[tuple[datetime, Incident]], Mapping[int, int]]:
    """Open records by when their first clock runs out, the soonest first, and how many more each day has; found by the
    index of what is due.
    """
    seen = incidents.visible(by).filter(standing=0)
    seen = seen if owners is None else seen.filter(owner__in=owners)
    tracks = Track.objects.filter(Exists(seen.filter(uuid=OuterRef("incident"))))
    found = daily.of_each(tracks, "first_due", days)
    kept = Track.objects.filter(pk__in=found.keys).order_by("first_due", "id")
    due = dict(kept.values_list("incident", "first_due"))
    rows = {one.uuid: one for one in incidents.brief(incidents.visible(by).filter(uuid__in=list(due)).order_by())}
    return [(at, rows[uuid]) for uuid, at in due.items() if at is not None and uuid in rows], found.left


def first_due_of(records: Sequence[UUID]) -> Mapping[UUID, datetime]:
    """When the first clock of each of these records runs out, which the reader has just been found to see."""
    rows = Track.objects.filter(incident__in=records, first_due__isnull=False).values_list("incident", "first_due")
    return {uuid: at for uuid, at in rows if at is not None}

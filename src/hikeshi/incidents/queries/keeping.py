"""Whether anything of a record may be deleted."""

from dataclasses import dataclass
from datetime import datetime

from hikeshi.accounts import queries as accounts
from hikeshi.incidents.models import Incident, Passage
from hikeshi.incidents.queries.lists import incident as find
from hikeshi.incidents.queries.visibility import visible
from hikeshi.kernel.acting import Actor
from hikeshi.retention import queries as retention


@dataclass(frozen=True, slots=True)
class HoldView:
    """A hold that stands."""

    since: datetime
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class HeldRecord:
    ref: str
    title: str
    since: datetime


def held(record: Incident) -> HoldView | None:
    """For whoever has been shown the record."""
    row = retention.hold_on(record.subject)
    if row is None:
        return None
    words = Passage.objects.filter(incident=record, uuid=row.reason).values_list("text", flat=True).first()
    named = accounts.names_of([row.placed_by])
    return HoldView(row.placed_at, named.get(row.placed_by, row.placed_by), words or "")


def hold_of(by: Actor, ref: str) -> HoldView | None:
    """Raises NotFound."""
    return held(find(by, ref))


def held_records(by: Actor) -> list[HeldRecord]:
    """Those the reader sees, the longest held first. Three queries."""
    rows = visible(by).filter(uuid__in=retention.held_of("incident")).only("uuid", "ref", "title")
    known = {row.subject: row for row in rows}
    holds = sorted(retention.holds_on(known), key=lambda one: one.placed_at)
    return [HeldRecord(known[one.subject].ref, known[one.subject].title, one.placed_at) for one in holds]

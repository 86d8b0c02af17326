"""Calls for help about records the reader sees."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from hikeshi.incidents.models import Incident
from hikeshi.incidents.queries.visibility import visible
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.prepared import Prepared
from hikeshi.oncall.queries import runs
from hikeshi.oncall.queries.runs import RunView

SHOWN: Final = 3
LOOKED_AT: Final = 500


def calling_of(by: Actor, record: Incident) -> RunView | None:
    """For a record this reader has just found."""
    return runs.view(by, record.subject)


@dataclass(frozen=True, slots=True)
class Unreached:
    """A record that nobody was reached about, or that nobody answered."""

    ref: str
    title: str
    priority: int
    trouble: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Alarm:
    """The gravest and newest of them; how many more there are."""

    shown: Sequence[Unreached]
    more: int


_TROUBLED = Prepared(lambda: runs.in_trouble().order_by("priority", "-id")[:LOOKED_AT])


def unreached(by: Actor) -> Alarm | None:
    """What every page says loudest. One query where all is well, two where it is not."""
    found = {UUID(row.subject.partition(":")[2]): row for row in _TROUBLED() if row.subject.startswith("incident:")}
    if not found:
        return None
    seen = {one.uuid: one for one in visible(by).filter(uuid__in=found).only("uuid", "ref", "title", "priority")}
    lines = [
        Unreached(seen[uuid].ref, seen[uuid].title, seen[uuid].priority, row.trouble, row.began_at)
        for uuid, row in found.items()
        if uuid in seen
    ]
    return Alarm(lines[:SHOWN], max(len(lines) - SHOWN, 0)) if lines else None

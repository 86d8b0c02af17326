"""For bench.paging: where the time of a page goes, told by the desk's own record of it. What a step says of itself it
says before its commit, so that the commit counts with the step after it.
"""

import contextlib
import itertools
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Page:
    """Moments of one page, as the clock of this machine tells them: seconds since 1970. ``key``: as it arrived."""

    key: str
    began: float
    answered: float
    came: float

    @property
    def took(self) -> float:
        return self.came - self.began


TOLD = ("judged", "somebody called", "handed to the provider")
_OF_MESSAGE = """
SELECT judged.at, queued.at, MIN(tried.started_at)
FROM notify_outgoing message
JOIN notify_delivery delivery ON delivery.outgoing_id = message.id
JOIN notify_try tried ON tried.delivery_id = delivery.id
JOIN oncall_run run ON message.subject = 'run:' || SUBSTR(run.uuid, 1, 8) || '-' || SUBSTR(run.uuid, 9, 4) || '-'
    || SUBSTR(run.uuid, 13, 4) || '-' || SUBSTR(run.uuid, 17, 4) || '-' || SUBSTR(run.uuid, 21)
JOIN incidents_incident record ON record.ref = run.ref
JOIN incidents_attachedalert attached ON attached.incident_id = record.id
JOIN ledger_entry judged ON judged.number = attached.entry
JOIN ledger_entry queued ON queued.fact = 'notify.MessageQueued' AND queued.subject = message.subject
WHERE REPLACE(delivery.uuid, '-', '') = ?
"""


def between(file: Path, pages: Sequence[Page]) -> Iterator[tuple[str, list[float]]]:
    """From each step to the next, the seconds of every page: each is followed back from what arrived."""
    with contextlib.closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as rows:
        found = [rows.execute(_OF_MESSAGE, [one.key.replace("-", "")]).fetchone() for one in pages]
    if not all(found):
        raise SystemExit("some pages left no trace")
    said = {name: [_seconds(one[place]) for one in found] for place, name in enumerate(TOLD)}
    steps = {"sent": [one.began for one in pages], "answered": [one.answered for one in pages], **said}
    steps["arrived"] = [one.came for one in pages]
    names = list(steps)
    for before, after in itertools.pairwise(names):
        each = [there - here for here, there in zip(steps[before], steps[after], strict=True)]
        yield f"from {before} to {after}", each


def _seconds(stored: str) -> float:
    return datetime.fromisoformat(stored).replace(tzinfo=UTC).timestamp()

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
    """Moments of one page, as the clock of this machine tells them: seconds since 1970."""

    began: float
    answered: float
    came: float

    @property
    def took(self) -> float:
        return self.came - self.began


TOLD = {
    "judged": "SELECT at FROM ledger_entry WHERE fact = 'intake.AlertJudged' ORDER BY number LIMIT ?",
    "somebody called": "SELECT at FROM ledger_entry WHERE fact = 'notify.MessageQueued' ORDER BY number LIMIT ?",
    "handed to the provider": "SELECT started_at FROM notify_try ORDER BY id LIMIT ?",
}


def between(file: Path, pages: Sequence[Page]) -> Iterator[tuple[str, list[float]]]:
    """From each step to the next, the seconds of every page. They came one after the other, so that each step's are in
    their order.
    """
    with contextlib.closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as rows:
        said = {name: [_seconds(at) for (at,) in rows.execute(sql, [len(pages)])] for name, sql in TOLD.items()}
    steps = {"sent": [one.began for one in pages], "answered": [one.answered for one in pages], **said}
    steps["arrived"] = [one.came for one in pages]
    if len({len(found) for found in steps.values()}) > 1:
        raise SystemExit(f"some pages left no trace: { {name: len(found) for name, found in steps.items()} }")
    names = list(steps)
    for before, after in itertools.pairwise(names):
        each = [there - here for here, there in zip(steps[before], steps[after], strict=True)]
        yield f"from {before} to {after}", each


def _seconds(stored: str) -> float:
    return datetime.fromisoformat(stored).replace(tzinfo=UTC).timestamp()

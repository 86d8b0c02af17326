"""The first page names one thing to do, and the gravest reason wins."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from hikeshi.web.home.next_step import Why, step

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Record:
    ref: str
    priority: int = 3
    waiting: str = ""
    title: str = ""


@dataclass(frozen=True)
class Task:
    due_at: datetime | None
    title: str = ""


BURNING, PLAIN, MINE, LATE = Record("burning", 1), Record("plain", 3), Record("mine", 2), Record("late", 4)
TASK = (Task(NOW - timedelta(minutes=1)), PLAIN)
SOON = (Task(NOW + timedelta(hours=1)), PLAIN)


@pytest.mark.parametrize(
    ("given", "why", "ref"),
    [
        ({"free": [BURNING], "calls": [LATE, MINE], "may_take": False}, Why.CALLED, "late"),
        ({"free": [BURNING], "overdue": [LATE], "mine": [MINE], "tasks": [TASK]}, Why.NOBODY_ON_CRITICAL, "burning"),
        ({"free": [PLAIN], "overdue": [LATE], "mine": [MINE], "tasks": [TASK]}, Why.MINE_OVERDUE, "late"),
        ({"free": [PLAIN], "mine": [MINE], "tasks": [SOON, TASK]}, Why.TASK_OVERDUE, "plain"),
        ({"free": [PLAIN], "mine": [Record("parts", 1, "supplier"), MINE], "tasks": [SOON]}, Why.MINE_GRAVEST, "mine"),
        ({"free": [PLAIN], "mine": [Record("parts", 1, "supplier")]}, Why.NOBODY_ON, "plain"),
        ({"mine": [Record("parts", 1, "supplier")], "tasks": [SOON, (Task(None), PLAIN)]}, Why.NOTHING, None),
        ({"free": [BURNING], "may_take": False}, Why.NOTHING, None),
    ],
)
def test_the_gravest_reason_wins(given: dict[str, object], why: Why, ref: str | None) -> None:
    asked = {"mine": [], "overdue": [], "free": [], "tasks": [], "calls": [], "may_take": True, **given}
    found = step(now=NOW, **asked)  # type: ignore[arg-type]  # whatever the case names
    assert (found.why, found.record.ref if found.record else None) == (why, ref)

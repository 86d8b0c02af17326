"""The first page names one thing to do, and the gravest reason wins."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

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
class Ask:
    uuid: UUID
    question: str = "Cut it off?"


@dataclass(frozen=True)
class Own:
    uuid: UUID
    ref: str = "INC-2026-0001"
    words: str = "A red window"


@dataclass(frozen=True)
class Task:
    due_at: datetime | None
    title: str = ""


BURNING, PLAIN, MINE, LATE = Record("burning", 1), Record("plain", 3), Record("mine", 2), Record("late", 4)
ASK = Ask(UUID(int=1))
OWN = Own(UUID(int=2))
TASK = (Task(NOW - timedelta(minutes=1)), PLAIN)
SOON = (Task(NOW + timedelta(hours=1)), PLAIN)


@pytest.mark.parametrize(
    ("given", "why", "ref"),
    [
        ({"free": [BURNING], "calls": [LATE, MINE], "may_take": False}, Why.CALLED, "late"),
        ({"free": [BURNING], "overdue": [LATE], "mine": [MINE], "tasks": [TASK]}, Why.NOBODY_ON_CRITICAL, "burning"),
        ({"free": [BURNING], "asked": (ASK, PLAIN)}, Why.NOBODY_ON_CRITICAL, "burning"),
        ({"free": [BURNING], "asked": (ASK, PLAIN), "may_take": False}, Why.DECISION, "plain"),
        ({"overdue": [LATE], "asked": (ASK, PLAIN), "tasks": [TASK]}, Why.DECISION, "plain"),
        ({"free": [PLAIN], "overdue": [LATE], "mine": [MINE], "tasks": [TASK]}, Why.MINE_OVERDUE, "late"),
        ({"free": [PLAIN], "mine": [MINE], "tasks": [SOON, TASK]}, Why.TASK_OVERDUE, "plain"),
        ({"free": [PLAIN], "mine": [Record("parts", 1, "supplier"), MINE], "tasks": [SOON]}, Why.MINE_GRAVEST, "mine"),
        ({"free": [PLAIN], "mine": [Record("parts", 1, "supplier")]}, Why.NOBODY_ON, "plain"),
        ({"mine": [Record("parts", 1, "supplier")], "tasks": [SOON, (Task(None), PLAIN)]}, Why.NOTHING, None),
        ({"free": [BURNING], "may_take": False}, Why.NOTHING, None),
        ({"may_take": False, "sees": False}, Why.REPORT, None),
        ({"may_take": False, "sees": False, "reported": OWN}, Why.QUESTION, None),
        ({"mine": [MINE], "may_take": False, "sees": False, "reported": OWN}, Why.MINE_GRAVEST, "mine"),
        ({"mine": [MINE], "may_take": False, "sees": False}, Why.MINE_GRAVEST, "mine"),
    ],
)
def test_the_gravest_reason_wins(given: dict[str, object], why: Why, ref: str | None) -> None:
    asked = {
        "mine": [],
        "overdue": [],
        "free": [],
        "tasks": [],
        "calls": [],
        "asked": None,
        "reported": None,
        "may_take": True,
        "sees": True,
        **given,
    }
    found = step(now=NOW, **asked)  # type: ignore[arg-type]  # whatever the case names
    assert (found.why, found.record.ref if found.record else None) == (why, ref)

"""The stages a canary passes, when the next one is due by plan, and what its history comes to. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from statistics import median
from typing import Final
from zoneinfo import ZoneInfo

from hikeshi.calendars import wall


class Stage(StrEnum):
    """In their order. ``TAKEN``: the provider's answer. ``OPENED``: somebody, or a scanner, looked at the link."""

    POSTED = "posted"
    DIGESTED = "digested"
    JUDGED = "judged"
    CALLED = "called"
    SENT = "sent"
    TAKEN = "taken"
    OPENED = "opened"
    ANSWERED = "answered"


class To(StrEnum):
    """Whom a canary calls."""

    PERSON = "person"
    ROTA = "rota"
    POLICY = "policy"


class State(StrEnum):
    UNDER_WAY = "under_way"
    ANSWERED = "answered"
    FAILED = "failed"
    LEFT_OUT = "left_out"  # due by plan on a desk that would not send, or while another was under way


class Why(StrEnum):
    """What was known when it did not come through; the codes of calls for help stand here as well."""

    LATE = "late"  # nothing is known to be wrong: it took too long
    DOOR_SILENT = "door_silent"
    DOOR_REFUSED = "door_refused"
    DOOR_BUSY = "door_busy"
    NOT_DIGESTED = "not_digested"
    OTHER_RULE = "other_rule"
    HELD = "held"
    UNDER_WAY = "under_way"


OPTIONAL: Final = frozenset({Stage.OPENED})
"""An answer by mail opens no link."""
WEEK: Final = 7
Times = Mapping[Stage, datetime | None]


def stuck_at(times: Times) -> Stage:
    """The first stage it has not passed."""
    return next((one for one in Stage if one not in OPTIONAL and times.get(one) is None), Stage.ANSWERED)


def next_at(days: Collection[int], at: time, zone: ZoneInfo, after: datetime) -> datetime | None:
    """The first of these weekdays (0 is Monday) at that hour on the wall, after a moment; None without a day."""
    today = after.astimezone(zone).date()
    for ahead in range(WEEK + 1):
        day = today + timedelta(days=ahead)
        if day.weekday() in days and (found := wall.first(zone, datetime.combine(day, at))) > after:
            return found
    return None


@dataclass(frozen=True, slots=True)
class Figures:
    """Seconds from its beginning to the end of a stage, over those canaries that passed it."""

    stage: Stage
    median: float
    worst: float
    count: int


def figures(lines: Sequence[tuple[datetime, Times]]) -> list[Figures]:
    """``lines``: when each began, and its stages."""
    found = []
    for stage in Stage:
        took = [(at - began).total_seconds() for began, times in lines if (at := times.get(stage)) is not None]
        if took:
            found.append(Figures(stage, median(took), max(took), len(took)))
    return found

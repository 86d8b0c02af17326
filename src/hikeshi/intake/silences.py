"""Silences and maintenance windows: when they hold, once or again and again in local time. Pure.

Nothing is dropped: what matches is held, and what still fires at the end of a window speaks then.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

LONGEST: Final = timedelta(days=366)
"""From the beginning of the first window to the end of the last."""
OF_WHO_JUDGES: Final = timedelta(days=7)
"""A longer silence, or one that comes again, is for whoever manages intake."""
RULE: Final = "silence-"
"""Begins what stands where a rule's code does, on an alert that is held."""


def of_rule(rule: str) -> str:
    """The silence whose code stands where a rule's does; empty for a rule."""
    return rule.removeprefix(RULE) if rule.startswith(RULE) else ""


class Every(StrEnum):
    ONCE = "once"
    DAY = "day"
    WEEK = "week"


_STEPS: Final = {Every.DAY: timedelta(days=1), Every.WEEK: timedelta(days=7)}


@dataclass(frozen=True, slots=True)
class Terms:
    """``until``: no window begins later; only where it comes again. ``matchers`` as `matchers.read` takes them."""

    title: str
    matchers: str
    reason: str
    owner: str
    starts_at: datetime
    ends_at: datetime
    every: Every = Every.ONCE
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Window:
    begins: datetime
    ends: datetime


def windows(terms: Terms, zone: str) -> Iterator[Window]:
    """In their order. A window begins at the same local time whatever the clocks are put to, and lasts as long."""
    yield Window(terms.starts_at, terms.ends_at)
    if terms.every is Every.ONCE or terms.until is None:
        return
    lasts, place = terms.ends_at - terms.starts_at, ZoneInfo(zone)
    local = terms.starts_at.astimezone(place).replace(tzinfo=None)
    while True:
        local += _STEPS[terms.every]
        begins = local.replace(tzinfo=place).astimezone(terms.starts_at.tzinfo)
        if begins > terms.until:
            return
        yield Window(begins, begins + lasts)


def window(terms: Terms, zone: str, at: datetime) -> Window | None:
    """The one that holds at this moment, or the next one; None once all are over."""
    return next((one for one in windows(terms, zone) if one.ends > at), None)


def last_end(terms: Terms, zone: str) -> datetime:
    return max(one.ends for one in windows(terms, zone))

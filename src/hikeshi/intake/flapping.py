"""Alerts that fire and end again and again: when one counts as flapping, and when it no longer does. Pure.

It begins with so many changes within the time, and ends by itself once fewer than half of them lie within it. Between
the two nothing it does opens an incident; once a day it may all the same, so that nothing is forgotten.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

RULE: Final = "flapping"
"""Stands where a rule's code does, on an alert that is held."""
FEWEST: Final = 3
MOST: Final = 50
LONGEST: Final = 24 * 60
AT_MOST: Final = timedelta(hours=24)
"""What flaps for longer is judged all the same."""


@dataclass(frozen=True, slots=True)
class Terms:
    """``changes`` of its state within ``minutes``; 0 changes: nothing counts as flapping."""

    changes: int = 6
    minutes: int = 60

    @property
    def within(self) -> timedelta:
        return timedelta(minutes=self.minutes)

    @property
    def calm(self) -> int:
        """With so many changes it still flaps."""
        return max(1, self.changes // 2)


@dataclass(frozen=True, slots=True)
class Seen:
    """The newest changes, oldest first; ``since`` it flaps."""

    moments: tuple[datetime, ...] = ()
    since: datetime | None = None


def note(seen: Seen, changes: Iterable[datetime], terms: Terms, at: datetime) -> Seen:
    """Whatever order they are told in."""
    moments = tuple(sorted((*seen.moments, *(min(one, at) for one in changes))))[-MOST:]
    return settle(replace(seen, moments=moments), terms, at)


def settle(seen: Seen, terms: Terms, at: datetime) -> Seen:
    """As it stands now: what lies too far back is forgotten."""
    moments = tuple(one for one in seen.moments if at - one < terms.within)
    if not terms.changes:
        return Seen(moments)
    flaps = len(moments) >= (terms.calm if seen.since else terms.changes)
    if not flaps or (seen.since is not None and at - seen.since >= AT_MOST):
        return Seen(moments if not flaps else ())
    return Seen(moments, seen.since or at)


def due(seen: Seen, terms: Terms) -> datetime | None:
    """When to look again, if nothing changes; None where nothing is left to look at."""
    if not seen.moments:
        return None
    if seen.since is None:
        return seen.moments[-1] + terms.within
    return min(seen.moments[-terms.calm] + terms.within, seen.since + AT_MOST)

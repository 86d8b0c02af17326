"""How long a source may say nothing, learned from its own past. Pure.

Time is counted in slots of five minutes since 1970, UTC; a slot in which the source said anything counts once, however
much it said. Two ways of knowing when a word is due, and the sooner of them counts:

- Any source: twice its longest silence of four weeks, the very longest left out where there were many, since that may
  have been an outage.
- One whose weeks are alike: twice its longest silence at the same hour of earlier weeks, and an hour. Its last week
  must have fitted the weeks before it in every hour. From the first day off on, the weeks are not alike.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Final

SLOT: Final = timedelta(minutes=5)
HOUR: Final = 12
DAY: Final = 24 * HOUR
WEEK: Final = 7 * DAY
LOOKED_AT: Final = 4 * WEEK
KNOWN: Final = 2 * WEEK
"""From the first word to the newest; before, nothing is learned."""
FEWEST: Final = 10
"""Silences between two words."""
MANY: Final = 50
"""From so many silences on, the longest one is left out."""
TWICE: Final = 2
LEAST: Final = HOUR
LONGEST: Final = 60 * DAY
ALIKE: Final = 2
"""Earlier weeks that must be known at an hour before it says anything."""


def slot(at: datetime) -> int:
    return int(at.timestamp()) // int(SLOT.total_seconds())


def moment(at: int) -> datetime:
    return datetime.fromtimestamp(at * SLOT.total_seconds(), UTC)


def due(heard: Sequence[int], day_off: int | None = None) -> int | None:
    """The slot from which on the source is silent, if nothing more comes; None while too little is known.

    ``heard``: slots with a word, ascending, each once; ``day_off``: where the first day off after the last one begins.
    """
    if not heard:
        return None
    known = heard[bisect_left(heard, heard[-1] - LOOKED_AT) :]
    silences = sorted(later - earlier for earlier, later in pairwise(known))
    if len(silences) < FEWEST or known[-1] - known[0] < KNOWN:
        return None
    usual = silences[-2] if len(silences) >= MANY else silences[-1]
    flat = known[-1] + min(LONGEST, max(LEAST, TWICE * usual))
    return min(flat, _missed(known, flat if day_off is None else min(flat, day_off)) if _alike(known) else flat)


def _missed(known: Sequence[int], until: int) -> int:
    """The first hour in which earlier weeks were never silent for so long; ``until`` where there is none before.

    Past ``until`` the other way decides: with a day off between, no hour is like the one a week before.
    """
    last = known[-1]
    for at in range(last + LEAST, min(until, last + WEEK), HOUR):
        longest = _at_this_hour(known, at)
        if longest is not None and at - last > TWICE * longest + HOUR:
            return at
    return last + LONGEST


def _alike(known: Sequence[int]) -> bool:
    """Whether the last week fitted those before it."""
    last = known[-1]
    for at in range(last - WEEK + HOUR, last, HOUR):
        longest = _at_this_hour(known, at)
        if longest is None or _silence(known, at) > longest + HOUR:
            return False
    return True


def _at_this_hour(known: Sequence[int], at: int) -> int | None:
    """The longest silence at this hour of earlier weeks, an hour more or less; None where too few are known."""
    found = []
    for back in range(1, LOOKED_AT // WEEK + 1):
        then = at - back * WEEK
        if known[0] <= then - HOUR and then + HOUR <= known[-1]:
            found.append(max(_silence(known, each) for each in (then - HOUR, then, then + HOUR)))
    return max(found) if len(found) >= ALIKE else None


def _silence(known: Sequence[int], at: int) -> int:
    """Since the last word, at that time."""
    return at - known[bisect_right(known, at) - 1]

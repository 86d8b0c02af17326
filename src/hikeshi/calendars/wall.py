"""Wall clocks: when in UTC a clock on the wall of a zone shows a time, over clocks put forward and back. Pure."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

ONE = timedelta(days=1)
LOOK = timedelta(hours=6)
"""Closer than any zone changes twice."""
Stretch = tuple[datetime, datetime]


def first(zone: ZoneInfo, shown: datetime) -> datetime:
    """The first moment at which the wall shows ``shown`` or a later time: of an hour that comes twice the first, of an
    hour that is left out the moment of the change.
    """
    wanted = shown.replace(tzinfo=UTC)
    for begin, end, offset in stretches(zone, wanted - ONE, wanted + ONE):
        found = max(begin, wanted - offset)
        if found < end:
            return found
    raise AssertionError("every wall clock shows every time or a later one")


def between(zone: ZoneInfo, since: datetime, until: datetime) -> Iterator[Stretch]:
    """The times at which the wall shows ``since`` to ``until``: usually one stretch."""
    start, stop = since.replace(tzinfo=UTC), until.replace(tzinfo=UTC)
    for begin, end, offset in stretches(zone, start - ONE, stop + ONE):
        here, there = max(begin, start - offset), min(end, stop - offset)
        if here < there:
            yield here, there


def stretches(zone: ZoneInfo, since: datetime, until: datetime) -> Iterator[tuple[datetime, datetime, timedelta]]:
    """The stretches of one offset each, cut to these two moments."""
    for year in range(since.year, until.year + 1):
        for begin, end, offset in _of_year(zone, year):
            here, there = max(begin, since), min(end, until)
            if here < there:
                yield here, there, offset


@lru_cache(maxsize=512)
def _of_year(zone: ZoneInfo, year: int) -> tuple[tuple[datetime, datetime, timedelta], ...]:
    begin, end = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
    steps = [begin]
    while steps[-1] < end:
        steps.append(min(steps[-1] + LOOK, end))
    offsets = [_offset(zone, at) for at in steps]
    around = zip(pairwise(steps), pairwise(offsets), strict=True)
    changes = [_change(zone, *there) for there, (was, now) in around if was != now]
    cuts = [begin, *changes, end]
    return tuple((a, b, _offset(zone, a)) for a, b in pairwise(cuts) if a < b)


def _offset(zone: ZoneInfo, at: datetime) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta()


def _change(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The second at which the offset changes."""
    low, high = int(before.timestamp()), int(after.timestamp())
    old = _offset(zone, before)
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(zone, datetime.fromtimestamp(middle, UTC)) == old:
            low = middle
        else:
            high = middle
    return datetime.fromtimestamp(high, UTC)

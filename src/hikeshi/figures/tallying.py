"""What a counter of one day holds, and which days can be read from counters. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, tzinfo
from hashlib import sha256
from itertools import pairwise
from typing import Final

import msgspec

from hikeshi.figures import definitions
from hikeshi.figures.definitions import Way
from hikeshi.figures.periods import ONE, Days

KINDS: Final = tuple(dict.fromkeys(kind for one in definitions.sets().values() for kind in one.moments))
"""Every time that some definition asks for."""
WAYS: Final[Mapping[str, Way]] = {way.code: way for one in definitions.sets().values() for way in one.means.values()}


class Times(msgspec.Struct):
    """``known``: by definitions, how many records have any of their times. ``lengths``: seconds, by way."""

    known: dict[str, int] = {}
    lengths: dict[str, list[float]] = {}

    def add(self, moments: Mapping[str, float | None]) -> None:
        for code, meaning in definitions.sets().items():
            if any(moments[kind] is not None for kind in meaning.moments):
                self.known[code] = self.known.get(code, 0) + 1
        for code, way in WAYS.items():
            long = definitions.length(way, moments)
            if long is not None:
                self.lengths.setdefault(code, []).append(long)


Kept = dict[str, list[int]]
"""Clocks met and clocks missed, by measure."""

write: Final = msgspec.json.Encoder().encode
times_of: Final = msgspec.json.Decoder(Times).decode
priorities_of: Final = msgspec.json.Decoder(dict[int, int]).decode
kept_of: Final = msgspec.json.Decoder(Kept).decode


def reading() -> str:
    """By which definitions lengths are measured: other ones need other counters."""
    said = msgspec.json.encode({code: one.means for code, one in definitions.sets().items()}, order="sorted")
    return sha256(said).hexdigest()


def day_of(at: datetime, zone: tzinfo) -> date:
    return at.astimezone(zone).date()


def every_day(days: Days) -> Iterable[date]:
    return (days.since + number * ONE for number in range(days.length.days))


def loose(days: Days, tallied: Collection[date]) -> Sequence[Days]:
    """The stretches of these days that stand in no counter."""
    held = [day for day in every_day(days) if day not in tallied]
    if not held:
        return ()
    ends = [one for one, following in pairwise(held) if following - one > ONE]
    starts = [following for one, following in pairwise(held) if following - one > ONE]
    return [Days(start, end + ONE) for start, end in zip([held[0], *starts], [*ends, held[-1]], strict=True)]

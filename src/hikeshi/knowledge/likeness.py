"""How near a text comes to what somebody types, by the words the search knows: whatever is written in fewer texts says
more. Pure.
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from math import log
from typing import Final

WEIGHTS: Final[Mapping[str, float]] = {"w": 3.0, "l": 3.0, "s": 2.0, "r": 1.0, "g": 0.5}
"""By what a token is: a word, a run of Latin letters, its stem, a reading, two letters side by side."""
HEADING: Final = 2.0
"""How much more a word counts that stands in the question than one that only stands in its answer."""
ENOUGH: Final = 0.28
"""From this share of what was typed on, somebody would look."""


@dataclass(frozen=True, slots=True)
class Words:
    heading: Set[str]
    body: Set[str]


def ranked(typed: Set[str], of: Sequence[Words], *, enough: float = ENOUGH) -> list[int]:
    """The places of those that come near, the nearest first."""
    if not typed:
        return []
    rarity = {token: log(1 + (len(of) + 1) / (1 + _held(token, of))) for token in typed}
    whole = sum(_weight(token) * rarity[token] for token in typed) * HEADING
    shares = [(_share(typed, one, rarity) / whole, place) for place, one in enumerate(of)]
    near = [(share, place) for share, place in shares if share >= enough / HEADING]
    return [place for share, place in sorted(near, key=lambda pair: (-pair[0], pair[1]))]


def _held(token: str, of: Sequence[Words]) -> int:
    return sum(1 for one in of if token in one.heading or token in one.body)


def _share(typed: Set[str], one: Words, rarity: Mapping[str, float]) -> float:
    return sum(
        _weight(token) * rarity[token] * (HEADING if token in one.heading else 1.0)
        for token in typed
        if token in one.heading or token in one.body
    )


def _weight(token: str) -> float:
    return WEIGHTS.get(token[:1], 0.0)

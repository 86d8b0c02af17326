"""How the assets that are hit bear on the urgency, by the rule in data/urgency.yaml. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import msgspec
import yaml

DATA: Final = Path(__file__).parent / "data" / "urgency.yaml"


@dataclass(frozen=True, slots=True)
class Rule:
    version: int
    floors: Mapping[int, int]


@cache
def rule() -> Rule:
    """Raises ValueError where the file names a level that does not exist."""
    read = yaml.load(DATA.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    found = msgspec.convert(read, Rule, strict=False)
    if not set(found.floors) <= {1, 2, 3, 4} or not set(found.floors.values()) <= {1, 2, 3}:
        raise ValueError(DATA.name)
    return found


@dataclass(frozen=True, slots=True)
class Weighed:
    """``raised_at``: the criticality that raised the urgency above what was asked; 0 where none did."""

    urgency: int
    raised_at: int


def floor(criticality: int) -> int | None:
    """The urgency that an asset of this criticality asks for at least; None where it asks for nothing."""
    return rule().floors.get(criticality)


def weigh(asked: int, hit: Iterable[int], waived: int) -> Weighed:
    """``asked``: what a person or rule said; ``hit``: criticalities of the assets hit; ``waived``: those up to this one
    a person has left aside, knowing of them.
    """
    worst = max((level for level in hit if level > waived), default=0)
    least = floor(worst)
    if least is None or least >= asked:
        return Weighed(asked, 0)
    return Weighed(least, worst)

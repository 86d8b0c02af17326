"""What the times to detect, identify, acknowledge, contain and recover mean: from which moment to which. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Final

import msgspec
import yaml

from hikeshi.kernel.refusals import Invalid

DATA: Final = Path(__file__).parent / "data" / "definitions.yaml"
OWN: Final = "hikeshi"


class Mean(StrEnum):
    MTTD = "mttd"
    MTTI = "mtti"
    MTTA = "mtta"
    MTTC = "mttc"
    MTTR = "mttr"


class Way(msgspec.Struct, frozen=True):
    """The first of ``start`` that is known counts, and so of ``end``."""

    start: tuple[str, ...]
    end: tuple[str, ...]

    @property
    def code(self) -> str:
        return f"{'|'.join(self.start)}>{'|'.join(self.end)}"


class Definitions(msgspec.Struct, frozen=True):
    """``means`` lacks what its source does not define."""

    ja: str
    en: str
    source: str
    means: dict[Mean, Way]

    def name(self, language: str) -> str:
        return self.ja if language == "ja" else self.en

    @property
    def moments(self) -> tuple[str, ...]:
        every = (kind for way in self.means.values() for kind in (*way.start, *way.end))
        return tuple(dict.fromkeys(every))


@cache
def sets() -> Mapping[str, Definitions]:
    """Raises ValueError where the file is wrong."""
    read = yaml.load(DATA.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return msgspec.convert(read, dict[str, Definitions], strict=False)


def chosen(code: str) -> Definitions:
    """Raises Invalid."""
    if code not in sets():
        raise Invalid("definitions", "not_a_choice", choices=", ".join(sets()))
    return sets()[code]


@dataclass(frozen=True, slots=True)
class Summed:
    """``count`` of records whose both times are known; seconds, None of none."""

    count: int
    mean: int | None = None
    median: int | None = None
    p90: int | None = None


def length(way: Way, moments: Mapping[str, float | None]) -> float | None:
    """Seconds, to the thousandth; None where a time is unknown, or the end stands before the start."""
    start = next((at for kind in way.start if (at := moments[kind]) is not None), None)
    end = next((at for kind in way.end if (at := moments[kind]) is not None), None)
    return round(end - start, 3) if start is not None and end is not None and end >= start else None


def summed(lengths: Sequence[float]) -> Summed:
    """The median of an even number is midway between the two; nine tenths of all are no longer than ``p90``."""
    found = sorted(lengths)
    if not found:
        return Summed(0)
    many, half = len(found), len(found) // 2
    middle = found[half] if many % 2 else (found[half - 1] + found[half]) / 2
    return Summed(many, round(sum(found) / many), round(middle), round(found[-(-many * 9 // 10) - 1]))

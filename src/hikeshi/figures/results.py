"""What a figure comes to. Pure."""

from dataclasses import dataclass
from datetime import datetime

from hikeshi.figures.codes import Tile, Unit

Number = int | None


@dataclass(frozen=True, slots=True)
class Series:
    """A column of numbers: its code, and what they are."""

    code: str
    unit: Unit = Unit.COUNT


@dataclass(frozen=True, slots=True)
class Line:
    """``key`` is a code, a day or a uuid; ``name`` where it is called otherwise than its code. ``numbers`` and
    ``filters`` stand beside the series: a filter lists just the records the number counts, empty where no list does.
    ``before``: the same numbers of the period before.
    """

    key: str
    numbers: tuple[Number, ...]
    filters: tuple[str, ...] = ()
    before: tuple[Number, ...] = ()
    name: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """``total`` counts all records or alerts meant, ``total_before`` those of the period before; None: not asked.
    ``limit``: only so many of the newest were looked at.
    """

    tile: Tile
    series: tuple[Series, ...]
    lines: tuple[Line, ...]
    total: int
    at: datetime
    total_before: int | None = None
    filter: str = ""
    limit: int = 0

    @property
    def empty(self) -> bool:
        return not any(number for line in self.lines for number in line.numbers)

    @property
    def highest(self) -> int:
        """Of the first series, the period before included."""
        every = [one[0] or 0 for line in self.lines for one in (line.numbers, line.before) if one]
        return max(every, default=0)

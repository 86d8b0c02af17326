"""Which figures there are, by what each is divided, and how a board of them is written down. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from hikeshi.kernel.refusals import Invalid


class Figure(StrEnum):
    OPENED = "opened"
    OPEN = "open"
    NEAR_MISS = "near_miss"
    TIMES = "times"
    KEPT = "kept"
    LOAD = "load"
    NOISE = "noise"
    SATISFACTION = "satisfaction"
    COST = "cost"


class By(StrEnum):
    """What the lines of a figure stand for."""

    TIME = "time"
    KIND = "kind"
    PRIORITY = "priority"
    CLASS = "class"
    ORGANISATION = "organisation"
    AGE = "age"
    OWNER = "owner"
    MEASURE = "measure"
    STAGE = "stage"
    SCORE = "score"
    SPENT = "spent"


DIVIDED: Final[Mapping[Figure, tuple[By, ...]]] = {
    Figure.OPENED: (By.TIME, By.KIND, By.PRIORITY, By.CLASS, By.ORGANISATION),
    Figure.OPEN: (By.AGE, By.PRIORITY, By.KIND, By.CLASS),
    Figure.NEAR_MISS: (By.TIME,),
    Figure.TIMES: (By.MEASURE,),
    Figure.KEPT: (By.MEASURE,),
    Figure.LOAD: (By.OWNER,),
    Figure.NOISE: (By.STAGE,),
    Figure.SATISFACTION: (By.SCORE,),
    Figure.COST: (By.SPENT,),
}
"""The first is meant where nobody says."""

NOW: Final = frozenset({Figure.OPEN, Figure.LOAD})
"""How it stands at this moment, whatever the period."""


class Unit(StrEnum):
    COUNT = "count"
    SECONDS = "seconds"
    PERCENT = "percent"


class Age(StrEnum):
    """Whole days, in the reader's zone."""

    TODAY = "today"
    DAYS_3 = "days_3"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    LONGER = "longer"


AGES: Final[Mapping[Age, int]] = {Age.TODAY: 0, Age.DAYS_3: 3, Age.WEEK: 7, Age.MONTH: 30, Age.QUARTER: 90}
"""The most days of each band; of the last there is no end."""

SCORES: Final = (5, 4, 3, 2, 1)


class Stage(StrEnum):
    """How what detectors send becomes work."""

    RECEIVED = "received"
    ALERTS = "alerts"
    ATTENTION = "attention"
    RECORDS = "records"


@dataclass(frozen=True, slots=True)
class Tile:
    figure: Figure
    by: By

    @property
    def code(self) -> str:
        return f"{self.figure}-{self.by}"


def tile(figure: str, by: str = "", *, field: str = "figure") -> Tile:
    """Raises Invalid for what there is not."""
    if figure not in set(Figure):
        raise Invalid(field, "not_a_choice", choices=", ".join(Figure))
    ways = DIVIDED[Figure(figure)]
    if by and by not in ways:
        raise Invalid("by", "not_a_choice", choices=", ".join(ways))
    return Tile(Figure(figure), By(by) if by else ways[0])


TILES: Final = {one.code: one for one in (Tile(figure, by) for figure, ways in DIVIDED.items() for by in ways)}
"""Everything a board can hold."""

SHIPPED: Final = (
    "opened-time",
    "open-age",
    "times-measure",
    "kept-measure",
    "opened-kind",
    "opened-priority",
    "near_miss-time",
    "noise-stage",
)
"""The board every site begins with."""

MOST_TILES: Final = 16


def tiles(codes: Sequence[str]) -> tuple[Tile, ...]:
    """In the order given, each once. Raises Invalid."""
    wanted = list(dict.fromkeys(codes))
    if not wanted:
        raise Invalid("tiles", "required")
    if not set(wanted) <= set(TILES):
        raise Invalid("tiles", "not_a_choice", choices=", ".join(TILES))
    if len(wanted) > MOST_TILES:
        raise Invalid("tiles", "too_many_tiles", limit=MOST_TILES)
    return tuple(TILES[one] for one in wanted)

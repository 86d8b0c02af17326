"""Priority from impact, effect and urgency. Pure.

A matrix has 27 cells: nine rows (impact 1 with effect 1, 2, 3, then impact 2, ...) by urgency. Three rows are short for
the rule of the known tools: the worse of impact and effect counts.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import product

LEVELS = (1, 2, 3)
PRIORITIES = (1, 2, 3, 4, 5)


class PriorityReason(StrEnum):
    """What decided the priority."""

    IMPACT = "impact"
    EFFECT = "effect"
    BOTH = "both"
    BY_HAND = "by_hand"
    MATRIX = "matrix"
    ESCALATED = "escalated"
    MERGED = "merged"
    ALERT = "alert"


STANDING = frozenset({PriorityReason.BY_HAND, PriorityReason.ESCALATED, PriorityReason.MERGED, PriorityReason.ALERT})
"""Said so, not worked out: no matrix changes it."""


@dataclass(frozen=True, slots=True)
class Axis:
    levels: tuple[int, ...]
    takes: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Preset:
    """A known tool's matrix, in that tool's own codes."""

    name: str
    origin: str
    impact: Axis
    urgency: Axis
    priorities: tuple[int, ...]
    cells: Mapping[int, Mapping[int, int]]

    def grid(self) -> "Grid":
        """The same matrix over our three levels, its priorities counted from 1, the highest."""
        return tuple(
            tuple(self.priorities.index(self.cells[row][column]) + 1 for column in self.urgency.takes)
            for row in self.impact.takes
        )


Grid = tuple[tuple[int, ...], ...]
"""Priorities, from the highest level down: nine rows of impact and effect, or three of the worse of both."""
Typed = Sequence[Sequence[int | None]]
"""A grid somebody sent, which may have holes."""
Cell = tuple[int, int, int]
"""Impact, effect, urgency."""


@dataclass(frozen=True, slots=True)
class Decision:
    priority: int
    reason: PriorityReason


class BadGrid(ValueError):
    """A matrix that cannot be used. ``reason`` is ``shape``, ``hole``, ``range`` or ``order``; ``cell`` is where."""

    def __init__(self, reason: str, cell: Cell | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.cell = cell


def whole(grid: Grid) -> Grid:
    """All 27 cells."""
    if len(grid) == len(LEVELS) ** 2:
        return grid
    return tuple(grid[min(impact, effect) - 1] for impact in LEVELS for effect in LEVELS)


def cells() -> Iterator[Cell]:
    return product(LEVELS, LEVELS, LEVELS)


def at(grid: Grid, cell: Cell) -> int:
    """Of a whole grid."""
    impact, effect, urgency = cell
    return grid[(impact - 1) * len(LEVELS) + effect - 1][urgency - 1]


def check(typed: Typed) -> Grid:
    """All 27 cells. Raises BadGrid unless 9x3 or 3x3, priorities 1 to 5, and nothing graver ranks below something
    lighter.
    """
    if len(typed) not in {len(LEVELS), len(LEVELS) ** 2} or any(len(row) != len(LEVELS) for row in typed):
        raise BadGrid("shape")
    grid = whole(tuple(tuple(0 if cell is None else cell for cell in row) for row in typed))
    holes = whole(tuple(tuple(int(cell is None) for cell in row) for row in typed))
    for cell in cells():
        if at(holes, cell):
            raise BadGrid("hole", cell)
        if at(grid, cell) not in PRIORITIES:
            raise BadGrid("range", cell)
    for cell in cells():
        if any(at(grid, cell) > at(grid, lighter) for lighter in _next(cell)):
            raise BadGrid("order", cell)
    return grid


def _next(cell: Cell) -> Iterator[Cell]:
    """The cells one level lighter in one respect."""
    for axis, level in enumerate(cell):
        if level < LEVELS[-1]:
            impact, effect, urgency = (one + 1 if place == axis else one for place, one in enumerate(cell))
            yield impact, effect, urgency


def decide(grid: Grid, *, impact: int, effect: int, urgency: int) -> Decision:
    """The cell for these three. Where it says what the worse of impact (how many are hit) and effect (how badly the
    service suffers) says alone, that is the reason; else the matrix itself is.
    """
    full = whole(grid)
    worse = min(impact, effect)
    priority = at(full, (impact, effect, urgency))
    if priority != at(full, (worse, worse, urgency)):
        return Decision(priority, PriorityReason.MATRIX)
    reason = PriorityReason.BOTH
    if impact != effect:
        reason = PriorityReason.IMPACT if worse == impact else PriorityReason.EFFECT
    return Decision(priority, reason)

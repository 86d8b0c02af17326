"""Priority from impact, effect and urgency. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

LEVELS = (1, 2, 3)
PRIORITIES = (1, 2, 3, 4, 5)


class PriorityReason(StrEnum):
    """What decided the priority."""

    IMPACT = "impact"
    EFFECT = "effect"
    BOTH = "both"
    BY_HAND = "by_hand"


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
"""Priorities by impact (rows) and urgency (columns), from the highest level down."""


@dataclass(frozen=True, slots=True)
class Decision:
    priority: int
    reason: PriorityReason


class BadGrid(ValueError):
    """A matrix that cannot be used. ``reason`` is ``shape``, ``range`` or ``order``."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def check(grid: Grid) -> None:
    """Raises BadGrid unless 3x3, priorities 1 to 5, and nothing graver ranks below something lighter."""
    if len(grid) != len(LEVELS) or any(len(row) != len(LEVELS) for row in grid):
        raise BadGrid("shape")
    if any(cell not in PRIORITIES for row in grid for cell in row):
        raise BadGrid("range")
    falls = any(row[i] > row[i + 1] for row in grid for i in range(2))
    if falls or any(grid[i][j] > grid[i + 1][j] for i in range(2) for j in range(3)):
        raise BadGrid("order")


def decide(grid: Grid, *, impact: int, effect: int, urgency: int) -> Decision:
    """The cell of the worse of impact (how many are hit) and effect (how badly the service suffers) against urgency."""
    worse = min(impact, effect)
    reason = PriorityReason.BOTH
    if impact != effect:
        reason = PriorityReason.IMPACT if worse == impact else PriorityReason.EFFECT
    return Decision(grid[worse - 1][urgency - 1], reason)

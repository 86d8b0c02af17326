"""Two versions of the matrix beside each other, cell by cell: only the cells that differ."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from hikeshi.incidents import queries as incidents
from hikeshi.incidents.matrix import Cell, Grid, at, cells
from hikeshi.phrases import labels
from hikeshi.web.choosing import LEVELS

SHIPPED = 0


def grids(made: Sequence[incidents.MatrixMade]) -> Mapping[int, Grid]:
    """By number, newest first; what came with Hikeshi stands last, as 0."""
    return {**{one.row.number: one.grid for one in made}, SHIPPED: incidents.shipped_matrix().grid}


def parts(grid: Grid) -> Mapping[str, str]:
    """Every cell by its name for the reader, with the word of its priority."""
    return {_name(cell): _word(at(grid, cell)) for cell in cells()}


def _name(cell: Cell) -> str:
    words = {axis: labels.label(axis, str(level)) for axis, level in zip(LEVELS, cell, strict=True)}
    return _("Impact: %(impact)s. Effect: %(effect)s. Urgency: %(urgency)s.") % words


def _word(priority: int) -> str:
    return f"P{priority} {labels.label('priority', str(priority))}"

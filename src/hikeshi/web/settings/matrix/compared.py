"""Two versions of the matrix beside each other, cell by cell: only the cells that differ."""

from collections.abc import Mapping, Sequence

from django.http import QueryDict
from django.utils.translation import gettext as _

from hikeshi.incidents import queries as incidents
from hikeshi.incidents.matrix import Cell, Grid, at, cells
from hikeshi.kernel.refusals import NotFound
from hikeshi.phrases import labels
from hikeshi.web.choosing import LEVELS

SHIPPED = 0


def grids(made: Sequence[incidents.MatrixMade]) -> Mapping[int, Grid]:
    """By number, newest first; what came with Hikeshi stands last, as 0."""
    return {**{one.row.number: one.grid for one in made}, SHIPPED: incidents.shipped_matrix().grid}


def two(known: Mapping[int, Grid], asked: QueryDict) -> tuple[int, int]:
    """The versions the address names; without, the newest and the one before. Raises NotFound."""
    numbers = list(known)
    given = [asked.get(name, "") for name in ("from", "to")]
    chosen = [int(one) if one.isdecimal() and len(one) < 9 else None for one in given]
    one, other = chosen[0], chosen[1]
    before, newest = numbers[min(1, len(numbers) - 1)], numbers[0]
    pair = (before if one is None else one, newest if other is None else other)
    if any(number not in known for number in pair):
        raise NotFound("version")
    return pair


def parts(grid: Grid) -> Mapping[str, str]:
    """Every cell by its name for the reader, with the word of its priority."""
    return {_name(cell): _word(at(grid, cell)) for cell in cells()}


def _name(cell: Cell) -> str:
    words = {axis: labels.label(axis, str(level)) for axis, level in zip(LEVELS, cell, strict=True)}
    return _("Impact: %(impact)s. Effect: %(effect)s. Urgency: %(urgency)s.") % words


def _word(priority: int) -> str:
    return f"P{priority} {labels.label('priority', str(priority))}"

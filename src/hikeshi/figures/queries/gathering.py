"""Several figures at once: what they share is read once. However many records: the same number of queries."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from hikeshi.figures import definitions
from hikeshi.figures.asking import Asked
from hikeshi.figures.codes import NOW, TILES, Figure, Tile
from hikeshi.figures.queries import counting, lasting, noise, spending
from hikeshi.figures.queries import rows as records
from hikeshi.figures.queries.tallied import Both, book
from hikeshi.figures.results import Found
from hikeshi.incidents import names
from hikeshi.incidents.permissions import Verb as Incidents
from hikeshi.intake.permissions import Verb as Intake
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Invalid
from hikeshi.load.permissions import Verb as Load
from hikeshi.service_levels.permissions import Verb as ServiceLevels

NEEDS: Final[Mapping[Figure, str]] = {
    Figure.KEPT: ServiceLevels.VIEW,
    Figure.LOAD: Load.VIEW,
    Figure.NOISE: Intake.VIEW,
}
"""Beside seeing incidents."""


def allowed(by: Actor, figure: Figure) -> bool:
    return by.may(Incidents.VIEW) and (figure not in NEEDS or by.may(NEEDS[figure]))


def known(by: Actor) -> list[Tile]:
    """Raises NotAllowed."""
    by.must(Incidents.VIEW)
    return [one for one in TILES.values() if allowed(by, one.figure)]


def figure(by: Actor, tile: Tile, asked: Asked) -> Found:
    """Raises NotAllowed, NotFound, Invalid."""
    by.must(Incidents.VIEW)
    if tile.figure in NEEDS:
        by.must(NEEDS[tile.figure])
    found = figures(by, [tile], asked)[0]
    return found if found is not None else Found(tile, (), (), 0, asked.moment(asked.days.since))


def figures(by: Actor, wanted: Sequence[Tile], asked: Asked) -> list[Found | None]:
    """In the order wanted; None where the reader may not know. Raises NotAllowed, NotFound, Invalid."""
    by.must(Incidents.VIEW)
    _check(asked)
    rows, open_tiles = records.meant(by, asked), [one for one in wanted if allowed(by, one.figure)]
    held = book(by, asked, rows)
    both = (held.source(asked.days), held.source(asked.days.before) if asked.compare else None)
    timed = _timed(open_tiles, both, asked)
    still = counting.standing(rows, asked) if any(one.figure in NOW for one in open_tiles) else []
    now = counting.Counted(asked, still, None)
    ways: dict[Figure, Callable[[Tile], Found]] = {
        Figure.OPENED: lambda one: counting.counted(one, timed),
        Figure.OPEN: lambda one: counting.counted(one, now),
        Figure.LOAD: lambda one: counting.counted(one, now),
        Figure.NEAR_MISS: lambda one: counting.near_misses(one, timed),
        Figure.TIMES: lambda one: lasting.times(one, both, asked),
        Figure.KEPT: lambda one: lasting.kept(one, both, rows, asked),
        Figure.SATISFACTION: lambda one: lasting.satisfaction(one, rows, asked),
        Figure.COST: lambda one: spending.cost(one, rows, asked),
        Figure.NOISE: lambda one: noise.noise(one, by, asked),
    }
    return [ways[one.figure](one) if allowed(by, one.figure) else None for one in wanted]


def _timed(wanted: Sequence[Tile], both: Both, asked: Asked) -> counting.Counted:
    if not any(one.figure in {Figure.OPENED, Figure.NEAR_MISS} for one in wanted):
        return counting.Counted(asked, (), None)
    now, then = both
    before = counting.cells(then, asked) if then is not None else None
    return counting.Counted(asked, counting.cells(now, asked), before)


def _check(asked: Asked) -> None:
    definitions.chosen(asked.definitions)
    if asked.kind and asked.kind not in names.in_use().kinds:
        raise Invalid("kind", "not_a_choice", choices=", ".join(names.in_use().kinds))

"""The priority matrix in force, those before it, and what another would change."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Final

from django.db.models import Count, Q, QuerySet

from hikeshi.accounts import queries as accounts
from hikeshi.incidents import names
from hikeshi.incidents.matrix import Grid, PriorityReason, at, cells, decide, whole
from hikeshi.incidents.models import Incident, MatrixVersion
from hikeshi.incidents.permissions import Verb
from hikeshi.incidents.queries.visibility import visible
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.prepared import Prepared

SHOWN: Final = 50
LEVELS_AND_PRIORITY: Final = ("impact", "effect", "urgency", "priority")


@dataclass(frozen=True, slots=True)
class InForce:
    """``number`` 0 is the shipped default, before a site has chosen."""

    number: int
    preset: str
    grid: Grid


def shipped_matrix() -> InForce:
    known = names.in_use()
    return InForce(0, known.default_preset, whole(known.presets[known.default_preset].grid()))


_NEWEST = Prepared(lambda: MatrixVersion.objects.order_by("-number")[:1])


def matrix() -> InForce:
    latest = next(iter(_NEWEST()), None)
    if latest is None:
        return shipped_matrix()
    return InForce(latest.number, latest.preset, grid_of(latest))


def grid_of(row: MatrixVersion) -> Grid:
    """All 27 cells."""
    return whole(tuple(tuple(line) for line in row.grid))


@dataclass(frozen=True, slots=True)
class MatrixMade:
    row: MatrixVersion
    who: str
    grid: Grid


def matrices(by: Actor) -> list[MatrixMade]:
    """The newest versions, each with who made it. Raises NotAllowed."""
    by.must(Verb.VIEW)
    rows = list(MatrixVersion.objects.order_by("-number")[:SHOWN])
    known = accounts.names_of([row.made_by for row in rows])
    return [MatrixMade(row, known.get(row.made_by, row.made_by.partition(":")[2]), grid_of(row)) for row in rows]


@dataclass(frozen=True, slots=True)
class Move:
    """So many open records would go from one priority to another."""

    was: int
    now: int
    count: int


@dataclass(frozen=True, slots=True)
class Moved:
    record: Incident
    now: int


@dataclass(frozen=True, slots=True)
class Preview:
    """``records``: the gravest of those that would move. ``staying``: open ones that keep their priority; of these
    ``by_hand`` because somebody set it.
    """

    moves: tuple[Move, ...]
    records: tuple[Moved, ...]
    moving: int
    staying: int
    by_hand: int


def judged_anew(by: Actor) -> QuerySet[Incident]:
    """Open records whose priority the matrix decides, as far as the actor sees and works on them."""
    rows = visible(by).filter(standing=0)
    return rows if by.unlimited else rows.filter(organisation__in=by.organisations(Verb.WORK))


def preview(by: Actor, grid: Grid) -> Preview:
    """What this matrix would make of the open records: one grouped count over them. Raises NotAllowed."""
    by.must(Verb.CONFIGURE, accounts.root().pk)
    open_now = judged_anew(by)
    by_hand = open_now.filter(priority_reason=PriorityReason.BY_HAND).count()
    judged = open_now.exclude(priority_reason=PriorityReason.BY_HAND)
    groups = list(judged.order_by().values(*LEVELS_AND_PRIORITY).annotate(count=Count("pk")))
    moves: dict[tuple[int, int], int] = defaultdict(int)
    for one in groups:
        now = decide(grid, impact=one["impact"], effect=one["effect"], urgency=one["urgency"]).priority
        moves[one["priority"], now] += one["count"]
    changed = {pair: count for pair, count in moves.items() if pair[0] != pair[1]}
    moving = sum(changed.values())
    records = list(judged.filter(differing(grid)).order_by("priority", "-pk")[:SHOWN]) if moving else []
    return Preview(
        moves=tuple(Move(was, now, count) for (was, now), count in sorted(changed.items())),
        records=tuple(Moved(row, _decided(grid, row)) for row in records),
        moving=moving,
        staying=sum(moves.values()) - moving + by_hand,
        by_hand=by_hand,
    )


def _decided(grid: Grid, row: Incident) -> int:
    return decide(grid, impact=row.impact, effect=row.effect, urgency=row.urgency).priority


def differing(grid: Grid) -> Q:
    """Records whose priority is another than the matrix says."""
    found = Q(pk__in=[])
    for cell in cells():
        impact, effect, urgency = cell
        found |= Q(impact=impact, effect=effect, urgency=urgency) & ~Q(priority=at(grid, cell))
    return found

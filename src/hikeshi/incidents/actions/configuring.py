"""The priority matrix of the site, and the words of its levels."""

from collections.abc import Mapping
from uuid import UUID

from hikeshi.accounts import queries as accounts
from hikeshi.incidents import facts, matrix, names
from hikeshi.incidents.actions import saving, settling
from hikeshi.incidents.catalogue import Name
from hikeshi.incidents.matrix import STANDING, BadGrid, Grid, Typed
from hikeshi.incidents.models import Incident, MatrixVersion, Passage
from hikeshi.incidents.permissions import Verb
from hikeshi.incidents.queries.matrix import differing, grid_of, judged_anew
from hikeshi.incidents.queries.matrix import matrix as matrix_in_force
from hikeshi.incidents.vocabularies import Deed, SiteLevels, Subject
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.facts import commit
from hikeshi.kernel.refusals import Invalid, NotFound
from hikeshi.kernel.versions import must_be_current
from hikeshi.ledger.acts import action, record

STEP = 500


@action
def set_matrix(*, by: Actor, preset: str = "", grid: Typed | None = None, version: int | None = None) -> MatrixVersion:
    """Puts a matrix in force: a known tool's, or the site's own of nine rows (or three: see matrix.py). Records judged
    before keep their priority until somebody has them judged anew (``rejudge``). Raises NotAllowed, Invalid, Conflict.
    """
    by.must(Verb.CONFIGURE, accounts.root().pk)  # it counts for every organisation of the site
    whole = usable(preset=preset, grid=grid)
    now = matrix_in_force()
    must_be_current(read=version, now=now.number, yours={"grid": _lines(whole)}, theirs={"grid": _lines(now.grid)})

    last = MatrixVersion.objects.select_for_update().order_by("-number").first()
    row = MatrixVersion.objects.create(
        number=last.number + 1 if last else 1,
        preset=preset,
        grid=[list(line) for line in whole],
        made_by=by.ref,
        at=clock.now(),
    )
    fact = facts.MatrixSet(matrix=row.uuid, number=row.number, preset=preset, grid=whole)
    record(fact, subject="site", by=by, topics=("settings",))
    return row


def usable(*, preset: str = "", grid: Typed | None = None) -> Grid:
    """All 27 cells of the matrix that is meant. Raises Invalid."""
    presets = names.in_use().presets
    if grid is None and preset not in presets:
        raise Invalid("preset", "unknown")
    try:
        return matrix.check(presets[preset].grid() if grid is None else grid)
    except BadGrid as error:
        impact, effect, urgency = error.cell or (0, 0, 0)
        raise Invalid("grid", f"matrix_{error.reason}", impact=impact, effect=effect, urgency=urgency) from error


def _lines(grid: Grid) -> str:
    return "\n".join(" ".join(map(str, line)) for line in grid)


@action
def restore_matrix(*, by: Actor, number: int) -> MatrixVersion:
    """Puts an earlier matrix in force again, as a new version. Raises NotAllowed, NotFound."""
    by.must(Verb.CONFIGURE, accounts.root().pk)
    earlier = MatrixVersion.objects.filter(number=number).first()
    if earlier is None:
        raise NotFound("matrix")
    return set_matrix(by=by, preset=earlier.preset, grid=grid_of(earlier))


@action
def rejudge(*, by: Actor, reason: str) -> int:
    """Gives up to 500 open records the priority the matrix in force says; those set by hand keep theirs, and so do
    records the actor does not see. Returns how many were changed. Raises NotAllowed, Invalid.
    """
    by.must(Verb.CONFIGURE, accounts.root().pk)
    words = saving.words(reason, "reason")
    in_force = matrix_in_force()
    wanted = judged_anew(by).exclude(priority_reason__in=STANDING).filter(differing(in_force.grid))
    rows = list(wanted.select_for_update(of=("self",)).order_by("pk")[:STEP])

    passages = [Passage(incident=row, about="reason", text=words) for row in rows]
    Passage.objects.bulk_create(passages)
    told = [_judge(row, in_force.grid, in_force.number, passage) for row, passage in zip(rows, passages, strict=True)]
    columns = ("version", "updated_at", "changed_at", "priority", "priority_reason", "matrix")
    Incident.objects.bulk_update(rows, columns, batch_size=STEP)
    for row, fact in zip(rows, told, strict=True):
        saving.tell(row, by, fact)
    return len(rows)


def _judge(row: Incident, grid: Grid, number: int, passage: Passage) -> facts.PriorityChanged:
    decided = matrix.decide(grid, impact=row.impact, effect=row.effect, urgency=row.urgency)
    was = row.priority
    row.version += 1
    row.updated_at = clock.now()
    row.changed_at = {**row.changed_at, "priority": row.version}
    row.priority, row.priority_reason, row.matrix = decided.priority, decided.reason, number
    return facts.PriorityChanged(
        incident=row.uuid,
        was=was,
        priority=row.priority,
        priority_reason=decided.reason,
        matrix=number,
        impact=row.impact,
        effect=row.effect,
        urgency=row.urgency,
        reason=facts.Said(passage=passage.uuid, text=commit(passage.text, passage.secret)),
    )


def rejudge_all(*, by: Actor, reason: str) -> int:
    """Step by step, each in a transaction of its own: an open desk goes on working meanwhile."""
    total = 0
    while done := rejudge(by=by, reason=reason):
        total += done
    return total


@action
def word_levels(*, by: Actor, words: Mapping[str, Mapping[str, Name]], version: int | None = None) -> UUID:
    """What impact, effect and urgency 1, 2, 3 are called: axis -> level -> word in both languages; an axis left out
    keeps the desk's words. Raises NotAllowed, Invalid, Conflict.
    """
    by.must(Verb.CONFIGURE, accounts.root().pk)
    kept: dict[str, dict[str, Name]] = {}
    for axis, levels in words.items():
        if axis not in names.LEVELS or set(levels) != {str(level) for level in matrix.LEVELS}:
            raise Invalid("words", "levels_incomplete")
        kept[axis] = {level: settling.worded(name, f"{axis}_{level}") for level, name in levels.items()}
    return settling.settle(by, Subject.LEVELS, SiteLevels(kept), Deed.LEVELS_WORDED, version=version).uuid

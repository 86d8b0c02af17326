"""The priority matrix of the site."""

from hikeshi.accounts import queries as accounts
from hikeshi.incidents import facts, names
from hikeshi.incidents.matrix import BadGrid, Grid, check
from hikeshi.incidents.models import MatrixVersion
from hikeshi.incidents.permissions import Verb
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Invalid
from hikeshi.ledger.acts import action, record


@action
def set_matrix(*, by: Actor, preset: str = "", grid: Grid | None = None) -> MatrixVersion:
    """Puts a matrix in force: a known tool's, or the site's own. Records judged before keep theirs.
    Raises NotAllowed, Invalid.
    """
    by.must(Verb.CONFIGURE, accounts.root().pk)  # it counts for every organisation of the site
    presets = names.in_use().presets
    if grid is None:
        if preset not in presets:
            raise Invalid("preset", "unknown")
        grid = presets[preset].grid()
    try:
        check(grid)
    except BadGrid as error:
        raise Invalid("grid", f"matrix_{error.reason}") from error

    last = MatrixVersion.objects.select_for_update().order_by("-number").first()
    row = MatrixVersion.objects.create(
        number=last.number + 1 if last else 1,
        preset=preset,
        grid=[list(line) for line in grid],
        made_by=by.ref,
        at=clock.now(),
    )
    fact = facts.MatrixSet(matrix=row.uuid, number=row.number, preset=preset, grid=grid)
    record(fact, subject="site", by=by, topics=("settings",))
    return row

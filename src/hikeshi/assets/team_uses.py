"""Assets a team looks after."""

from collections.abc import Iterator

from hikeshi.accounts import team_uses
from hikeshi.accounts.models import Team
from hikeshi.accounts.resting import Rest
from hikeshi.assets.queries.visibility import visible
from hikeshi.kernel.acting import Actor


def look(by: Actor, team: Team) -> Iterator[Rest]:
    """One query. They keep its name."""
    rows = visible(by).filter(team=team, retired_at=None).order_by("-criticality", "called")
    for uuid, name in rows.values_list("uuid", "name"):
        yield Rest("asset", f"asset:{uuid}", name, movable=False)


team_uses.register("assets", look)

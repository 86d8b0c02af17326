"""Criteria a team answers for."""

from collections.abc import Iterator

from hikeshi.accounts import team_uses
from hikeshi.accounts.models import Team
from hikeshi.accounts.resting import Rest
from hikeshi.incidents.models import Criteria
from hikeshi.incidents.permissions import Verb
from hikeshi.kernel.acting import Actor


def look(by: Actor, team: Team) -> Iterator[Rest]:
    """One query. They go on without it: whoever keeps the criteria is told instead."""
    if not by.may(Verb.VIEW):
        return
    for field in Criteria.objects.filter(owner=f"team:{team.uuid}").order_by("field").values_list("field", flat=True):
        yield Rest("criteria", f"criteria:{field}", field, movable=False)


team_uses.register("incidents", look)

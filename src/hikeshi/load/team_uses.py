"""Rules of assignment that give records to a team."""

from collections.abc import Iterator

from hikeshi.accounts import team_uses
from hikeshi.accounts.models import Team
from hikeshi.accounts.resting import Rest
from hikeshi.kernel.acting import Actor
from hikeshi.load.permissions import Verb
from hikeshi.load.queries.settings import in_force


def look(by: Actor, team: Team) -> Iterator[Rest]:
    """One query. One that is switched off counts as well: switched on again it would give records to nobody."""
    if not by.may(Verb.VIEW):
        return
    for rule in in_force().book.rules:
        if rule.team == str(team.uuid):
            yield Rest("assignment", f"assignment:{rule.code}", rule.name, breaks=True, movable=False)


team_uses.register("load", look)

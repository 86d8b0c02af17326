"""Targets that count for the records of a team."""

from collections.abc import Iterator

from hikeshi.accounts import team_uses
from hikeshi.accounts.models import Team
from hikeshi.accounts.resting import Rest
from hikeshi.kernel.acting import Actor
from hikeshi.service_levels.permissions import Verb
from hikeshi.service_levels.queries.targets import book_in_force


def look(by: Actor, team: Team) -> Iterator[Rest]:
    """One query. A target for this team alone would count for nobody."""
    if not by.may(Verb.VIEW):
        return
    uuid = str(team.uuid)
    for target in book_in_force().book.targets:
        if uuid in target.teams:
            alone = target.on and set(target.teams) == {uuid}
            yield Rest("target", f"target:{target.code}", target.name(by.language), breaks=alone, movable=False)


team_uses.register("service_levels", look)

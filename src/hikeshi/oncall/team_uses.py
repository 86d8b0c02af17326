"""Policies that call a team, and whether it is the executives."""

from collections.abc import Iterator

from hikeshi.accounts import team_uses
from hikeshi.accounts.models import Team
from hikeshi.accounts.resting import Rest
from hikeshi.kernel.acting import Actor
from hikeshi.oncall import drafts
from hikeshi.oncall.escalation import Target, TargetKind
from hikeshi.oncall.permissions import Verb
from hikeshi.oncall.queries import policies


def look(by: Actor, team: Team) -> Iterator[Rest]:
    """Two queries. Somebody may rely on the call: whoever is left in it does not count."""
    if not by.may(Verb.VIEW):
        return
    called = Target(TargetKind.TEAM, str(team.uuid))
    for row in policies.policies(by).filter(retired_at=None):
        if any(one.target == called for one in drafts.kept(row.steps)):
            yield Rest("policy", f"policy:{row.uuid}", row.name, breaks=True, movable=False)
    if policies.executives() == called:
        yield Rest("executives", "", "", breaks=True, movable=False)


team_uses.register("oncall", look)

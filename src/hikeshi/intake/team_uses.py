"""Rules a team answers for, and sources whose silence it hears of."""

from collections.abc import Iterator

from hikeshi.accounts import team_uses
from hikeshi.accounts.models import Team
from hikeshi.accounts.resting import Rest
from hikeshi.intake.models import SiteRule, SourceWatch
from hikeshi.intake.permissions import Verb
from hikeshi.kernel.acting import Actor


def look(by: Actor, team: Team) -> Iterator[Rest]:
    """Two queries. Both go on without it: whoever keeps rules and sources is told instead."""
    if not by.may(Verb.VIEW):
        return
    owner = f"team:{team.uuid}"
    for code in SiteRule.objects.filter(owner=owner).order_by("code").values_list("code", flat=True):
        yield Rest("alert_rule", f"rule:{code}", code, movable=False)
    for code in SourceWatch.objects.filter(owner=owner).order_by("code").values_list("code", flat=True):
        yield Rest("silence", f"source:{code}", code, movable=False)


team_uses.register("intake", look)

"""Says yes to Amazon SNS by visiting the address its question named. No transaction is open meanwhile."""

from datetime import datetime

from hikeshi.intake.actions import topics as acts
from hikeshi.intake.queries import topics
from hikeshi.kernel.acting import system
from hikeshi.kernel.http import NOBODY, Barred, Permitted, request

SECONDS = 20.0
REFUSED = "refused"


def confirm_next(now: datetime) -> bool:
    """One visit; whether another may be due. Looks before it asks for the pen."""
    way_out = topics.way_out() if topics.any_due(now) else NOBODY
    if way_out.shut:  # of a restored backup another desk may be the one that SNS knows
        return False
    by = system("topics")
    row = acts.claim_topic(by=by, at=now)
    if row is None:
        return False
    acts.settle_topic(by=by, topic=row.uuid, url=row.url, trouble=_visit(row.url, way_out))
    return True


def _visit(url: str, permitted: Permitted) -> str:
    """A code of what went wrong, or nothing."""
    try:
        answer = request("GET", url, headers={"Connection": "close"}, permitted=permitted, seconds=SECONDS)
    except Barred as barred:
        return barred.why.value
    return "" if answer.status == 200 else REFUSED

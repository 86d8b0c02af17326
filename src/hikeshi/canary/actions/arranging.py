"""When the desk tries itself, and whom it calls then."""

from collections.abc import Collection
from datetime import time
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from hikeshi.accounts import queries as accounts
from hikeshi.canary import facts, states
from hikeshi.canary.models import Arrangement
from hikeshi.canary.stages import To, next_at
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Invalid, NotFound
from hikeshi.kernel.versions import must_be_current
from hikeshi.ledger.acts import action, record
from hikeshi.notify.permissions import Verb
from hikeshi.oncall.escalation import Target, TargetKind
from hikeshi.oncall.queries import policies, targets

TOPICS: Final = ("canary",)
SHORTEST: Final = 2
LONGEST: Final = 240


@action
def arrange(
    *,
    by: Actor,
    to: str = "",
    value: str = "",
    days: Collection[int] = (),
    at: time = time(10),
    minutes: int = 15,
    version: int | None = None,
) -> Arrangement:
    """``days``: weekdays, 0 is Monday; none: only on demand. Raises NotAllowed, Invalid, Conflict."""
    by.must(Verb.CONFIGURE, accounts.root().pk)
    row = Arrangement.objects.select_for_update().filter(pk=1).first() or Arrangement(pk=1)
    yours, theirs = _said(to, value, days, at, minutes), _said(row.to, row.value, row.days, row.at, row.minutes)
    must_be_current(read=version, now=row.version, yours=yours, theirs=theirs)
    if not set(days) <= set(range(7)):
        raise Invalid("days", "out_of_range", low=0, high=6)
    if not SHORTEST <= minutes <= LONGEST:
        raise Invalid("minutes", "out_of_range", low=SHORTEST, high=LONGEST)
    if days or to:
        must_be_there(by, to, value)

    row.days, row.at, row.to, row.value, row.minutes = sorted(set(days)), at, to, value, minutes
    row.next_at = next_at(row.days, at, ZoneInfo(accounts.site().time_zone), clock.now())
    row.version += 1
    row.changed_by, row.changed_at = by.ref, clock.now()
    row.save()

    fact = facts.Arranged(
        on=bool(row.days), to=To(to or To.PERSON), value=value, minutes=minutes, content=states.digest(row)
    )
    record(fact, subject="canary:arrangement", by=by, topics=TOPICS)
    return row


def _said(to: str, value: str, days: Collection[int], at: time, minutes: int) -> dict[str, str]:
    return {
        "target": f"{to}|{value}",
        "days": ", ".join(map(str, sorted(days))),
        "at": f"{at:%H:%M}",
        "minutes": str(minutes),
    }


def must_be_there(by: Actor, to: str, value: str) -> None:
    """Part of other verbs: whom it would call is known, and named by who may name them. Raises Invalid."""
    if to not in set(To):
        raise Invalid("target", "required" if not to else "not_a_choice", choices=", ".join(To))
    known = _is_policy(by, value) if to == To.POLICY else targets.known(by, Target(TargetKind(to), value))
    if not known:
        raise Invalid("target", "gone")


def _is_policy(by: Actor, value: str) -> bool:
    try:
        return policies.policy(by, UUID(value)).retired_at is None
    except (NotFound, ValueError):
        return False

"""A canary sets out: because somebody wants to know, or by plan."""

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from hikeshi.accounts import queries as accounts
from hikeshi.canary import facts, queries
from hikeshi.canary.actions.arranging import TOPICS, must_be_there
from hikeshi.canary.models import Arrangement, Canary
from hikeshi.canary.stages import State, To, Why, next_at
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Invalid, NotAllowed
from hikeshi.ledger.acts import action, record
from hikeshi.notify.permissions import Verb

USUAL: Final = 15
"""Minutes."""


@action
def ask(*, by: Actor, to: str = "", value: str = "", minutes: int | None = None) -> Canary:
    """Without a target, to whom the plan says; without a plan, to whoever asks. One at a time. Raises NotAllowed,
    Invalid.
    """
    by.must(Verb.CONFIGURE, accounts.root().pk)
    if not queries.would_send():
        raise Invalid("target", "would_not_send")
    if Canary.objects.select_for_update().filter(state=State.UNDER_WAY).exists():
        raise Invalid("target", "canary_under_way")
    plan = queries.arrangement()
    if not to and plan.to:
        to, value = plan.to, plan.value
    elif not to and by.ref.startswith("person:"):
        to, value = To.PERSON, by.ref
    must_be_there(by, to, value)

    return _set_out(by, To(to), value, minutes or plan.minutes or USUAL, scheduled=False)


@action
def ask_by_plan(*, by: Actor, now: datetime) -> Canary | None:
    """What is due by plan. Left out, and said to be, by a desk that would not send. For the desk's own loop. Raises
    NotAllowed.
    """
    if not by.unlimited:
        raise NotAllowed(Verb.CONFIGURE)
    plan = Arrangement.objects.select_for_update().filter(pk=1, next_at__lte=now).first()
    if plan is None:
        return None
    plan.next_at = next_at(plan.days, plan.at, ZoneInfo(accounts.site().time_zone), now)
    plan.save(update_fields=["next_at"])
    if not queries.would_send():
        return _leave_out(by, plan, Why.HELD)
    if Canary.objects.filter(state=State.UNDER_WAY).exists():
        return _leave_out(by, plan, Why.UNDER_WAY)

    return _set_out(by, To(plan.to), plan.value, plan.minutes, scheduled=True)


def _leave_out(by: Actor, plan: Arrangement, why: Why) -> Canary:
    now = clock.now()
    row = Canary.objects.create(
        asked_by=by.ref,
        asked_at=now,
        scheduled=True,
        to=plan.to,
        value=plan.value,
        minutes=plan.minutes,
        state=State.LEFT_OUT,
        ended_at=now,
        why=why,
    )
    record(facts.LeftOut(canary=row.uuid, why=why), subject=row.subject, by=by, topics=TOPICS)
    return row


def _set_out(by: Actor, to: To, value: str, minutes: int, *, scheduled: bool) -> Canary:
    now = clock.now()
    row = Canary.objects.create(
        asked_by=by.ref, asked_at=now, knock_at=now, scheduled=scheduled, to=to, value=value, minutes=minutes
    )
    fact = facts.Asked(canary=row.uuid, to=to, value=value, minutes=minutes, scheduled=scheduled)
    record(fact, subject=row.subject, by=by, topics=TOPICS)
    return row

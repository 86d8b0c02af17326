"""A channel that carries nothing is itself an alert, told through the others."""

from datetime import datetime
from typing import Final

from django.db.models import F

from hikeshi.accounts import queries as accounts
from hikeshi.kernel.acting import Actor, system
from hikeshi.kernel.worlds import World
from hikeshi.ledger.acts import record
from hikeshi.notify import facts, rules
from hikeshi.notify.actions.queueing import queue
from hikeshi.notify.handing import Fault
from hikeshi.notify.messages import Message, Purpose
from hikeshi.notify.models import Channel
from hikeshi.notify.permissions import Verb

BY: Final[Actor] = system("send")
TOPICS: Final = ("alarms", "channels")
CERTAIN: Final = frozenset({"unauthorised", "token_refused", "not_set_up", "certificate", "used_up"})
"""Once is enough to know that the next message will fare no better."""


def subject(kind: str) -> str:
    return f"channel:{kind}"


def worked(kind: str, now: datetime) -> None:
    mended = Channel.objects.filter(kind=kind, broken_at__isnull=False)
    if mended.update(broken_at=None, failures=0, trouble="", worked_at=now):
        record(facts.WayMended(kind=kind), subject=subject(kind), by=BY, topics=TOPICS)
        return
    Channel.objects.filter(kind=kind).update(failures=0, worked_at=now)


def failed(kind: str, fault: Fault, now: datetime) -> None:
    """One bad address says nothing of the channel; nor does a provider that asks to wait."""
    if fault.of_the_way or fault.code in {"busy", "unknown_outcome", "refused"}:
        return
    Channel.objects.filter(kind=kind).update(failures=F("failures") + 1, trouble=fault.code)
    enough = 1 if fault.code in CERTAIN else rules.BROKEN_AFTER
    broken = Channel.objects.filter(kind=kind, broken_at=None, failures__gte=enough)
    if broken.update(broken_at=now):
        record(facts.WayBroken(kind=kind, why=fault.code), subject=subject(kind), by=BY, topics=TOPICS)
        _tell(kind, fault.code, now)


def _tell(kind: str, why: str, now: datetime) -> None:
    """Those who can mend it; their ways on this channel are taken last, as on every broken one."""
    for person in accounts.people_who_may(Verb.CONFIGURE, accounts.root()):
        message = Message(
            purpose=Purpose.TOLD,
            subject=subject(kind),
            world=World.REAL,
            to=f"person:{person.uuid}",
            key=f"broken:{kind}:{now.isoformat()}:{person.uuid}",
            about={"kind": kind, "why": why},
            urgency=1,
        )
        queue(by=BY, message=message)

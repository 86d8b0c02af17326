"""A step of the engine: asks people whether a way still reaches them, notices silence, tells keepers what is stale.

A held site asks nobody, so nobody is found silent there.
"""

from datetime import datetime
from typing import Final

from hikeshi.accounts import actions as accounts
from hikeshi.accounts import contacts, queries, stale
from hikeshi.kernel.acting import system
from hikeshi.kernel.worlds import World
from hikeshi.ledger.acts import unit
from hikeshi.notify.actions.queueing import queue
from hikeshi.notify.messages import Message, Purpose
from hikeshi.notify.models import Outgoing

BY: Final = system("checks")
STEP: Final = 50


def ask_for_answers(now: datetime) -> bool:
    """Whether there may be more to do at once."""
    site = queries.site()
    if not site.live or site.world != World.REAL:
        return False
    due = list(contacts.due_checks(now)[:STEP])
    for row in due:
        _ask(row)
    late = list(contacts.late_checks(now)[:STEP])
    for check in late:
        left = Outgoing.objects.filter(key=_key(check), sent_at__isnull=False).exists()
        accounts.end_check(by=BY, check=check.uuid, left=left)
    _remind(now)
    return STEP in {len(due), len(late)}


def _ask(row: contacts.StoredWay) -> None:
    with unit():  # the check and its message, or neither
        check = accounts.ask_way(by=BY, way=row.uuid)
        if check is None or row.person is None:
            return
        message = Message(
            purpose=Purpose.CHECK,
            subject=f"way:{row.uuid}",
            world=World.REAL,
            to=f"person:{row.person.uuid}",
            key=_key(check),
            urgency=3,
            ways=(str(row.uuid),),
        )
        queue(by=BY, message=message)


def _key(check: contacts.Check) -> str:
    return f"check:{check.uuid}"


def _remind(now: datetime) -> None:
    """One message a week to each keeper, by all their ways: some of them may be what is stale."""
    with unit():
        if not accounts.claim_reminder(by=BY, now=now):
            return
        for keeper in stale.kept_by():
            message = Message(
                purpose=Purpose.REMINDER,
                subject=f"contacts:{keeper}",
                world=World.REAL,
                to=f"person:{keeper}",
                key=f"contacts:{keeper}:{now:%Y-%m-%d}",
                urgency=3,
            )
            queue(by=BY, message=message)

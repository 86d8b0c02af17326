"""Sends canaries that are due, knocks at the door for them, and follows each to its answer or the end of its time."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.conf import settings

from hikeshi.canary import actions, knocking, queries
from hikeshi.intake import actions as intake
from hikeshi.intake.inbox import gauges
from hikeshi.kernel.acting import system

BY: Final = system("canary")


@dataclass(slots=True)
class Canaries:
    """``_shown``: what the watch was last told, through the figures it reads."""

    _shown: bool | None = None

    def step(self, now: datetime) -> bool:
        """Never more to do at once: what comes next, others do, and their commits wake this loop."""
        if queries.due(now):
            actions.ask_by_plan(by=BY, now=now)
        ended = False
        for uuid in queries.going():
            _knock(uuid, now)
            ended = actions.advance(by=BY, canary=uuid) or ended
        if self._shown is None or ended:
            self._show()
        return False

    def _show(self) -> None:
        failed = queries.last_failed() is not None
        gauges.show(gauges.CANARY_FAILED, int(failed))
        self._shown = failed


def _knock(uuid: UUID, now: datetime) -> None:
    """Posts it where that is due. The call itself holds no transaction."""
    row = queries.canary(BY, uuid)
    if row.posted_at is not None or row.knock_at > now:
        return
    secret, body = actions.take_key(by=BY), intake.canary_body(row.uuid, row.asked_at)
    try:
        receipt = knocking.knock(settings.ENVIRONMENT.own_address, secret=secret, body=body, once=str(row.uuid))
    except knocking.NotTaken as error:
        actions.note_knock(by=BY, canary=uuid, why=error.why)
    else:
        actions.note_knock(by=BY, canary=uuid, receipt=receipt)

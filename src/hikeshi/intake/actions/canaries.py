"""The desk's own trial alert, taken off the queue again once the digest has judged it: nothing of it stays, in no list
and in no figure. Whoever sent it keeps when it was digested and judged.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from hikeshi.intake.inbox.items import InboxItem
from hikeshi.intake.models import Alert, Receipt, RuleHits
from hikeshi.intake.permissions import Verb
from hikeshi.intake.preparing import prepare
from hikeshi.intake.rulebook import CANARY
from hikeshi.intake.sources import book
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import NotAllowed
from hikeshi.kernel.worlds import World
from hikeshi.ledger.acts import action

TYPE: Final = "application/json"


@dataclass(frozen=True, slots=True)
class Judged:
    """``rule`` is empty where the digest could make no alert of it."""

    digested_at: datetime
    judged_at: datetime | None
    rule: str


def body(canary: UUID, at: datetime) -> bytes:
    """What is posted to the door."""
    return msgspec.json.encode({"canary": str(canary), "title": "Canary: nothing has happened", "at": at.isoformat()})


@action
def take_canary(*, by: Actor, receipt: UUID, sent: bytes, organisation: int) -> Judged | None:
    """None while the digest has not come to it. For the desk's own loop. Raises NotAllowed."""
    if not by.unlimited:
        raise NotAllowed(Verb.MANAGE)
    done = Receipt.objects.filter(receipt=receipt).values_list("at", flat=True).first()
    if done is None:
        return None
    item = InboxItem(receipt, book.CANARY, organisation, sent, TYPE, clock.now(), World.REAL, 1)
    found = Alert.objects.filter(fingerprint__in=[one.fingerprint for one in prepare([item])[0].sightings]).first()
    if found is None or found.rule != CANARY.code:
        return Judged(done, None, found.rule if found is not None else "")
    hits = RuleHits.objects.filter(rule=CANARY.code, organisation=organisation, last_at__gte=done)
    judged = hits.order_by("last_at").values_list("last_at", flat=True).first()
    found.delete()
    return Judged(done, judged or done, found.rule)

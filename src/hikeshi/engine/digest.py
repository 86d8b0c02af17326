"""Turns accepted bodies into alerts. No body can stop it: what fails by itself is parked with its error."""

import logging
import time
import traceback
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from hikeshi.engine.faults import of_the_site
from hikeshi.engine.react import ROOM
from hikeshi.intake.inbox import place
from hikeshi.intake.inbox.claims import Taken
from hikeshi.intake.inbox.items import InboxItem
from hikeshi.ledger import reactions
from hikeshi.ledger.acts import called_here
from hikeshi.notify.actions.queueing import SEND

FEW: Final = 10
"""Bodies. What these ask of others is heard at once; after more of them others wait for the digest."""
DEADLY: Final = "Every process that began to digest this body ended before it was done."
log = logging.getLogger(__name__)


@dataclass(slots=True)
class Digest:
    """``digest`` works through items in one transaction; ``park`` keeps one aside with its error."""

    owner: str
    digest: Callable[[Sequence[InboxItem]], object]
    park: Callable[[InboxItem, str], object]
    _done: Taken | None = None

    def step(self, _: datetime) -> bool:
        inbox = place.inbox()
        if self._done is None and not inbox.pending():
            return False
        taken = inbox.take(self.owner, done=self._done)
        self._done = None
        if taken is None:
            return False
        if taken.deadly:
            self.park(taken.items[0], DEADLY)
        else:
            before = called_here(SEND)
            with reactions.promptly() if len(taken.items) <= FEW else nullcontext():
                self._work_through(taken.items, inbox.together(taken))
            if called_here(SEND) != before:
                time.sleep(ROOM)  # letting go of the bodies would stand in the call's way, and can wait
        self._done = taken
        return True

    def _work_through(self, items: Sequence[InboxItem], together: AbstractContextManager[None]) -> None:
        """All at once; where that fails, by halves, until the culprits stand alone. Consumed receipts keep it exact."""
        try:
            with together:
                self.digest(items)
        except Exception as error:
            if of_the_site(error):
                raise
            if len(items) == 1:
                log.exception("a body of %s is parked, receipt %s", items[0].source, items[0].receipt)
                self.park(items[0], traceback.format_exc(limit=-5))
                return
            half = len(items) // 2
            self._work_through(items[:half], nullcontext())
            self._work_through(items[half:], nullcontext())

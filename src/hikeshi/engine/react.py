"""Hears what was recorded, and makes room for whoever carries a call for help out."""

import time
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from hikeshi.ledger import reactions
from hikeshi.ledger.acts import called_here
from hikeshi.notify.actions.queueing import SEND

ROOM: Final = 0.015
"""Seconds. Sending a page takes about as long. What else follows from the same facts would stand in its way twice, at
the interpreter and at SQLite's one pen; it can wait so long once for each call.
"""


@dataclass(slots=True)
class Reacting:
    """Whoever called last, this round or the digest, is given room before the next round and after the own."""

    _called: int = 0

    def step(self, now: datetime) -> bool:
        self._make_room()
        more = reactions.step(now)
        self._make_room()
        return more

    def _make_room(self) -> None:
        called = called_here(SEND)
        if called != self._called:
            self._called = called
            time.sleep(ROOM)

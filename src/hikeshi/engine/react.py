"""Hears what was recorded, and makes room for whoever carries a call for help out."""

import time
from datetime import datetime
from typing import Final

from hikeshi.ledger import reactions
from hikeshi.ledger.acts import called_here
from hikeshi.notify.actions.queueing import SEND

ROOM: Final = 0.015
"""Seconds. Sending a page takes about as long. What else follows from the same facts would stand in its way twice, at
the interpreter and at SQLite's one pen; it can wait so long once in a round, however much the round did.
"""


def step(now: datetime) -> bool:
    before = called_here(SEND)
    more = reactions.step(now)
    if more and called_here(SEND) != before:
        time.sleep(ROOM)
    return more

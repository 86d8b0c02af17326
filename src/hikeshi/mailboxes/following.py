"""The loop that reads the mailboxes: a thread for each keeps it open and brings what arrives, the step keeps it."""

import queue
import time
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from hikeshi.mailboxes import actions, queries
from hikeshi.mailboxes.codes import Came
from hikeshi.mailboxes.queries import Box
from hikeshi.mailboxes.receiving import LARGEST
from hikeshi.notify.handing import Fault
from hikeshi.notify.replies.following import FIRST_PAUSE, LOOK_EVERY, Reader
from hikeshi.notify.replies.imap import Arrived

AHEAD: Final = 2
STEP: Final = 20


@dataclass(slots=True)
class _Open:
    box: Box
    reader: Reader


@dataclass(slots=True)
class Mailboxes:
    """``first_pause``: seconds after the first failure."""

    first_pause: float = FIRST_PAUSE
    _open: dict[UUID, _Open] = field(default_factory=dict)
    _look_again: float = 0.0

    def step(self, now: datetime) -> bool:
        """Whether there may be more to do at once."""
        if time.monotonic() >= self._look_again:
            self._look()
            self._look_again = time.monotonic() + LOOK_EVERY
        more = [self._take(one, now) for one in tuple(self._open.values())]
        return any(more)

    def _look(self) -> None:
        wanted = {box.mailbox: box for box in queries.boxes()}
        for mailbox, one in tuple(self._open.items()):
            box = wanted.get(mailbox)
            asked = box is not None and box.look_at is not None and box.look_at != one.box.look_at
            if box is None or asked or box.setup != one.box.setup:
                one.reader.stopping.set()
                del self._open[mailbox]
        for mailbox, box in wanted.items():
            if mailbox not in self._open:
                reader = Reader(box.setup, box.known, self.first_pause, LARGEST, AHEAD)
                self._open[mailbox] = _Open(box, reader)
                reader.start()

    def _take(self, one: _Open, now: datetime) -> bool:
        for _ in range(STEP):
            try:
                news = one.reader.news.get_nowait()
            except queue.Empty:
                return False
            match news:
                case Arrived():
                    actions.keep(mailbox=one.box.mailbox, raw=news.raw, came=Came.IMAP, now=now, at=news.at)
                case Fault():
                    actions.failed(one.box.mailbox, news, now)
                case _:
                    actions.worked(one.box.mailbox, now)
        return True

    def close(self) -> None:
        for one in self._open.values():
            one.reader.stopping.set()
        self._open.clear()

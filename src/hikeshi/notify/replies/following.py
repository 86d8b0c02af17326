"""The loop that reads replies. A thread that touches no row keeps the mailbox open and brings what arrives; the step
writes down what came of it.
"""

import contextlib
import logging
import queue
import threading
import time
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, TypeAlias

from hikeshi.kernel import clock
from hikeshi.notify import setups
from hikeshi.notify.actions import replies
from hikeshi.notify.handing import Failed, Fault, Setup
from hikeshi.notify.replies.imap import LARGEST, Arrived, Mailbox, Place

LOOK_EVERY: Final = 2.0
"""Seconds between two looks whether the mailbox is another, or none any more."""
FIRST_PAUSE: Final = 5.0
LONGEST_PAUSE: Final = 300.0
AHEAD: Final = 20
STEP: Final = 50
log = logging.getLogger(__name__)


class Open:
    """The mailbox was opened and read to its end."""


News: TypeAlias = Arrived | Fault | Open


@dataclass(slots=True)
class Reader:
    """``largest``: bytes read of one mail; ``ahead``: how many of them wait to be taken."""

    setup: Setup
    known: Place
    first_pause: float
    largest: int = LARGEST
    ahead: int = AHEAD
    news: "queue.Queue[News]" = field(init=False)
    stopping: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.news = queue.Queue(self.ahead)

    def start(self) -> None:
        threading.Thread(target=self._run, name="replies-mailbox", daemon=True).start()

    def _run(self) -> None:
        failures = 0
        while not self.stopping.is_set():
            try:
                self._follow()
                failures = 0
            except Failed as failed:
                failures = self._fell(failed.fault, failures)
            except Exception as error:  # noqa: BLE001  # a thread that died would read no reply any more
                log.error("the mailbox of replies failed: %s", type(error).__name__)  # noqa: TRY400  # its text may quote a mail
                failures = self._fell(Fault("provider", passing=True), failures)

    def _fell(self, fault: Fault, failures: int) -> int:
        self._tell(fault)
        self.stopping.wait(min(self.first_pause * 2 ** min(failures, 10), LONGEST_PAUSE))
        return failures + 1

    def _follow(self) -> None:
        with contextlib.closing(Mailbox(self.setup)) as box:
            while not self.stopping.is_set():
                for one in box.fresh(self.known, clock.now(), largest=self.largest):
                    self._tell(one)
                    self.known = one.at
                self._tell(Open())
                box.wait(self.stopping)

    def _tell(self, one: News) -> None:
        """Waits for the step where it is behind: a mailbox may hold more than memory does."""
        while not self.stopping.is_set():
            with contextlib.suppress(queue.Full):
                self.news.put(one, timeout=0.5)
                return


@dataclass(slots=True)
class Replies:
    """``first_pause``: seconds after the first failure."""

    first_pause: float = FIRST_PAUSE
    _reader: Reader | None = None
    _look_again: float = 0.0

    def step(self, now: datetime) -> bool:
        """Whether there may be more to do at once."""
        if time.monotonic() >= self._look_again:
            self._look()
            self._look_again = time.monotonic() + LOOK_EVERY
        return self._take(now) if self._reader is not None else False

    def _look(self) -> None:
        wanted = _wanted()
        if self._reader is not None and self._reader.setup != wanted:
            self.close()
        if self._reader is None and wanted is not None:
            self._reader = Reader(wanted, replies.place(), self.first_pause)
            self._reader.start()

    def _take(self, now: datetime) -> bool:
        if self._reader is None:
            return False
        for _ in range(STEP):
            try:
                one = self._reader.news.get_nowait()
            except queue.Empty:
                return False
            match one:
                case Arrived():
                    replies.take(one, now)
                case Fault():
                    replies.failed(one, now)
                case _:
                    replies.worked(now)
        return True

    def close(self) -> None:
        if self._reader is not None:
            self._reader.stopping.set()
            self._reader = None


def _wanted() -> Setup | None:
    """A desk that calls nobody reads nothing: the answers belong to the one that runs."""
    here = setups.read()
    setup = here.setup("mail")
    return (
        setup if not here.permitted.shut and setup is not None and setup.on and setup.plain.get("imap_host") else None
    )

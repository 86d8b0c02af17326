"""What every loop does: steps until nothing is due, waits for a second or until a commit, outlives its failures."""

import contextlib
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.db import connections

from hikeshi.kernel.clock import now
from hikeshi.ledger import wake

IDLE: Final = 1.0
FIRST_PAUSE: Final = 0.2
LONGEST_PAUSE: Final = 15.0
log = logging.getLogger(__name__)


@dataclass(slots=True)
class Loop:
    """``step(now)`` does one bounded piece of work and says whether more may be due at once. ``woken``: somebody may be
    waiting for it, so that it looks at each commit, or where it is ``called``, when it is called by its name
    (``wake.at_commit``); the others look each second, and leave the machine to these. No step begins while it
    ``rests``. ``listen``: what wakes it comes another way than through the database.
    ``may``: whether this engine is the one to run it. ``after``: seconds it leaves to others that were woken with it,
    for whom somebody may be waiting more.
    """

    name: str
    step: Callable[[datetime], bool]
    woken: bool = False
    called: bool = False
    rests: Callable[[], bool] = lambda: False
    listen: Callable[[], wake.Waker] | None = None
    may: Callable[[], bool] = lambda: True
    after: float = 0.0
    ended_well: datetime = field(default_factory=now)
    error: str = ""
    _stopping: threading.Event = field(default_factory=threading.Event)
    _working: threading.Lock = field(default_factory=threading.Lock)
    _failures: int = 0
    _stands_by: bool = False

    def start(self) -> None:
        threading.Thread(target=self._run, name=self.name, daemon=True).start()

    @property
    def stands_by(self) -> bool:
        """Another engine runs it: its beat is that engine's to write."""
        return self._stands_by

    def stop(self) -> None:
        self._stopping.set()

    def settle(self, seconds: float) -> bool:
        """Waits for the step under way; after it no other begins. True where it ended in time."""
        return self._working.acquire(timeout=seconds)

    def _run(self) -> None:
        waker: wake.Waker | None = None
        while not self._stopping.is_set():
            try:
                if self.woken or self.called:
                    waker = waker or self._waker()
                if self._worked():
                    continue
                if waker is not None:
                    self._wait(waker)
                else:
                    self._stopping.wait(IDLE)
            except Exception as error:  # noqa: BLE001  # logged by _failed, not at every try; what fails is tried again
                self._failed(error)
                if waker is not None:
                    waker.close()
                waker = None
                self._stopping.wait(min(FIRST_PAUSE * 2 ** min(self._failures, 10), LONGEST_PAUSE))

    def _wait(self, waker: wake.Waker) -> None:
        if waker.wait(IDLE) and self.after:
            self._stopping.wait(self.after)
            waker.drain()

    def _waker(self) -> wake.Waker:
        return self.listen() if self.listen is not None else wake.listen(self.name, own=self.called)

    def _worked(self) -> bool:
        if self.rests():
            return False
        self._stands_by = not self.may()
        if self._stands_by:
            return False
        with self._working:
            more = not self._stopping.is_set() and self.step(now())
        self.ended_well, self.error, self._failures = now(), "", 0
        return more

    def _failed(self, error: Exception) -> None:
        self._failures += 1
        self.error = f"{type(error).__name__}: {error}"
        if self._failures in {1, 10} or self._failures % 100 == 0:  # a long outage does not fill the disk with itself
            log.error("the %s loop failed, time %s", self.name, self._failures, exc_info=error)
        with contextlib.suppress(Exception):  # the server behind it may be gone; a fresh one is made at the next try
            connections.close_all()


def every(seconds: float, step: Callable[[datetime], bool]) -> Callable[[datetime], bool]:
    """The step, begun anew at most once in that time however often the loop is woken."""
    due = 0.0

    def stepped(at: datetime) -> bool:
        nonlocal due
        if time.monotonic() < due:
            return False
        more = step(at)
        if not more:
            due = time.monotonic() + seconds
        return more

    return stepped

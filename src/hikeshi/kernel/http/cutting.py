"""Cuts calls whose time is over. One thread watches over all of them: one of its own for each would cost a call more
than the call's own words do.
"""

import contextlib
import heapq
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Final

LOOK: Final = 1.0
"""Seconds between two looks where nothing is due sooner: a call that has longer than that wakes nobody."""


@dataclass(slots=True)
class Cut:
    """``wire`` None: the call is over."""

    wire: socket.socket | None

    def cancel(self) -> None:
        self.wire = None


@dataclass(slots=True)
class _Watch:
    _due: list[tuple[float, int, Cut]] = field(default_factory=list)
    _more: threading.Condition = field(default_factory=threading.Condition)
    _numbers: Iterator[int] = field(default_factory=count)
    _looks_at: float = 0.0
    _thread: threading.Thread | None = None

    def add(self, wire: socket.socket, seconds: float) -> Cut:
        cut, at = Cut(wire), time.monotonic() + seconds
        with self._more:
            heapq.heappush(self._due, (at, next(self._numbers), cut))
            if self._thread is None or not self._thread.is_alive():  # none yet, or it stayed behind in a fork
                self._thread = threading.Thread(target=self._run, name="cut", daemon=True)
                self._thread.start()
            elif at < self._looks_at:
                self._more.notify()
        return cut

    def _run(self) -> None:
        while True:
            with self._more:
                self._more.wait(self._until_next())
                over = self._over()
            for cut in over:
                wire = cut.wire
                if wire is not None:
                    with contextlib.suppress(OSError):
                        wire.shutdown(socket.SHUT_RDWR)

    def _until_next(self) -> float:
        now = time.monotonic()
        self._looks_at = min(self._due[0][0] if self._due else now + LOOK, now + LOOK)
        return max(self._looks_at - now, 0.0)

    def _over(self) -> list[Cut]:
        found = []
        while self._due and (self._due[0][2].wire is None or self._due[0][0] <= time.monotonic()):
            found.append(heapq.heappop(self._due)[2])
        return found


_watch = _Watch()


def cut_in(wire: socket.socket, seconds: float) -> Cut:
    """Shuts the connection when the time is over; a timeout of the socket would begin anew with every byte."""
    return _watch.add(wire, seconds)

"""One writer of this process at a time, first come first served.

SQLite lets whoever asks at the right moment have the write lock, and whoever asked at the wrong one sleeps for up to a
tenth of a second before asking again: a busy digest would starve reactions and people. PostgreSQL needs none of this.
"""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field


@dataclass(slots=True)
class Turns:
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _queue: deque[threading.Event] = field(default_factory=deque)
    _taken: bool = False

    @contextmanager
    def turn(self) -> Iterator[None]:
        mine = threading.Event()
        with self._lock:
            if self._taken:
                self._queue.append(mine)
            else:
                self._taken = True
                mine.set()
        mine.wait()
        try:
            yield
        finally:
            with self._lock:
                if self._queue:
                    self._queue.popleft().set()
                else:
                    self._taken = False


_turns = Turns()


def turn(vendor: str) -> AbstractContextManager[None]:
    """The turn of this thread to write. Not to be asked for inside a turn, nor inside a transaction that has begun."""
    return _turns.turn() if vendor == "sqlite" else nullcontext()

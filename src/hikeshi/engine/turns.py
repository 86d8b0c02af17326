"""One writer at a time, first come first served.

SQLite lets whoever asks at the right moment have the write lock, so a busy digest would starve the other loops of its
own process for seconds. PostgreSQL needs none of this.
"""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
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

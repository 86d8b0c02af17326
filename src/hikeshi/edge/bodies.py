"""Reads whole bodies, bounded in size and in time."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from hikeshi.edge.wire import Gone, Message, Receive, Refused

SECONDS: Final = 30.0
"""A sender that has not finished its body by then is turned away: it holds memory that others need."""
LOOK_EVERY: Final = 1.0
DRAINED: Final = 8
"""A body up to this many times too large is read to its end before it is refused."""


@dataclass(slots=True)
class Reader:
    """One look a second ends what takes too long: a timer for every request would cost more than reading it."""

    seconds: float = SECONDS
    _reading: dict[asyncio.Task[None], float] = field(default_factory=dict)
    _late: set[asyncio.Task[None]] = field(default_factory=set)
    _watch: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._watch = asyncio.get_running_loop().create_task(self._look())

    async def read(self, receive: Receive, *, limit: int, hold: Callable[[int], None], length: bytes = b"") -> bytes:
        """``hold`` hears of each chunk's size and may raise Refused. Raises Refused (408, 413) and Gone.

        ``length``: what Content-Length says. The server holds a sender to it, so a body of that many bytes is whole,
        and nobody need wait to hear that nothing follows.
        """
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("a body is read in a task")
        self._reading[task] = time.monotonic() + self.seconds
        try:
            message = await receive()
            if message["type"] == "http.request":
                body = message.get("body", b"")
                whole = not message.get("more_body") or b"%d" % len(body) == length
                if whole and len(body) <= limit:  # nearly every body: all of it came at once
                    hold(len(body))
                    return body
            return await _rest(message, receive, limit, hold)
        except asyncio.CancelledError:
            if task not in self._late:
                raise
            task.uncancel()
            raise Refused(408, "slow", "The body did not arrive in time.") from None
        finally:
            del self._reading[task]
            self._late.discard(task)

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY)
            now = time.monotonic()
            for task in [task for task, until in self._reading.items() if until < now]:
                self._late.add(task)
                task.cancel()


async def _rest(message: Message, receive: Receive, limit: int, hold: Callable[[int], None]) -> bytes:
    """The body that begins with this message."""
    chunks: list[bytes] = []
    size = 0
    while True:
        if message["type"] == "http.disconnect":
            raise Gone
        chunk = message.get("body", b"")
        size += len(chunk)
        if size <= limit:
            hold(len(chunk))
            chunks.append(chunk)
        elif size > limit * DRAINED or not message.get("more_body"):
            # A sender in the middle of its body reads no answer, so a little too much is read to its end first.
            raise Refused(413, "too_large", f"A body may have {limit} bytes.", limit=limit)
        if not message.get("more_body"):
            return b"".join(chunks)
        message = await receive()

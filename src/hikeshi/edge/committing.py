"""Group commit: what arrives while a commit is under way joins the next one, and is answered after it.

One thread writes. The event loop hands it posts and gets futures; nothing is answered that is not on disk.
"""

import asyncio
import logging
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from django.db import DatabaseError, InterfaceError, OperationalError

from hikeshi.edge.wire import Refused
from hikeshi.intake.inbox import appending, tables
from hikeshi.intake.inbox.appending import Answer, Post
from hikeshi.ledger import wake

POSTS: Final = 1000
BYTES: Final = 16 * 1024 * 1024
RING_EVERY: Final = 0.02
log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Waiting:
    post: Post
    answered: asyncio.Future[Answer]


@dataclass(slots=True)
class Committer:
    _loop: asyncio.AbstractEventLoop
    _waiting: list[_Waiting] = field(default_factory=list)
    _filled: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _stopped: bool = False
    _ailing: bool = False
    _thread: threading.Thread | None = None
    _rang: float = 0.0
    _unrung: bool = False

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, name="inbox", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Commits what waits, then ends."""
        self._stopped = True
        self._filled.set()
        if self._thread is not None:
            self._thread.join(timeout=5)

    @property
    def well(self) -> bool:
        """Whether the last commit went through."""
        return not self._ailing

    @property
    def depth(self) -> int:
        return len(self._waiting)

    async def commit(self, post: Post) -> Answer:
        """Returns once the post is on disk. Raises Refused (503) where it could not be written."""
        if self._ailing and self._waiting:
            raise _unavailable()  # one request at a time tries whether the disk is back
        waiting = _Waiting(post, self._loop.create_future())
        with self._lock:
            self._waiting.append(waiting)
        self._filled.set()
        return await waiting.answered

    def _run(self) -> None:
        while not (self._stopped and not self._waiting):
            self._filled.wait(RING_EVERY if self._unrung else None)
            self._filled.clear()
            while batch := self._next():
                self._write(batch)
                self._ring()
            self._ring()

    def _next(self) -> list[_Waiting]:
        with self._lock:
            count = size = 0
            while count < min(len(self._waiting), POSTS) and size < BYTES:
                size += len(self._waiting[count].post.item.body)
                count += 1
            batch, self._waiting = self._waiting[:count], self._waiting[count:]
        return batch

    def _write(self, batch: Sequence[_Waiting]) -> None:
        try:
            answers = appending.append([waiting.post for waiting in batch])
        except (OperationalError, InterfaceError) as error:
            self._fail(batch, error)
        except Exception as error:  # whatever one post holds must not turn away the others
            log.exception("%d bodies could not be written together", len(batch))
            if len(batch) == 1:
                self._fail(batch, error)
            else:
                for waiting in batch:
                    self._write([waiting])
        else:
            if self._ailing:
                log.warning("the inbox takes alerts again")
            self._ailing = False
            self._unrung = True
            self._loop.call_soon_threadsafe(_answer, batch, answers)

    def _fail(self, batch: Sequence[_Waiting], error: Exception) -> None:
        if not self._ailing:
            log.error("the inbox cannot be written: %s", error)
        self._ailing = True
        try:
            tables.connection().close()  # the next try begins with a fresh connection
        except DatabaseError:
            log.warning("the inbox's connection was already broken")
        self._loop.call_soon_threadsafe(_refuse, batch)

    def _ring(self) -> None:
        """Wakes the digest; in a flood not for every commit, since it is awake anyway."""
        if not self._unrung or time.monotonic() - self._rang < RING_EVERY:
            return
        self._unrung, self._rang = False, time.monotonic()
        try:
            wake.ring()
        except OSError:
            log.warning("nobody could be woken; the digest looks by itself")


def _answer(batch: Sequence[_Waiting], answers: Sequence[Answer]) -> None:
    for waiting, answer in zip(batch, answers, strict=True):
        if not waiting.answered.done():
            waiting.answered.set_result(answer)


def _refuse(batch: Sequence[_Waiting]) -> None:
    for waiting in batch:
        if not waiting.answered.done():
            waiting.answered.set_exception(_unavailable())


def _unavailable() -> Refused:
    return Refused(503, "storage", "Alerts cannot be stored at the moment. Send again.", retry_after=5)

"""Group commit: what arrives while a commit is under way joins the next one, and is answered after it.

One thread writes. The event loop hands it posts and gets futures; nothing is answered that is not on disk.
"""

import asyncio
import logging
import threading
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from django.db import DatabaseError, InterfaceError, OperationalError

from hikeshi.edge.wire import Refused
from hikeshi.intake.inbox.appending import Answer, NotKept, Outcome, Post
from hikeshi.intake.inbox.place import Inbox

POSTS: Final = 1000
BYTES: Final = 16 * 1024 * 1024
RING_EVERY: Final = 0.02
_Waiting: TypeAlias = tuple[Post, asyncio.Future[Answer]]
log = logging.getLogger(__name__)


GATHER: Final = 0.002
"""Seconds that posts are gathered once they come faster than they are written: each commit costs the same, and each
wakes two threads that quarrel over the interpreter's lock. A post that comes alone never waits."""


@dataclass(slots=True)
class Committer:
    _loop: asyncio.AbstractEventLoop
    _inbox: Inbox
    _waiting: deque[_Waiting] = field(default_factory=deque)  # its two ends need no lock
    _filled: threading.Event = field(default_factory=threading.Event)
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
        answered: asyncio.Future[Answer] = self._loop.create_future()
        self._waiting.append((post, answered))
        if not self._filled.is_set():
            self._filled.set()
        return await answered

    def _run(self) -> None:
        while not (self._stopped and not self._waiting):
            self._filled.wait(RING_EVERY if self._unrung else None)
            self._filled.clear()  # before looking: what comes after the look sets it again
            while batch := self._next():
                self._write(batch)
                if len(batch) > 1 and not self._stopped:
                    time.sleep(GATHER)
            self._ring()

    def _next(self) -> list[_Waiting]:
        batch: list[_Waiting] = []
        size = 0
        while self._waiting and len(batch) < POSTS and size < BYTES:
            batch.append(self._waiting.popleft())
            size += len(batch[-1][0].item.body)
        return batch

    def _write(self, batch: Sequence[_Waiting]) -> None:
        try:
            answers = self._inbox.append([post for post, _ in batch])
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
            self._heed(answers)
            self._ring()  # first: answering hands the interpreter's lock to another thread, and the digest would wait
            self._loop.call_soon_threadsafe(_answer, batch, answers)

    def _heed(self, answers: Sequence[Outcome]) -> None:
        """An inbox of several machines may keep some of a batch and not others."""
        kept = any(not isinstance(answer, NotKept) for answer in answers)
        if self._ailing and kept:
            log.warning("the inbox takes alerts again")
        elif not self._ailing and not kept:
            log.error("the inbox takes nothing: it is full, or its servers do not answer")
        self._ailing = not kept
        self._unrung = self._unrung or kept

    def _fail(self, batch: Sequence[_Waiting], error: Exception) -> None:
        if not self._ailing:
            log.error("the inbox cannot be written: %s", error)
        self._ailing = True
        try:
            self._inbox.begin_afresh()
        except DatabaseError:
            log.warning("the inbox's connection was already broken")
        self._loop.call_soon_threadsafe(_refuse, batch)

    def _ring(self) -> None:
        """Wakes the digest; in a flood not for every commit, since it is awake anyway."""
        if not self._unrung or time.monotonic() - self._rang < RING_EVERY:
            return
        self._unrung, self._rang = False, time.monotonic()
        try:
            self._inbox.ring()
        except OSError:
            log.warning("nobody could be woken; the digest looks by itself")


def _answer(batch: Sequence[_Waiting], answers: Sequence[Outcome]) -> None:
    for (_, answered), answer in zip(batch, answers, strict=True):
        if answered.done():
            continue
        if isinstance(answer, NotKept):
            answered.set_exception(_unavailable())
        else:
            answered.set_result(answer)


def _refuse(batch: Sequence[_Waiting]) -> None:
    for _, answered in batch:
        if not answered.done():
            answered.set_exception(_unavailable())


def _unavailable() -> Refused:
    return Refused(503, "storage", "Alerts cannot be stored at the moment. Send again.", retry_after=5)

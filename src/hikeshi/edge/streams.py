"""Requests whose body or answer is a file: handed on in pieces as they come, on threads of their own.

A file may take minutes, so whoever sends or fetches one holds a thread for minutes; these are not the threads of the
pages. Memory stays flat: no piece is asked for before the one before it has been dealt with, in either direction.
"""

import asyncio
import re
from dataclasses import dataclass, field
from typing import Final, cast

from a2wsgi import WSGIMiddleware
from a2wsgi.wsgi_typing import WSGIApp

from hikeshi.edge.wire import Application, Message, Receive, Refused, Scope, Send

THREADS: Final = 16
STALL: Final = 30.0
"""Seconds without a byte after which a sender has hung up, whatever its connection says."""
DRAINED: Final = 256 * 1024 * 1024
DRAIN_SECONDS: Final = 10.0
DRAINING: Final = 32
"""A sender in the middle of its body reads no answer, so the rest of a body that was refused is read to its end: up to
so many bytes, so long, and for so many senders at once."""


class Cut(ConnectionResetError):
    """The body ended before it was whole. An OSError, so that Django takes it for what it is."""


@dataclass(slots=True)
class Streams:
    """``paths``: the addresses, whole, of files."""

    application: WSGIApp
    paths: re.Pattern[str]
    stall: float = STALL
    _bridge: Application = field(init=False)
    _open: int = 0
    _draining: int = 0

    def __post_init__(self) -> None:
        self._bridge = cast("Application", WSGIMiddleware(self.application, workers=THREADS))

    def take(self, path: str) -> bool:
        return self.paths.fullmatch(path) is not None

    async def serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Raises Refused (503)."""
        if self._open >= THREADS:
            raise Refused(503, "busy", "Too many files are on their way. Try again in a moment.", retry_after=5)
        self._open += 1
        body = _Body(dict(scope["headers"]), receive, self.stall)
        held = True

        async def answer(message: Message) -> None:
            nonlocal held
            if message["type"] == "http.response.start" and body.left:
                self._open -= held  # whoever was refused keeps no place that others need
                held = False
                await self._drain(body)
            await send(message)

        try:
            await self._bridge(scope, body.receive, answer)
        finally:
            self._open -= held

    async def _drain(self, body: "_Body") -> None:
        if self._draining >= DRAINING:
            return
        self._draining += 1
        try:
            await asyncio.wait_for(body.drain(), DRAIN_SECONDS)
        except TimeoutError:
            return
        finally:
            self._draining -= 1


class _Body:
    """Pieces as they come, none of them twice; a body cut short raises instead of ending."""

    def __init__(self, headers: dict[bytes, bytes], receive: Receive, stall: float) -> None:
        declared = headers.get(b"content-length", b"")
        self._length = int(declared) if declared.isdigit() else None
        self._none = self._length in {None, 0} and b"transfer-encoding" not in headers
        self._asks_first = b"expect" in headers
        self._receive = receive
        self._stall = stall
        self._read = 0
        self._ended = self._none

    async def receive(self) -> Message:
        """Raises Cut."""
        if self._ended:
            return {"type": "http.request", "body": b"", "more_body": False}
        try:
            message = await asyncio.wait_for(self._receive(), self._stall)
        except TimeoutError:
            raise Cut from None
        if message["type"] == "http.disconnect":
            raise Cut
        self._read += len(message.get("body", b""))
        self._ended = not message.get("more_body", False)
        if self._ended and self._length is not None and self._read < self._length:
            raise Cut
        return message

    @property
    def left(self) -> bool:
        """Whether more of it may come. Not where the sender waits to be asked, nor where far too much would."""
        waits = self._asks_first and not self._read
        too_much = self._length is not None and self._length - self._read > DRAINED
        return not (self._ended or waits or too_much)

    async def drain(self) -> None:
        until = self._read + DRAINED
        while not self._ended and self._read < until:
            try:
                await self.receive()
            except Cut:
                return

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
DRAINED: Final = 32 * 1024 * 1024
"""What is left of a body that was refused is read to its end if it is no more than this: a sender in the middle of its
body reads no answer."""


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

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                await body.drain()
            await send(message)

        try:
            await self._bridge(scope, body.receive, answer)
        finally:
            self._open -= 1


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

    async def drain(self) -> None:
        """Before an answer begins. Not where the sender waits to be asked for its body, nor where too much is left."""
        waits = self._asks_first and not self._read
        if waits or (self._length is not None and self._length - self._read > DRAINED):
            return
        until = self._read + DRAINED
        while not self._ended and self._read < until:
            try:
                await self.receive()
            except Cut:
                return

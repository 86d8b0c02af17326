"""Requests whose body or answer is a file: handed on in pieces as they come, on threads of their own.

A file may take minutes, so whoever sends or fetches one holds a thread for minutes; these are not the threads of the
pages. Memory stays flat: no piece is asked for before the one before it has been dealt with, in either direction.

Files that anybody may send with a report have few threads of their own, so that no stranger takes a responder's: only a
few from one place at once, and none slower than a poor line.
"""

import asyncio
import ipaddress
import re
import time
from collections import Counter
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


HEAVY: Final = 1024 * 1024
"""Bytes of a form from which on it is handed on in pieces; a smaller one is read whole, which costs no thread."""
STRANGERS: Final = 8
EACH: Final = 4
PACE: Final = 16 * 1024
"""For forms: threads, how many of them for one place, and bytes a second on average, after the first ``STALL``."""


class Cut(ConnectionResetError):
    """The body ended before it was whole. An OSError, so that Django takes it for what it is."""


@dataclass(slots=True)
class Streams:
    """``paths``: addresses, whole, of files. ``each``: how many from one place at once; ``pace``: bytes a second."""

    application: WSGIApp
    paths: re.Pattern[str]
    stall: float = STALL
    threads: int = THREADS
    each: int = THREADS
    pace: int = 0
    _bridge: Application = field(init=False)
    _open: Counter[str] = field(default_factory=Counter)
    _draining: int = 0

    def __post_init__(self) -> None:
        self._bridge = cast("Application", WSGIMiddleware(self.application, workers=self.threads))

    def take(self, scope: Scope) -> bool:
        return self.paths.fullmatch(scope["path"]) is not None

    async def serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Raises Refused (503)."""
        place = _place(scope)
        if self._open.total() >= self.threads or self._open[place] >= self.each:
            await self.drain(scope, receive)
            raise Refused(503, "busy", "Too many files are on their way. Try again in a moment.", retry_after=5)
        self._open[place] += 1
        body = _Body(dict(scope["headers"]), receive, self.stall, self.pace)
        held = True

        def leave() -> None:
            nonlocal held
            self._open[place] -= held
            held = False
            if not self._open[place]:
                del self._open[place]

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start" and body.left:
                leave()  # whoever was refused keeps no place that others need
                await self._drain(body)
            await send(message)

        try:
            await self._bridge(scope, body.receive, answer)
        finally:
            leave()

    async def drain(self, scope: Scope, receive: Receive) -> None:
        """Reads on, within bounds, what somebody sends whom nobody will hear: so that they read the answer."""
        body = _Body(dict(scope["headers"]), receive, self.stall, self.pace)
        if body.left:
            await self._drain(body)

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


class Forms(Streams):
    """Forms that may bring files, from anybody."""

    def take(self, scope: Scope) -> bool:
        return scope["method"] == "POST" and super().take(scope) and _heavy(dict(scope["headers"]))


def of_strangers(application: WSGIApp, paths: re.Pattern[str]) -> Forms:
    return Forms(application, paths, threads=STRANGERS, each=EACH, pace=PACE)


def _heavy(headers: dict[bytes, bytes]) -> bool:
    declared = headers.get(b"content-length", b"")
    return not declared.isdigit() or int(declared) > HEAVY


def _place(scope: Scope) -> str:
    """The network somebody sends from: with IPv6 one customer has 2**64 addresses."""
    address = scope["client"][0] if scope["client"] else ""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network(f"{found}/64", strict=False)) if found.version == _SIX else address


_SIX: Final = 6


class _Body:
    """Pieces as they come, none of them twice; a body cut short raises instead of ending."""

    def __init__(self, headers: dict[bytes, bytes], receive: Receive, stall: float, pace: int = 0) -> None:
        declared = headers.get(b"content-length", b"")
        self._length = int(declared) if declared.isdigit() else None
        self._none = self._length in {None, 0} and b"transfer-encoding" not in headers
        self._asks_first = b"expect" in headers
        self._receive = receive
        self._stall = stall
        self._pace = pace
        self._begun = time.monotonic()
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
        if self._read < self._pace * (time.monotonic() - self._begun - self._stall):
            raise Cut
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

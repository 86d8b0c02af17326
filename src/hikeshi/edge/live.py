"""``/live/``: tells open pages that something they show has changed, and never what.

One thread follows the ledger's end for all streams of this process. A page holds a token that Django signed for the
session it was shown in; the stream ends with the token, and the page asks Django for the next one.
"""

import asyncio
import logging
import threading
import time
from collections.abc import Coroutine, Iterable
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from typing import Final
from urllib.parse import parse_qs

import msgspec
from django.db import Error, close_old_connections

from hikeshi.edge.wire import Receive, Refused, Request, Send
from hikeshi.kernel import topics
from hikeshi.kernel.clock import now
from hikeshi.ledger import tail, wake

PATH: Final = "/live/"
STREAMS: Final = 1_000
STREAMS_OF_SESSION: Final = 12
HEARTBEAT: Final = 15.0
GATHER: Final = 0.1
"""Seconds that changes are gathered before a page hears of them: an alert storm is one word, not a thousand."""
BATCH: Final = 1_000
log = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class _Stream:
    grant: topics.Grant
    session: str
    changed: set[str] = field(default_factory=set)
    number: int = 0
    stirred: asyncio.Event = field(default_factory=asyncio.Event)

    def hear(self, touched: Iterable[str], number: int) -> None:
        ours = self.grant.topics.intersection(touched)
        self.number = max(self.number, number)
        if ours:
            self.changed |= ours
            self.stirred.set()


@dataclass(slots=True)
class Live:
    _loop: asyncio.AbstractEventLoop
    _secret: str
    _cookie: str
    _streams: set[_Stream] = field(default_factory=set)
    _stopped: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        threading.Thread(target=self._follow, name="live", daemon=True).start()

    def stop(self) -> None:
        self._stopped.set()
        for stream in self._streams:
            stream.stirred.set()

    @property
    def count(self) -> int:
        return len(self._streams)

    async def serve(self, request: Request, send: Send) -> None:
        """Raises Refused (401, 403, 405, 503) and Gone."""
        if request.method != "GET":
            raise Refused(405, "method", "The stream is read by GET.", headers=((b"allow", b"GET"),))
        session = _session(request, self._cookie)
        stream = _Stream(self._granted(request, session), session)
        self._make_room(session)
        self._streams.add(stream)
        try:
            await self._open(stream, request, send)
            await _until_either(self._tell(stream, send), _hung_up(request.receive))
        finally:
            self._streams.discard(stream)

    def _granted(self, request: Request, session: str) -> topics.Grant:
        asked = parse_qs(request.query.decode("ascii", "replace")).get("topics", [""])[0]
        if not session:
            raise Refused(401, "unauthorised", "Sign in first.")
        grant = topics.read(asked, session=session, secret=self._secret, now=now())
        if grant is None:
            raise Refused(403, "topics", "The page's key is over, or belongs to another session. Load the page again.")
        return grant

    def _make_room(self, session: str) -> None:
        own = sum(1 for stream in self._streams if stream.session == session)
        if len(self._streams) >= STREAMS or own >= STREAMS_OF_SESSION:
            raise Refused(503, "busy", "Too many streams are open.", retry_after=10)

    async def _open(self, stream: _Stream, request: Request, send: Send) -> None:
        """Begins the answer, with what changed between the page and its stream."""
        headers = [
            (b"content-type", b"text/event-stream; charset=utf-8"),
            (b"cache-control", b"no-store"),
            (b"x-accel-buffering", b"no"),
            (b"x-content-type-options", b"nosniff"),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"retry: 2000\n\n", "more_body": True})
        last = request.header(b"last-event-id")
        missed = await self._loop.run_in_executor(None, _missed, stream.grant, last)
        if missed is not None:
            stream.hear(*missed)

    async def _tell(self, stream: _Stream, send: Send) -> None:
        until = time.monotonic() + (stream.grant.expires_at - now()).total_seconds()
        while not self._stopped.is_set() and time.monotonic() < until:
            try:
                wait = max(0.0, min(HEARTBEAT, until - time.monotonic()))
                await asyncio.wait_for(stream.stirred.wait(), wait)
            except TimeoutError:
                await send({"type": "http.response.body", "body": b": still here\n\n", "more_body": True})
                continue
            await asyncio.sleep(0 if self._stopped.is_set() else GATHER)
            stream.stirred.clear()
            changed, stream.changed = sorted(stream.changed), set()
            if changed:
                await send({"type": "http.response.body", "body": _event(changed, stream.number), "more_body": True})
        word = b"closing" if self._stopped.is_set() else b"expired"
        await send({"type": "http.response.body", "body": b"event: %s\ndata: {}\n\n" % word, "more_body": False})

    def _follow(self) -> None:
        waker: wake.Waker | None = None
        number = -1
        while not self._stopped.is_set():
            try:
                waker = waker or wake.listen("live")
                waker.wait(1.0)
                number = self._look(number)
            except Exception:  # this thread must outlive whatever a driver throws when it loses its server
                log.exception("the live stream lost the ledger for a moment")
                self._let_go(waker)
                waker = None
        if waker is not None:
            waker.close()

    def _let_go(self, waker: wake.Waker | None) -> None:
        if waker is not None:
            waker.close()
        close_old_connections()
        self._stopped.wait(1.0)

    def _look(self, number: int) -> int:
        """Hands on what is new behind ``number``; returns where the ledger ends now."""
        # The head first, the streams after: a stream that opens in between has looked for itself up to then (_open).
        head = tail.head()
        if not self._streams:
            return head
        if number < 0:  # the first look of this process came too late to know what the page has seen
            self._loop.call_soon_threadsafe(self._stir_all, head)
            return head
        while changes := tail.since(number, limit=BATCH):
            number = changes[-1].number
            touched = {topic for change in changes for topic in change.touched}
            self._loop.call_soon_threadsafe(self._hand_on, touched, number)
        return number

    def _stir_all(self, number: int) -> None:
        for stream in self._streams:
            stream.hear(stream.grant.topics, number)

    def _hand_on(self, touched: set[str], number: int) -> None:
        for stream in self._streams:
            stream.hear(touched, number)


def _missed(grant: topics.Grant, last_event_id: str) -> tuple[set[str], int] | None:
    """What was recorded after the page's last word, or after its token was signed."""
    close_old_connections()
    try:
        if last_event_id.isdigit() and len(last_event_id) < 19:
            number = int(last_event_id)
        else:
            number = tail.number_at(grant.issued_at, within=BATCH)
        changes = tail.since(number, limit=BATCH)
    except Error:
        return None
    if len(changes) == BATCH:
        return set(grant.topics), changes[-1].number
    if not changes:
        return set(), number
    return {topic for change in changes for topic in change.touched}, changes[-1].number


def _event(changed: list[str], number: int) -> bytes:
    return b"id: %d\nevent: changed\ndata: %s\n\n" % (number, msgspec.json.encode({"topics": changed}))


def _session(request: Request, name: str) -> str:
    try:
        cookies = SimpleCookie(request.header(b"cookie"))
    except CookieError:
        return ""
    found = cookies.get(name)
    return found.value if found else ""


async def _hung_up(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        continue


async def _until_either(*waits: Coroutine[None, None, None]) -> None:
    tasks = [asyncio.ensure_future(wait) for wait in waits]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

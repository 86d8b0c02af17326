"""The bare ASGI callable: the machine's paths are answered here, every other path is Django's."""

import asyncio
import logging
import re
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

from a2wsgi.wsgi_typing import WSGIApp

from hikeshi.edge import door, health, live, makers, metrics
from hikeshi.edge.bodies import Reader
from hikeshi.edge.committing import Committer
from hikeshi.edge.door import Door
from hikeshi.edge.health import Health
from hikeshi.edge.keys import Keys
from hikeshi.edge.limits import Rates
from hikeshi.edge.live import Live
from hikeshi.edge.makers import Maker
from hikeshi.edge.metrics import LostLines, Metrics
from hikeshi.edge.people import People
from hikeshi.edge.proxies import Proxies
from hikeshi.edge.sns import Topics
from hikeshi.edge.sources import Sources
from hikeshi.edge.syslog import CLOSED, Ports, Syslog
from hikeshi.edge.syslog.speakers import Speakers
from hikeshi.edge.wire import (
    Answer,
    Gone,
    Message,
    Pages,
    Receive,
    Refused,
    Request,
    Scope,
    Send,
    problem,
    request,
    to_person,
    unsaid,
)
from hikeshi.intake.inbox import place

READERS: Final = 2
"""Threads that ask the database for tokens, readiness and metrics."""
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Options:
    secret: str  # signs topic tokens
    session_cookie: str
    proxies: Proxies
    rates: Rates
    metrics_token: str
    machines: bool = True  # takes alerts and streams
    syslog: Ports = CLOSED
    people: WSGIApp | None = None  # Django, where this process serves pages
    pages: Pages = unsaid  # what people are told who are turned away
    files: re.Pattern[str] = re.compile("(?!)")  # addresses whose bodies and answers pass in pieces
    forms: re.Pattern[str] = re.compile("(?!)")  # addresses of forms that may bring files, from anybody


class Edge:
    """Made inside the running loop; ``start`` and ``stop`` begin and end its threads."""

    def __init__(self, options: Options) -> None:
        loop = asyncio.get_running_loop()
        pool = ThreadPoolExecutor(READERS, thread_name_prefix="edge")
        self._options = options
        self._committer = Committer(loop, place.inbox())
        self._reader = Reader()
        self._sources = Sources(pool)
        self._door = Door(Keys(pool), self._committer, options.rates, self._reader, self._sources, Topics(pool))
        self._live = Live(loop, options.secret, options.session_cookie)
        self._health = Health(pool, self._committer)
        self._metrics = Metrics(pool, options.metrics_token)
        self._syslog = Syslog(options.syslog, Speakers(pool, options.syslog), self._committer, options.rates)
        self._metrics.registry.register(LostLines(self._syslog.lost))
        self._people = People(options.people, self._reader, options.files, options.forms) if options.people else None

    def start(self) -> None:
        self._reader.start()
        if self._options.machines:
            self._sources.start()  # read now, not while the first detector waits
            self._committer.start()
            self._live.start()

    async def listen(self) -> None:
        """Opens the syslog ports, if there are any. Raises OSError where one is taken."""
        if self._options.machines and self._options.syslog.ports:
            for way, port in await self._syslog.start():
                log.info("syslog is heard on %s port %d", way, port)

    def close_streams(self) -> None:
        self._live.stop()

    def stop(self) -> None:
        self._syslog.stop()
        self._sources.stop()
        self._committer.stop()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await send({"type": "websocket.close"})
            return
        maker = makers.at(scope["path"])
        if self._options.machines and (maker or scope["path"].startswith(door.PREFIX)):
            await self._take(scope, receive, send, maker)
            return
        guarded = _Guarded(send)
        local = not self._options.proxies.settle(scope)
        try:
            await self._serve(scope, receive, guarded.send, local=local)
        except Gone:
            return
        except Refused as refused:
            await to_person(refused, scope, self._options.pages).send(guarded.send)
        except Exception:  # one request's fault is answered and written down; the door stays open
            log.exception("%s %s failed", scope["method"], scope["path"])
            if not guarded.begun:
                await to_person(_failed(), scope, self._options.pages).send(guarded.send)

    async def _serve(self, scope: Scope, receive: Receive, send: Send, *, local: bool) -> None:
        path = scope["path"]
        if self._options.machines and path == live.PATH:
            await self._live.serve(request(scope, receive), send)
        elif path in _OWN:
            await (await self._status(request(scope, receive), local=local)).send(send)
        elif self._people is not None:
            await self._people.serve(scope, receive, send)
        else:
            raise Refused(404, "not_found", "There is nothing here.")

    async def _take(self, scope: Scope, receive: Receive, send: Send, maker: Maker | None = None) -> None:
        """The detectors' short way. Nothing at the door asks where a request came from, so that is not settled."""
        began, answering = time.perf_counter(), False
        try:
            try:
                asked = request(scope, receive)
                answer = await (self._door.take(asked, maker) if maker else self._door.answer(asked))
                self._metrics.acknowledged.observe(time.perf_counter() - began)
            except Refused as refused:
                self._metrics.refused.labels(refused.code).inc()
                answer = maker.said(refused) if maker else problem(refused)
            answering = True
            await answer.send(send)
        except Gone:
            return
        except Exception:  # as above
            log.exception("%s %s failed", scope["method"], scope["path"])
            if not answering:
                await (maker.said(_failed()) if maker else problem(_failed())).send(send)

    async def _status(self, asked: Request, *, local: bool) -> Answer:
        if asked.method not in {"GET", "HEAD"}:
            raise Refused(405, "method", "This is read by GET.", headers=((b"allow", b"GET, HEAD"),))
        path = health.ALIKE.get(asked.path, asked.path)
        if path == health.HEALTH:
            return self._health.alive()
        if path == health.READY:
            return await self._health.ready()
        return await self._metrics.answer(asked, local=local)


def _failed() -> Refused:
    return Refused(500, "internal", "The desk failed on this request.")


_OWN: Final = frozenset({health.HEALTH, health.READY, *health.ALIKE, metrics.PATH})


class _Guarded:
    """Knows whether an answer has begun: after that a failure can only break it off."""

    __slots__ = ("_send", "begun")

    def __init__(self, send: Send) -> None:
        self._send = send
        self.begun = False

    async def send(self, message: Message) -> None:
        self.begun = True
        await self._send(message)

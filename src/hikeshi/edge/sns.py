"""What Amazon SNS posts: taken where a topic that the site named signed it, its questions handed to the engine."""

import asyncio
import hashlib
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from django.db import Error, close_old_connections

from hikeshi.accounts import queries as accounts
from hikeshi.edge.keys import SECONDS, Sender
from hikeshi.edge.wire import Refused, Request
from hikeshi.intake import actions
from hikeshi.intake.queries import topics
from hikeshi.intake.sources import book, sns
from hikeshi.intake.sources.signing import Doubt, Why
from hikeshi.intake.sources.sns import Kind, Message
from hikeshi.kernel.acting import system
from hikeshi.kernel.clock import now
from hikeshi.kernel.http import NOBODY, Barred, request
from hikeshi.kernel.refusals import NotFound
from hikeshi.kernel.worlds import World

HELD: Final = 16
"""Certificates: one for each region, and the next one while they change."""
WAITING: Final = 8
FETCHING: Final = 10.0
AGAIN: Final = 30.0
"""Seconds until an address that gave no certificate is asked again."""
_CHALLENGE: Final = ((b"www-authenticate", b'Basic realm="hikeshi"'),)
_SAID: Final = {
    Why.MALFORMED: "This is no message of Amazon SNS.",
    Why.TOO_OLD: "The signed time is too far from now.",
    Why.NOT_OURS: "The signature does not fit.",
}


@dataclass(frozen=True, slots=True)
class Speaker:
    """A topic that may send to a source."""

    uuid: UUID
    arn: str
    sender: Sender


@dataclass(slots=True)
class Topics:
    """Asked of the database once in a few seconds; certificates by a thread of their own, as they come from far."""

    _pool: ThreadPoolExecutor
    _known: dict[str, tuple[tuple[Speaker, ...], float]] = field(default_factory=dict)
    _certificates: dict[str, tuple[bytes, float]] = field(default_factory=dict)
    _fetching: dict[str, asyncio.Future[bytes]] = field(default_factory=dict)
    _afar: ThreadPoolExecutor | None = None

    async def speaker(self, source: str, body: bytes) -> tuple[Speaker, Message] | None:
        """None where the site named no such topic for this source. Nothing is believed yet. Raises Refused (503)."""
        try:
            message = sns.read(body)
        except Doubt:
            return None
        found = next((one for one in await self._of(source) if one.arn == message.topic), None)
        return (found, message) if found is not None else None

    async def check(self, message: Message) -> None:
        """Raises Refused (401, 503)."""
        try:
            url = message.certificate
            sns.check(message, await self._certificate(url), now())
        except Doubt as doubt:
            raise unauthorised(_SAID[doubt.why]) from None

    async def hand_over(self, speaker: Speaker, message: Message) -> None:
        """Returns once SNS's question, or its farewell, stands in the database. Raises Refused (401, 503)."""
        try:
            url = message.confirming
        except Doubt:
            raise unauthorised("SubscribeURL leads elsewhere.") from None
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._pool, _hand_over, speaker.uuid, message.kind, url)

    async def _of(self, source: str) -> tuple[Speaker, ...]:
        found, until = self._known.get(source, ((), 0.0))
        if time.monotonic() < until or source not in book.sources():
            return found
        try:
            found = await asyncio.get_running_loop().run_in_executor(self._pool, _speakers, source)
        except Error:
            raise Refused(503, "storage", "Topics cannot be looked up at the moment.", retry_after=5) from None
        self._known[source] = (found, time.monotonic() + SECONDS)
        return found

    async def _certificate(self, url: str) -> bytes:
        """Raises Refused (503): SNS then sends again."""
        pem, until = self._certificates.get(url, (b"", 0.0))
        if pem:
            return pem
        if time.monotonic() < until or (url not in self._fetching and len(self._fetching) >= WAITING):
            raise _unfetched()
        if url not in self._fetching:
            self._fetching[url] = asyncio.ensure_future(self._fetch(url))
            self._fetching[url].add_done_callback(lambda _: self._fetching.pop(url, None))
        pem = await asyncio.shield(self._fetching[url])
        if not pem:
            raise _unfetched()
        return pem

    async def _fetch(self, url: str) -> bytes:
        self._afar = self._afar or ThreadPoolExecutor(1, thread_name_prefix="sns")
        pem = await asyncio.get_running_loop().run_in_executor(self._afar, _fetched, url)
        while len(self._certificates) >= HELD:
            del self._certificates[next(iter(self._certificates))]
        self._certificates[url] = (pem, time.monotonic() + AGAIN)
        return pem


def announced(asked: Request) -> bool:
    """Whether SNS says that its envelope is around this; what it delivers raw bears a token instead."""
    return sns.TYPE in asked.headers and not is_raw(asked)


def is_raw(asked: Request) -> bool:
    return asked.header(sns.RAW).lower() == "true"


def unauthorised(detail: str) -> Refused:
    """SNS sends the name and password of its address only after it was asked for them."""
    return Refused(401, "unauthorised", detail, headers=_CHALLENGE)


def _unfetched() -> Refused:
    return Refused(503, "certificate", "The certificate of Amazon SNS cannot be fetched.", retry_after=30)


def _speakers(source: str) -> tuple[Speaker, ...]:
    close_old_connections()
    found = topics.allowed(source)
    world = World(accounts.site().world) if found else World.REAL
    return tuple(
        Speaker(one.uuid, one.arn, Sender(hashlib.sha256(one.uuid.bytes).digest(), source, one.organisation_id, world))
        for one in found
    )


def _hand_over(topic: UUID, kind: Kind, url: str) -> None:
    close_old_connections()
    try:
        actions.take_handshake(by=system("sns"), topic=topic, kind=kind, url=url)
    except NotFound:
        raise unauthorised("This topic may no longer send here.") from None
    except Error:
        raise Refused(503, "storage", "This cannot be kept at the moment.", retry_after=5) from None


def _fetched(url: str) -> bytes:
    """Empty where there is no certificate at that address."""
    close_old_connections()
    try:
        permitted = topics.way_out()
    except Error:
        permitted = NOBODY
    try:
        answer = request("GET", url, headers={"Connection": "close"}, permitted=permitted, seconds=FETCHING)
    except Barred:
        return b""
    return answer.body if answer.status == 200 and answer.body.lstrip().startswith(b"-----BEGIN CERTIFICATE") else b""

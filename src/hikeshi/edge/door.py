"""``POST /intake/v1/{source}``: token, source, form, size, rate, framing; then on disk; then the answer.

Other makers' protocols (`hikeshi.edge.makers`) pass here too, with the same limits and the same disk behind them.
"""

import hashlib
import random
import secrets
import time
import zlib
from dataclasses import dataclass, field
from typing import Final

import msgspec

from hikeshi.edge import events, signatures, sns
from hikeshi.edge.bodies import Reader
from hikeshi.edge.committing import Committer
from hikeshi.edge.keys import Keys, Sender
from hikeshi.edge.limits import Buckets, Rates, Room
from hikeshi.edge.makers import Maker
from hikeshi.edge.signatures import Borne, Signed
from hikeshi.edge.sns import Topics
from hikeshi.edge.sources import Sources
from hikeshi.edge.wire import Answer, Refused, Request
from hikeshi.intake import framing
from hikeshi.intake.inbox import framing as bodies
from hikeshi.intake.inbox.appending import Accepted, KeyReused, Post
from hikeshi.intake.inbox.items import InboxItem
from hikeshi.intake.sources import book
from hikeshi.intake.sources.sns import Kind
from hikeshi.kernel.clock import now
from hikeshi.kernel.ids import uuid7

PREFIX: Final = "/intake/v1/"
TOKEN: Final = b"x-gitlab-token"
"""Where GitLab puts its secret: an ordinary token stands there."""
_KEY_LONGEST: Final = 255
_encode: Final = msgspec.json.Encoder().encode
# A receipt is unique, not secret. Asking the system for each one would give up the interpreter's lock each time.
_DRAW: Final = random.Random(secrets.randbits(256)).getrandbits  # noqa: S311  # as said
_GZIP: Final = 31  # zlib's word for: a gzip header and trailer around it
_MEMBERS: Final = 64
"""Gzip members of one body. Senders that flush make a few; fifty thousand empty ones would hold up everybody else."""


@dataclass(slots=True)
class Door:
    keys: Keys
    committer: Committer
    rates: Rates
    reader: Reader
    sources: Sources
    topics: Topics
    room: Room = field(default_factory=Room)
    buckets: Buckets = field(default_factory=Buckets)

    async def answer(self, request: Request) -> Answer:
        """Raises Refused and Gone."""
        if request.method != "POST":
            return await self._challenged(request)
        source = request.path.removeprefix(PREFIX).rstrip("/")
        if sns.announced(request) or sns.is_raw(request):
            return await self._from_sns(request, source)
        whose = await signatures.signed(request, source, self.keys) or await self._bearer(request, source)
        gzipped = _check_form(request.header(b"content-type"), request.header(b"content-encoding"))
        self.room.enter()
        held = _Held(self.room)
        try:
            raw = await self.reader.read(request.receive, limit=bodies.LIMIT, hold=held.more)
            sender, name = whose.proven(raw)
            if isinstance(whose, Signed):  # only now it is known whose rate counts
                self._check_rate(sender)
            return await self._taken(request, _whole(raw, held) if gzipped else raw, sender, name)
        finally:
            self.room.leave(held.bytes)

    async def _from_sns(self, request: Request, source: str) -> Answer:
        """Signed by a topic that the site named, or with a token as from anybody. SNS calls its JSON plain text."""
        self.room.enter()
        held = _Held(self.room)
        try:
            body = await self._body(request, held, gzipped=False)
            found = await self.topics.speaker(source, body) if sns.announced(request) else None
            if found is None:
                return Answer(202, _encode(await self._keep(await self._lent(request, source), body, "", b"")))
            speaker, message = found
            self._check_rate(speaker.sender)
            await self.topics.check(message)
            if message.kind is not Kind.NOTIFICATION:
                await self.topics.hand_over(speaker, message)
                return Answer(200, _encode({"taken": message.kind.value}))
            key = _digest(speaker.sender, message.name)
            return Answer(202, _encode(await self._keep(speaker.sender, body, "", key)))
        finally:
            self.room.leave(held.bytes)

    async def _lent(self, request: Request, source: str) -> Sender:
        """Whose token SNS was given with the address. Raises Refused."""
        try:
            return (await self._bearer(request, source)).sender
        except Refused as refused:
            if refused.status != 401:
                raise
            raise sns.unauthorised(refused.detail) from None

    async def _taken(self, request: Request, body: bytes, sender: Sender, name: str) -> Answer:
        """``name``: what a maker's signature calls it. An Idempotency-Key is not signed and says nothing beside it."""
        key = _digest(sender, name) or _key_of(request, sender)
        content_type = request.header(b"content-type")
        if b"ce-specversion" in request.headers:
            body, content_type = events.whole(request.headers, body, content_type)
        key = key or _digest(sender, events.name(content_type, body))
        return Answer(202, _encode(await self._keep(sender, body, content_type, key)))

    async def _bearer(self, request: Request, source: str) -> Borne:
        """Raises Refused."""
        secret = request.header(TOKEN)
        given = request.header(b"authorization")
        sender = await (self.keys.sender_of(secret) if secret and not given else self.keys.sender(given))
        await self._check_source(sender, source)
        self._check_rate(sender)
        return Borne(sender)

    async def take(self, request: Request, maker: Maker) -> Answer:
        """The same in another maker's protocol. Raises Refused and Gone."""
        told = maker.method(request)
        if told is not None:
            return told
        gzipped = _gzipped(request.header(b"content-encoding"))
        secret = maker.secret(request)
        sender = await self._let_in(secret, maker) if secret else None
        self.room.enter()
        held = _Held(self.room)
        try:
            body = await self._body(request, held, gzipped=gzipped)
            if len(body) > maker.limit:
                raise Refused(413, "too_large", f"A body may have {maker.limit} bytes.", limit=maker.limit)
            sender = sender or await self._let_in(maker.secret_inside(body), maker)
            sent = maker.read(request, body)
            if sent.body:
                await self._keep(sender, sent.body, sent.content_type, b"")
            return sent.answer
        finally:
            self.room.leave(held.bytes)

    async def _let_in(self, secret: str, maker: Maker) -> Sender:
        """Whose token it is, if it opens this door and does not come too fast. Raises Refused."""
        sender = await self.keys.sender_of(secret)
        await self._check_source(sender, sender.source)
        if sender.source != maker.source and sender.source in book.shipped():
            raise Refused(403, "other_source", "This token belongs to another source.")
        self._check_rate(sender)
        return sender

    async def _challenged(self, request: Request) -> Answer:
        """Makers that first ask whether the address is meant for them. The token must be good. Raises Refused."""
        told = events.challenged(request)
        if told is None:
            raise Refused(405, "method", "Alerts are sent by POST.", headers=((b"allow", b"POST"),))
        sender = await self.keys.sender(request.header(b"authorization"))
        await self._check_source(sender, request.path.removeprefix(PREFIX).rstrip("/"))
        return told

    async def _body(self, request: Request, held: "_Held", *, gzipped: bool) -> bytes:
        length = request.headers.get(b"content-length", b"")
        body = await self.reader.read(request.receive, limit=bodies.LIMIT, hold=held.more, length=length)
        return _whole(body, held) if gzipped else body

    async def _check_source(self, sender: Sender, source: str) -> None:
        if source not in book.sources() and source == sender.source:
            await self.sources.look()  # its token is good, so perhaps it was mapped a moment ago
        if source not in book.sources():
            raise Refused(404, "unknown_source", "There is no source of this name.")
        if source != sender.source:
            raise Refused(403, "other_source", "This token belongs to another source.")

    def _check_rate(self, sender: Sender) -> None:
        wait = self.buckets.take(sender.digest, self.rates.of(sender.source), time.monotonic())
        if wait:
            raise Refused(429, "rate", "This token sends too fast.", retry_after=max(1, round(wait)))

    async def _keep(self, sender: Sender, body: bytes, content_type: str, key: bytes) -> Accepted:
        item = InboxItem(
            receipt=uuid7(_DRAW),
            source=sender.source,
            organisation_id=sender.organisation_id,
            body=body,
            content_type=content_type[:200],
            received_at=now(),
            world=sender.world,
            alerts=_counted(sender.source, body, content_type),
        )
        answer = await self.committer.commit(Post(item, key, hashlib.sha256(body).digest() if key else b""))
        if isinstance(answer, KeyReused):
            raise Refused(422, "key_reused", "This Idempotency-Key came before, with another body.")
        return answer


@dataclass(slots=True)
class _Held:
    room: Room
    bytes: int = 0

    def more(self, size: int) -> None:
        self.room.hold(size)
        self.bytes += size


def _whole(packed: bytes, held: _Held) -> bytes:
    """Raises Refused (400, 413, 503)."""
    body = _inflated(packed)
    held.more(len(body))
    return body


def _check_form(content_type: str, encoding: str) -> bool:
    """Whether the body is gzipped. Raises Refused (415)."""
    if not bodies.readable(content_type):
        raise Refused(415, "content_type", "Send application/json or application/x-ndjson.")
    return _gzipped(encoding)


def _gzipped(encoding: str) -> bool:
    """Raises Refused (415)."""
    if not encoding:
        return False
    encoding = encoding.lower()
    if encoding not in {"identity", "gzip", "x-gzip"}:
        raise Refused(
            415, "content_encoding", "Send the body plain or gzipped.", headers=((b"accept-encoding", b"gzip"),)
        )
    return encoding.endswith("gzip")


def _key_of(request: Request, sender: Sender) -> bytes:
    key = request.header(b"idempotency-key")
    if not key:
        return b""
    if len(key) > _KEY_LONGEST:
        raise Refused(400, "key_too_long", f"An Idempotency-Key may have {_KEY_LONGEST} characters.")
    return _digest(sender, key)


def _digest(sender: Sender, key: str) -> bytes:
    if not key:
        return b""
    return hashlib.sha256(b"\0".join((sender.digest, sender.source.encode(), key.encode()))).digest()


def _inflated(body: bytes) -> bytes:
    """All members of a gzip body, never more than the limit. Raises Refused (400, 413)."""
    inflated = b""
    for _ in range(_MEMBERS):
        if not body:
            return inflated
        member = zlib.decompressobj(_GZIP)
        try:
            inflated += member.decompress(body, bodies.LIMIT + 1 - len(inflated))
        except zlib.error as error:
            raise Refused(400, "gzip", f"The body is not gzip: {error}.") from None
        if len(inflated) > bodies.LIMIT:
            raise Refused(413, "too_large", f"A body may have {bodies.LIMIT} bytes once unpacked.", limit=bodies.LIMIT)
        if not member.eof:
            raise Refused(400, "gzip", "The gzipped body ends too early.")
        body = member.unused_data.lstrip(b"\0")  # zeros behind the end are padding, says gzip(1)
    if body:
        raise Refused(400, "gzip", f"A gzipped body may have {_MEMBERS} members.")
    return inflated


def _counted(source: str, body: bytes, content_type: str) -> int:
    """How many alerts the body holds. Raises Refused: 400 with the place where it breaks, 413 for too many."""
    try:
        found = framing.count(source, bodies.read(body, content_type))
    except bodies.Malformed as error:
        raise Refused(
            400, f"body_{error.code}", str(error), line=error.line, column=error.column, byte=error.byte
        ) from None
    if found > framing.MOST:
        raise Refused(413, "too_many", f"A body may hold {framing.MOST} alerts.", limit=framing.MOST)
    return found

"""Takes frames off the wire and puts them into the inbox. Syslog has no answers, so what can push back does: nothing
more is read from a connection until what came is on disk. A datagram that finds no room is counted as lost and gone.
"""

import asyncio
import contextlib
import logging
import random
import secrets
import ssl
import time
from collections import Counter, deque
from collections.abc import Coroutine, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

import msgspec

from hikeshi.edge.committing import Committer
from hikeshi.edge.keys import Sender
from hikeshi.edge.limits import Buckets, Rates
from hikeshi.edge.syslog.frames import Cutter, Frame, Lost
from hikeshi.edge.syslog.ports import Port, Ports, Way
from hikeshi.edge.syslog.speakers import Speakers
from hikeshi.edge.wire import Refused
from hikeshi.intake.inbox import framing as bodies
from hikeshi.intake.inbox.appending import Post
from hikeshi.intake.inbox.items import InboxItem
from hikeshi.kernel.clock import now
from hikeshi.kernel.ids import uuid7

CONNECTIONS: Final = 500
OF_ONE: Final = 20
"""Connections of one address."""
HANDSHAKE: Final = 10.0
"""Seconds that a TLS handshake may take."""
DATAGRAMS: Final = 4_000
"""Datagrams that wait for the disk; what comes beyond is lost, and counted."""
TOGETHER: Final = 200
"""Lines of one body. They share a receipt, and a commit."""
BYTES: Final = 256 * 1024
"""Of one body: together with what JSON adds it stays within what the door takes otherwise."""
READ: Final = 64 * 1024
AGAIN: Final = 1.0
TYPE: Final = "application/x-ndjson"
_Address: TypeAlias = tuple[str, int]
_Servers: TypeAlias = list[asyncio.Server | asyncio.DatagramTransport]
_DRAW: Final = random.Random(secrets.randbits(256)).getrandbits  # noqa: S311  # a receipt is unique, not secret
_encode: Final = msgspec.json.Encoder().encode
log = logging.getLogger(__name__)


@dataclass(slots=True)
class Syslog:
    _ports: Ports
    _speakers: Speakers
    _committer: Committer
    _rates: Rates
    lost: Counter[str] = field(default_factory=Counter)  # by why: unknown, rate, full, stored
    _buckets: Buckets = field(default_factory=Buckets)
    _waiting: deque[tuple[bytes, str]] = field(default_factory=deque)
    _came: asyncio.Event = field(default_factory=asyncio.Event)
    _open: Counter[str] = field(default_factory=Counter)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _servers: _Servers = field(default_factory=list)

    async def start(self) -> Sequence[tuple[Way, int]]:
        """The ports that were opened. Raises OSError where one is taken."""
        opened = [(port.way, await self._listen(port)) for port in self._ports.ports]
        if any(way is Way.UDP for way, _ in opened):
            self._keep_task(self._store_datagrams())
        return opened

    def stop(self) -> None:
        for server in self._servers:
            server.close()
        for task in tuple(self._tasks):
            task.cancel()

    def datagram(self, data: bytes, address: str) -> None:
        if not self._speakers.names(Way.UDP, address):
            self.lost["unknown"] += 1
        elif len(self._waiting) >= DATAGRAMS:
            self.lost["full"] += 1
        else:
            self._waiting.append((data, address))
            self._came.set()

    async def _listen(self, port: Port) -> int:
        if port.way is Way.UDP:
            loop = asyncio.get_running_loop()
            transport, _ = await loop.create_datagram_endpoint(
                lambda: _Datagrams(self), local_addr=(port.host, port.port)
            )
            self._servers.append(transport)
            return int(transport.get_extra_info("sockname")[1])
        secured = port.way is Way.TLS
        server = await asyncio.start_server(
            lambda reader, writer: self._serve(port.way, reader, writer),
            port.host,
            port.port,
            limit=READ,
            ssl=_context(self._ports) if secured else None,
            ssl_handshake_timeout=HANDSHAKE if secured else None,
        )
        self._servers.append(server)
        return int(server.sockets[0].getsockname()[1])

    def _keep_task(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, way: Way, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        address = str((writer.get_extra_info("peername") or ("",))[0])
        self._open[address] += 1
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            try:
                if self._may_stay(way, address):
                    await self._hear(way, address, reader)
            finally:
                self._open[address] -= 1
                if not self._open[address]:
                    del self._open[address]
                writer.close()

    def _may_stay(self, way: Way, address: str) -> bool:
        if not self._speakers.names(way, address):
            self.lost["unknown"] += 1
            return False
        return self._open[address] <= OF_ONE and self._open.total() <= CONNECTIONS

    async def _hear(self, way: Way, address: str, reader: asyncio.StreamReader) -> None:
        cutter = Cutter()
        while data := await reader.read(READ):
            try:
                frames = cutter.feed(data)
            except Lost:
                return
            await self._take(way, address, frames)
        await self._take(way, address, cutter.end())

    async def _take(self, way: Way, address: str, frames: Sequence[Frame]) -> None:
        """Returns once they are on disk: until then nothing more is read from this connection."""
        for part in _bodies(frames):
            while (sender := await self._speakers.sender(way, address)) is None:
                await asyncio.sleep(AGAIN)
            while wait := self._wait(sender):
                await asyncio.sleep(wait)
            while not await self._stored(sender, way, address, part):
                await asyncio.sleep(AGAIN)

    def _wait(self, sender: Sender) -> float:
        return self._buckets.take(sender.digest, self._rates.of(sender.source), time.monotonic())

    async def _stored(self, sender: Sender, way: Way, address: str, frames: Sequence[Frame]) -> bool:
        at = now()
        lines = [_line(frame, way, address, at.isoformat()) for frame in frames]
        item = InboxItem(
            uuid7(_DRAW), sender.source, sender.organisation_id, b"\n".join(lines), TYPE, at, sender.world, len(lines)
        )
        try:
            await self._committer.commit(Post(item))
        except Refused:
            return False
        return True

    async def _store_datagrams(self) -> None:
        """Whatever came while the disk was busy goes together, by sender."""
        while True:
            await self._came.wait()
            self._came.clear()
            by_sender: dict[str, list[Frame]] = {}
            while self._waiting:
                data, address = self._waiting.popleft()
                by_sender.setdefault(address, []).append(Frame(data))
            for address, frames in by_sender.items():
                await self._store_of_one(address, frames)

    async def _store_of_one(self, address: str, frames: Sequence[Frame]) -> None:
        sender = await self._speakers.sender(Way.UDP, address)
        for part in _bodies(frames):
            if sender is None:
                self.lost["unknown"] += len(part)
            elif self._wait(sender):
                self.lost["rate"] += len(part)
            elif not await self._stored(sender, Way.UDP, address, part):
                self.lost["stored"] += len(part)


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, syslog: Syslog) -> None:
        self._syslog = syslog

    def datagram_received(self, data: bytes, addr: _Address) -> None:
        if data.strip(b"\0\r\n\t "):
            self._syslog.datagram(data, str(addr[0]))


def _bodies(frames: Sequence[Frame]) -> Iterator[Sequence[Frame]]:
    part: list[Frame] = []
    size = 0
    for frame in frames:
        if part and (len(part) >= TOGETHER or size + len(frame.body) > BYTES):
            yield part
            part, size = [], 0
        part.append(frame)
        size += len(frame.body)
    if part:
        yield part


def _line(frame: Frame, way: Way, address: str, at: str) -> bytes:
    """The stored form, which the mappings with ``keys: syslog`` read. Never a newline: JSON has none inside."""
    told: dict[str, object] = {"syslog": bodies.legible(frame.body), "peer": address, "way": way, "at": at}
    if frame.cut:
        told["cut"] = True
    return _encode(told)


def _context(ports: Ports) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(ports.certificate, ports.certificate_key)
    if ports.authority:
        context.load_verify_locations(ports.authority)
        context.verify_mode = ssl.CERT_REQUIRED
    return context

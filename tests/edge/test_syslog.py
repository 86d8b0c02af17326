"""The syslog ports as devices meet them, in this process: what is slow, rude or unknown, and a disk that is away."""

import asyncio
import contextlib
import socket
import ssl
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from hikeshi.edge.keys import Sender
from hikeshi.edge.limits import Rates
from hikeshi.edge.syslog import Ports, Syslog, read_ports, receiving, speakers
from hikeshi.edge.syslog.ports import Way
from hikeshi.edge.wire import Refused
from hikeshi.intake import framing
from hikeshi.intake.inbox.appending import Accepted, Post
from hikeshi.kernel.worlds import World
from tests import certificates

SENDERS = "127.0.0.1=syslog"


class Disk:
    """Stands in for the committing thread. ``away`` times it fails first."""

    def __init__(self, away: int = 0) -> None:
        self.posts: list[Post] = []
        self.away = away

    async def commit(self, post: Post) -> Accepted:
        if self.away:
            self.away -= 1
            raise Refused(503, "storage", "away")
        self.posts.append(post)
        return Accepted(post.item.receipt, post.item.alerts)

    @property
    def lines(self) -> list[str]:
        found = [each for post in self.posts for each in framing.elements(post.item.body, post.item.content_type)]
        return [str(one.document["syslog"]) for one in found if isinstance(one.document, dict)]


class Known:
    def __init__(self, ports: Ports) -> None:
        self._ports = ports

    def names(self, way: Way, address: str) -> bool:
        return bool(self._ports.source(way, address))

    async def sender(self, way: Way, address: str) -> Sender | None:
        return Sender(b"digest", self._ports.source(way, address), 1, World.REAL)


Doing = Callable[[Syslog, dict[Way, int]], Awaitable[None]]


def run(ports: Ports, disk: Disk, doing: Doing, rates: Rates | None = None) -> Syslog:
    async def main() -> Syslog:
        syslog = Syslog(ports, Known(ports), disk, rates or Rates())  # type: ignore[arg-type]  # stand-ins, as said
        opened = dict(await syslog.start())
        try:
            await doing(syslog, opened)
        finally:
            syslog.stop()
            await asyncio.sleep(0.05)
        return syslog

    return asyncio.run(main())


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not true():
            await asyncio.sleep(0.01)


async def send(port: int, *pieces: bytes, context: ssl.SSLContext | None = None) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context)
    for piece in pieces:
        writer.write(piece)
        await writer.drain()
    writer.close()
    await writer.wait_closed()


def datagrams(port: int, lines: Sequence[bytes]) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as wire:
        for line in lines:
            wire.sendto(line, ("127.0.0.1", port))


def test_while_the_disk_is_away_a_connection_is_not_read_and_nothing_of_it_is_lost(monkeypatch) -> None:
    monkeypatch.setattr(receiving, "AGAIN", 0.01)
    disk = Disk(away=3)

    async def doing(syslog: Syslog, ports: dict[Way, int]) -> None:
        await send(ports[Way.TCP], b"".join(b"<1>%d\n" % number for number in range(1000)))
        await until(lambda: len(disk.lines) == 1000)

    run(read_ports("tcp:127.0.0.1:0", SENDERS), disk, doing)
    assert disk.lines == [f"<1>{number}" for number in range(1000)]
    assert {post.item.source for post in disk.posts} == {"syslog"}
    assert max(post.item.alerts for post in disk.posts) <= receiving.TOGETHER


def test_a_frame_of_a_mebibyte_is_kept_by_its_beginning_and_what_follows_on_the_line_is_whole() -> None:
    disk, size = Disk(), 1024 * 1024
    long = b"<1>" + b"a" * (size - 3)

    async def doing(syslog: Syslog, ports: dict[Way, int]) -> None:
        await send(ports[Way.TCP], b"%d %s" % (size, long), b"7 <1>next", long + b"\n", b"<1>last\n")
        await until(lambda: len(disk.lines) == 4)

    run(read_ports("tcp:127.0.0.1:0", SENDERS), disk, doing)
    assert [line[:7] for line in disk.lines] == ["<1>aaaa", "<1>next", "<1>aaaa", "<1>last"]
    assert max(len(post.item.body) for post in disk.posts) < 2 * size


def test_datagrams_that_find_no_disk_no_room_or_no_rate_are_counted_as_lost(monkeypatch) -> None:
    monkeypatch.setattr(receiving, "DATAGRAMS", 5)
    disk = Disk(away=1)

    async def doing(syslog: Syslog, ports: dict[Way, int]) -> None:
        for _ in range(8):
            syslog.datagram(b"<1>x", "127.0.0.1")
        await until(lambda: syslog.lost.total() == 8)
        syslog.datagram(b"<1>x", "192.0.2.1")
        datagrams(ports[Way.UDP], [b"<1>taken", b"\n"])
        await until(lambda: disk.lines == ["<1>taken"])
        datagrams(ports[Way.UDP], [b"<1>too fast"])
        await until(lambda: syslog.lost["rate"] == 1)

    slow = Rates(of_source={"syslog": 1})
    lost = run(read_ports("udp:127.0.0.1:0", SENDERS), disk, doing, slow).lost
    assert lost == {"full": 3, "stored": 5, "unknown": 1, "rate": 1}


def test_strangers_and_whoever_opens_too_many_connections_are_sent_away(monkeypatch) -> None:
    monkeypatch.setattr(receiving, "OF_ONE", 2)

    async def doing(syslog: Syslog, ports: dict[Way, int]) -> None:
        held = [await asyncio.open_connection("127.0.0.1", ports[Way.TCP]) for _ in range(2)]
        reader, writer = await asyncio.open_connection("127.0.0.1", ports[Way.TCP])
        assert await asyncio.wait_for(reader.read(), 5) == b""
        for one in (writer, *(each for _, each in held)):
            one.close()
        await until(lambda: not syslog._open)
        await send(ports[Way.TCP], b"<1>again\n")
        await until(lambda: disk.lines == ["<1>again"])

    disk = Disk()
    run(read_ports("tcp:127.0.0.1:0", SENDERS), disk, doing)

    async def stranger(syslog: Syslog, ports: dict[Way, int]) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", ports[Way.TCP])
        assert await asyncio.wait_for(reader.read(), 5) == b""
        writer.close()

    nobody = Disk()
    assert run(read_ports("tcp:127.0.0.1:0", "192.0.2.0/24=syslog"), nobody, stranger).lost == {"unknown": 1}
    assert not nobody.posts


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[str, str]:
    first, second = certificates.certificate(tmp_path, "localhost")
    return str(first), str(second)


def client() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def test_half_a_handshake_holds_nobody_up_and_ends(monkeypatch, certificate) -> None:
    monkeypatch.setattr(receiving, "HANDSHAKE", 0.5)
    disk = Disk()

    async def doing(syslog: Syslog, ports: dict[Way, int]) -> None:
        reader, half = await asyncio.open_connection("127.0.0.1", ports[Way.TLS])
        half.write(b"\x16\x03\x01\x02\x00\x01")
        await send(ports[Way.TLS], b"<1>secret\n", context=client())
        await until(lambda: disk.lines == ["<1>secret"])
        assert await asyncio.wait_for(reader.read(), 5) == b""
        half.close()

    run(read_ports("tls:127.0.0.1:0", SENDERS, *certificate), disk, doing)


def test_where_an_authority_is_named_a_sender_without_its_certificate_says_nothing(certificate) -> None:
    disk = Disk()

    async def doing(syslog: Syslog, ports: dict[Way, int]) -> None:
        with contextlib.suppress(OSError):  # with TLS 1.3 it learns of it late, or never
            await send(ports[Way.TLS], b"<1>unknown\n", context=client())
        known = client()
        known.load_cert_chain(*certificate)
        await send(ports[Way.TLS], b"<1>known\n", context=known)
        await until(lambda: disk.lines == ["<1>known"])

    run(read_ports("tls:127.0.0.1:0", SENDERS, *certificate, certificate[0]), disk, doing)


def test_two_that_speak_at_the_first_moment_are_both_known_and_the_site_is_asked_once(monkeypatch) -> None:
    asked = []

    def ask() -> tuple[int, World]:
        asked.append(1)
        return 1, World.REAL

    monkeypatch.setattr(speakers, "_ask", ask)

    async def both() -> list[Sender | None]:
        with ThreadPoolExecutor(1) as pool:
            known = speakers.Speakers(pool, read_ports("udp:0,tcp:0", "127.0.0.1=syslog"))
            return await asyncio.gather(known.sender(Way.TCP, "127.0.0.1"), known.sender(Way.UDP, "127.0.0.1"))

    assert [one and one.source for one in asyncio.run(both())] == ["syslog", "syslog"]
    assert len(asked) == 1

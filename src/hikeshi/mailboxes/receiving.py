"""Takes mail from the mail servers that the environment names, over SMTP or LMTP. Answers 250 once it is on disk.

One thread speaks; two write. A server that comes too fast, or is not named, is told so before it sends anything.
"""

import asyncio
import logging
import ssl
import threading
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, cast
from uuid import UUID

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.conf import settings
from django.db import close_old_connections

from hikeshi.kernel import clock
from hikeshi.mailboxes import actions, queries
from hikeshi.mailboxes.codes import Came
from hikeshi.mailboxes.ports import Port, Ports, Way

LARGEST: Final = 20 * 1024 * 1024
CONNECTIONS: Final = 50
OF_ONE: Final = 10
A_MINUTE: Final = 300
"""Mails of one server."""
RECIPIENTS: Final = 20
PATIENCE: Final = 60.0
COMMANDS: Final = 200
LONGEST_LINE: Final = 256 * 1024
"""RFC 5321, section 4.5.3.1.6, lets nobody send more than 1,000; devices and scripts that write HTML do, and their mail
is no less an alert."""
NAME: Final = "Hikeshi"
_BUSY: Final = "451 4.3.0 Cannot be kept at the moment, send again"
log = logging.getLogger(__name__)


@dataclass(slots=True)
class Handler:
    """What aiosmtpd asks. Answers are SMTP's own: mail servers read them."""

    ports: Ports
    pool: ThreadPoolExecutor
    open: Counter[str] = field(default_factory=Counter)
    _came: Counter[tuple[str, int]] = field(default_factory=Counter)

    def let_in(self, peer: str) -> bool:
        return self.ports.hears(peer) and self.open[peer] < OF_ONE and self.open.total() < CONNECTIONS

    async def handle_RCPT(  # noqa: N802  # aiosmtpd names it so
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Sequence[str]
    ) -> str:
        del session, options
        if len(envelope.rcpt_tos) >= (1 if isinstance(server, LMTP) else RECIPIENTS):
            return "452 4.5.3 Too many recipients"  # LMTP answers for each of them; the others come again
        try:
            found = await self._asked(address)
        except Exception:  # noqa: BLE001  # the database may be away for a moment; the other server keeps the mail
            return _BUSY
        if found is None:
            return "550 5.1.1 No such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def _asked(self, address: str) -> UUID | None:
        return await asyncio.get_running_loop().run_in_executor(self.pool, _mailbox_at, address)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  # as above
        del server
        if self._too_fast(str((session.peer or ("",))[0])):
            return "451 4.7.1 Too many mails a minute, send again later"
        raw = cast("bytes", envelope.content)
        if not (envelope.mail_from or "").strip("<> "):
            raw = b"Return-Path: <>\r\n" + raw  # a bounce: nobody is to be answered
        try:
            loop = asyncio.get_running_loop()
            await loop.run_in_executor(self.pool, _keep, tuple(envelope.rcpt_tos), raw)
        except Exception as error:  # noqa: BLE001  # as above; nothing was taken
            log.error("a mail could not be kept: %s", type(error).__name__)  # noqa: TRY400  # its text may quote the mail
            return _BUSY
        return "250 2.0.0 Kept"

    def _too_fast(self, peer: str) -> bool:
        minute = int(time.monotonic() // 60)
        if len(self._came) > 1_000:
            self._came.clear()
        self._came[peer, minute] += 1
        return self._came[peer, minute] > A_MINUTE


def _mailbox_at(address: str) -> UUID | None:
    close_old_connections()
    return queries.mailbox_at(address)


def _keep(addresses: Sequence[str], raw: bytes) -> None:
    close_old_connections()
    found = dict.fromkeys(queries.mailbox_at(one) for one in addresses)
    for mailbox in found:
        if mailbox is not None:
            actions.keep(mailbox=mailbox, raw=raw, came=Came.SMTP, now=clock.now())


class _Bounded:
    """Turns away whoever is not named or has too many lines open, before a word is said."""

    line_length_limit = LONGEST_LINE
    _peer = ""
    _handler: Handler

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        peer = str((transport.get_extra_info("peername") or ("",))[0])
        again = bool(self._peer)  # after STARTTLS the same line is made once more
        if not again and not self._handler.let_in(peer):
            cast("asyncio.Transport", transport).abort()
            return
        if not again:
            self._handler.open[peer] += 1
            self._peer = peer
        super().connection_made(transport)  # type: ignore[misc]  # stands before aiosmtpd's own class

    def connection_lost(self, error: Exception | None) -> None:
        if self._peer:
            self._handler.open[self._peer] -= 1
            super().connection_lost(error)  # type: ignore[misc]  # as above


class _Smtp(_Bounded, SMTP):
    pass


class _Lmtp(_Bounded, LMTP):
    pass


@dataclass(slots=True)
class Receiver:
    """A loop's step keeps it open. ``opened``: the ports it has, as they were given out."""

    opened: tuple[int, ...] = ()
    _thread: threading.Thread | None = None
    _loop: asyncio.AbstractEventLoop | None = None
    _fault: BaseException | None = None

    def step(self, now: datetime) -> bool:
        """Raises OSError where a port is taken."""
        del now
        ports = settings.MAIL_RECEIVER
        if not ports.ports or (self._thread is not None and self._thread.is_alive()):
            return False
        ready = threading.Event()
        self._fault = None
        self._thread = threading.Thread(target=self._run, args=(ports, ready), name="mail-door", daemon=True)
        self._thread.start()
        ready.wait(10)
        if self._fault is not None:
            raise self._fault
        return False

    def close(self) -> None:
        if self._loop is not None and self._thread is not None:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(5)

    def _run(self, ports: Ports, ready: threading.Event) -> None:
        loop = self._loop = asyncio.new_event_loop()
        pool = ThreadPoolExecutor(2, thread_name_prefix="mail-keeper")
        servers: list[asyncio.Server] = []
        try:
            handler = Handler(ports, pool)
            servers.extend(loop.run_until_complete(_listen(loop, handler, port)) for port in ports.ports)
            self.opened = tuple(int(one.sockets[0].getsockname()[1]) for one in servers)
            ready.set()
            loop.run_forever()
        except Exception as error:  # noqa: BLE001  # told by the loop that opened it
            self._fault = error
        finally:
            for server in servers:
                server.close()
            for task in asyncio.all_tasks(loop):
                task.cancel()
            loop.run_until_complete(asyncio.sleep(0))
            pool.shutdown(wait=True)
            loop.close()
            ready.set()


async def _listen(loop: asyncio.AbstractEventLoop, handler: Handler, port: Port) -> asyncio.Server:
    context = _context(handler.ports)
    kind = _Lmtp if port.way is Way.LMTP else _Smtp

    def made() -> SMTP:
        line = kind(
            handler,
            data_size_limit=LARGEST,
            hostname=NAME,
            ident=NAME,
            tls_context=context,
            require_starttls=context is not None and not port.near,
            timeout=PATIENCE,
            command_call_limit={"*": COMMANDS},
            loop=loop,
        )
        line._handler = handler
        return line

    return await loop.create_server(made, port.host, port.port)


def _context(ports: Ports) -> ssl.SSLContext | None:
    if not ports.certificate:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(ports.certificate, ports.certificate_key)
    return context

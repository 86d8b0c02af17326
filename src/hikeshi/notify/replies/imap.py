"""A mailbox over IMAP (RFC 3501), on a connection that the guard has made; told of new mail where the server can
(IDLE, RFC 2177).
"""

import contextlib
import imaplib
import re
import select
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from hikeshi.kernel.http import Barred, Permitted, connect
from hikeshi.kernel.http.client import trust
from hikeshi.kernel.http.guard import CONNECTING
from hikeshi.notify import tokens
from hikeshi.notify.answering import LIFE
from hikeshi.notify.handing import Failed, Fault, Setup

SECONDS: Final = 30.0
IDLE: Final = 15.0
LOOK: Final = 15.0
"""Seconds between two looks where the server tells nothing by itself."""
LARGEST: Final = 256 * 1024
"""Bytes read of a mail: what answers stands at its beginning."""
PORTS: Final = {"tls": 993, "starttls": 143, "none": 143}
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_TAG: Final = b"HKIDLE"


class Step(StrEnum):
    """What is done one after another until a mailbox is open."""

    NAME = "name"
    REACH = "reach"
    TLS = "tls"
    GREETING = "greeting"
    TOKEN = "token"  # noqa: S105  # the name of a step
    SIGN_IN = "sign_in"
    FOLDER = "folder"


@dataclass(frozen=True, slots=True)
class Server:
    host: str
    port: int
    security: str
    within: Permitted


def place_of(setup: Setup) -> Server:
    """An administrator named this server: that is the permission."""
    plain = setup.plain
    host, security = plain.get("imap_host", ""), plain.get("imap_security") or "tls"
    within = setup.permitted.along(host)
    return Server(host, int(plain.get("imap_port") or PORTS[security]), security, within)


def asks(setup: Setup) -> tokens.Ask:
    """How this mailbox is signed in to."""
    return tokens.Ask(tokens.way_of(setup.plain, "imap_auth"), setup.plain.get("imap_username", ""), setup)


def _nobody(step: Step) -> None:
    del step


@dataclass(frozen=True, slots=True)
class Place:
    """How far a folder has been read. Another ``validity``: the server has numbered it anew."""

    validity: int = 0
    uid: int = 0


@dataclass(frozen=True, slots=True)
class Arrived:
    at: Place
    raw: bytes


class _Line(imaplib.IMAP4):
    def __init__(self, wire: socket.socket, server: Server, seconds: float) -> None:
        self._wire = wire
        super().__init__(server.host, server.port, seconds)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        return self._wire


class Mailbox:
    """One session: signed in, its folder open. ``note`` hears of each step before it is taken, ``seconds`` is what one
    answer may take. ``close`` ends it whatever state it is in. Raises Failed.
    """

    def __init__(self, setup: Setup, *, note: Callable[[Step], None] = _nobody, seconds: float = SECONDS) -> None:
        server = place_of(setup)
        self._note, self._seconds = note, seconds
        note(Step.REACH)
        try:
            wire = connect(server.host, server.port, server.within, seconds=min(seconds, CONNECTING))
        except Barred as barred:
            raise Failed(Fault(barred.why, passing=True)) from None
        self._wire = self._secured(wire, server)
        try:
            self._begin(setup, server)
        except BaseException:
            with contextlib.suppress(AttributeError, OSError):  # there may be no line yet, or none any more
                self._line.shutdown()
            self._wire.close()
            raise

    def _secured(self, wire: socket.socket, server: Server) -> socket.socket:
        wire.settimeout(self._seconds)
        if server.security != "tls":
            return wire
        self._note(Step.TLS)
        try:
            return trust().wrap_socket(wire, server_hostname=server.host)
        except ssl.SSLCertVerificationError:
            wire.close()
            raise Failed(Fault("certificate")) from None
        except (OSError, ValueError):
            wire.close()
            raise Failed(Fault("unreachable", passing=True)) from None

    def _begin(self, setup: Setup, server: Server) -> None:
        try:
            self._note(Step.GREETING)
            self._line = _Line(self._wire, server, self._seconds)
            if server.security == "starttls":
                self._note(Step.TLS)
                self._line.starttls(trust())
                self._wire = self._line.sock
            self._sign_in(setup)
            self._note(Step.FOLDER)
            self.validity = self._open(setup.plain.get("imap_folder") or "INBOX")
        except ssl.SSLCertVerificationError:
            raise Failed(Fault("certificate")) from None
        except imaplib.IMAP4.error:
            raise Failed(Fault("provider", passing=True)) from None
        except (OSError, ValueError):
            raise Failed(Fault("unreachable", passing=True)) from None

    def _sign_in(self, setup: Setup) -> None:
        ask = asks(setup)
        if ask.way is not tokens.Way.PASSWORD:
            self._by_token(ask)
            return
        self._note(Step.SIGN_IN)
        user = setup.plain.get("imap_username") or setup.plain.get("username", "")
        password = setup.secret.get("imap_password") or setup.secret.get("password", "")
        try:
            if "AUTH=PLAIN" in self._line.capabilities:
                self._line.authenticate("PLAIN", lambda _: f"\0{user}\0{password}".encode())
            else:
                self._line.login(user, password)
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error:
            raise Failed(Fault("unauthorised")) from None

    def _by_token(self, ask: tokens.Ask) -> None:
        def tries(token: str) -> bool:
            self._note(Step.SIGN_IN)
            said = iter((tokens.xoauth2(ask.user, token).encode(),))
            try:
                self._line.authenticate("XOAUTH2", lambda _: next(said, b""))
            except imaplib.IMAP4.abort:
                raise
            except imaplib.IMAP4.error:
                return False
            return True

        self._note(Step.TOKEN)
        if not tokens.let_in(ask, tries, fetching=lambda: self._note(Step.TOKEN)):
            raise Failed(Fault("unauthorised"))

    def _open(self, folder: str) -> int:
        quoted = '"' + folder.replace("\\", "\\\\").replace('"', '\\"') + '"'
        self._tells = b"IDLE" in b" ".join(self._line.capability()[1]).upper().split()
        done, _ = self._line.select(quoted, readonly=True)
        if done != "OK":
            raise Failed(Fault("no_folder"))
        return int(self._line.response("UIDVALIDITY")[1][0] or 0)

    def fresh(self, known: Place, now: datetime, *, largest: int = LARGEST) -> Iterator[Arrived]:
        """Mail after ``known``, oldest first; none so old that its token has ended. ``largest``: bytes read of one."""
        after = known.uid if known.validity == self.validity else 0
        since = now - LIFE - timedelta(days=1)
        day = f"{since.day}-{_MONTHS[since.month - 1]}-{since.year}"
        found = self._said("SEARCH", None, "UID", f"{after + 1}:*", "SINCE", day)
        words = b" ".join(one for one in found if isinstance(one, bytes)).split()
        # "7:*" names the last mail there is, though its number be smaller.
        for uid in sorted(int(one) for one in words if one.isdigit() and int(one) > after):
            parts = self._said("FETCH", str(uid), f"(BODY.PEEK[]<0.{largest}>)")
            raw = next((one[1] for one in parts if isinstance(one, tuple)), b"")
            yield Arrived(Place(self.validity, uid), raw)

    def _said(self, command: str, *words: str | None) -> list[bytes | tuple[bytes, bytes]]:
        try:
            done, found = self._line.uid(command, *words)  # type: ignore[arg-type]  # typeshed knows no None for a charset
        except imaplib.IMAP4.error:
            raise Failed(Fault("provider", passing=True)) from None
        except OSError:
            raise Failed(Fault("unreachable", passing=True)) from None
        if done != "OK":
            raise Failed(Fault("provider", passing=True))
        return found

    def wait(self, stopping: threading.Event) -> None:
        """Until there may be something new."""
        if not self._tells:
            stopping.wait(LOOK)
            return
        try:
            self._idle(stopping)
        except (OSError, imaplib.IMAP4.error, ValueError):
            raise Failed(Fault("unreachable", passing=True)) from None

    def _idle(self, stopping: threading.Event) -> None:
        self._line.send(_TAG + b" IDLE\r\n")
        while not (line := self._read_line()).startswith(b"+"):
            if line.startswith(_TAG):
                raise ValueError("IDLE refused")
        end = time.monotonic() + IDLE
        while not stopping.is_set() and time.monotonic() < end:
            ready, _, _ = select.select([self._wire], [], [], 0.5)
            if ready and re.search(rb"\bEXISTS\b", self._read_line()):
                break
        self._line.send(b"DONE\r\n")
        while not self._read_line().startswith(_TAG):
            continue

    def _read_line(self) -> bytes:
        line = self._line.readline()
        if not line:
            raise OSError("hung up")
        return line

    def close(self) -> None:
        self._line.shutdown()

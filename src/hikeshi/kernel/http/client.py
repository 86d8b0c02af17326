"""One request, one answer. Redirects are answers like any other: whoever asked decides, and so far nobody follows."""

import contextlib
import http.client
import socket
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final
from urllib.parse import urlsplit

from hikeshi.kernel.http.cutting import cut_in
from hikeshi.kernel.http.guard import CONNECTING, Barred, Permitted, Why, connect
from hikeshi.kernel.http.holding import Holding

SECONDS: Final = 30.0
LIMIT: Final = 64 * 1024
_PORTS: Final = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Answer:
    """Names of headers in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class _Asked:
    method: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class _Target:
    secure: bool
    host: str
    port: int
    path: str

    @property
    def named(self) -> str:
        """As the Host header has it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS["https" if self.secure else "http"] else f"{host}:{self.port}"


def request(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str],
    permitted: Permitted,
    body: bytes = b"",
    seconds: float = SECONDS,
    limit: int = LIMIT,
) -> Answer:
    """The whole call takes no longer than ``seconds``, however slowly the other side drips. Raises Barred."""
    target = _read(url)
    plain = connect(target.host, target.port, permitted, seconds=min(seconds, CONNECTING))
    with contextlib.closing(_secured(plain, target)) as wire, cut_after(wire, seconds):
        try:
            return _ask(wire, target, _Asked(method, headers, body), limit)
        except (OSError, http.client.HTTPException):
            # Cut by us or by them after something had been sent: nobody knows what they did with it.
            raise Barred(Why.TIMEOUT) from None


def _read(url: str) -> _Target:
    try:
        parts = urlsplit(url)
        port = parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError:
        raise Barred(Why.ADDRESS) from None
    path = parts.path or "/"
    whole = f"{path}?{parts.query}" if parts.query else path
    if not port or not parts.hostname or parts.username or not whole.isascii() or not whole.isprintable():
        raise Barred(Why.ADDRESS)
    return _Target(parts.scheme == "https", parts.hostname, port, whole.replace(" ", "%20"))


def _secured(plain: socket.socket, target: _Target) -> socket.socket:
    if not target.secure:
        return plain
    try:
        return trust().wrap_socket(plain, server_hostname=target.host)
    except ssl.SSLCertVerificationError:
        plain.close()
        raise Barred(Why.CERTIFICATE) from None
    except (OSError, ValueError):
        plain.close()
        raise Barred(Why.UNREACHABLE) from None


@cache
def trust() -> ssl.SSLContext:
    """The machine's own certificates; a site adds its authority with SSL_CERT_FILE."""
    return ssl.create_default_context()


@contextlib.contextmanager
def cut_after(wire: socket.socket, seconds: float) -> Iterator[None]:
    """Shuts the connection when the time is over."""
    cut = cut_in(wire, seconds)
    try:
        wire.settimeout(seconds)
        yield
    finally:
        cut.cancel()


def _ask(wire: socket.socket, target: _Target, asked: _Asked, limit: int) -> Answer:
    connection = Holding(target.host, target.port)
    connection.sock = wire
    sent = {"Host": target.named, "User-Agent": "Hikeshi", "Accept-Encoding": "identity", **asked.headers}
    connection.request(asked.method, target.path, asked.body or None, sent)
    with contextlib.closing(connection.getresponse()) as answer:
        read = answer.read(limit + 1)
        if len(read) > limit:
            raise Barred(Why.TOO_LARGE)
        return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, read)

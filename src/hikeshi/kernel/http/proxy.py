"""The way out where a site lets nothing out but through a proxy: a tunnel by CONNECT (RFC 9110 9.3.6), so that what is
said inside stays between the desk and its target.
"""

import base64
import socket
import time
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote, urlsplit

LONGEST: Final = 16 * 1024
PORT: Final = 3128


class BadProxy(ValueError):
    """The address of the proxy cannot be used."""


class Refused(Exception):
    """The proxy is there and opens no tunnel."""


@dataclass(frozen=True, slots=True)
class Proxy:
    host: str
    port: int
    credentials: str = field(default="", repr=False)


_used: list[Proxy] = []


def use(address: str) -> None:
    """From now on calls to the outside of this process take this way; empty: they go straight. Raises BadProxy."""
    _used[:] = [read(address)] if address else []


def used() -> Proxy | None:
    return _used[0] if _used else None


def read(address: str) -> Proxy:
    """``http://[user:password@]host[:port]``. Raises BadProxy."""
    try:
        parts = urlsplit(address)
        port = parts.port or PORT
    except ValueError:
        raise BadProxy from None
    if parts.scheme != "http" or not parts.hostname or parts.path not in {"", "/"} or parts.query or parts.fragment:
        raise BadProxy
    name = unquote(parts.username or "")
    given = f"{name}:{unquote(parts.password or '')}" if name else ""
    return Proxy(parts.hostname, port, base64.b64encode(given.encode()).decode() if given else "")


def tunnel(proxy: Proxy, host: str, port: int, seconds: float) -> socket.socket:
    """A connection to the target through the proxy. Raises OSError, Refused."""
    end = time.monotonic() + seconds
    wire = socket.create_connection((proxy.host, proxy.port), timeout=seconds)
    try:
        wire.sendall(_asked(proxy, f"[{host}]:{port}" if ":" in host else f"{host}:{port}"))
        status = _status(wire, end)
    except BaseException:
        wire.close()
        raise
    if not 200 <= status < 300:
        wire.close()
        raise Refused
    return wire


def _asked(proxy: Proxy, target: str) -> bytes:
    lines = [f"CONNECT {target} HTTP/1.1", f"Host: {target}", "User-Agent: Hikeshi"]
    lines += [f"Proxy-Authorization: Basic {proxy.credentials}"] if proxy.credentials else []
    return "\r\n".join([*lines, "", ""]).encode("ascii")


def _status(wire: socket.socket, end: float) -> int:
    """Byte by byte: what comes after the empty line is the target's."""
    read = bytearray()
    while not read.endswith(b"\r\n\r\n"):
        left = end - time.monotonic()
        if left <= 0 or len(read) > LONGEST:
            raise TimeoutError
        wire.settimeout(left)
        one = wire.recv(1)
        if not one:
            raise ConnectionResetError
        read += one
    words = bytes(read).split(b"\r\n", 1)[0].split()
    known = len(words) > 1 and words[0].startswith(b"HTTP/1.") and words[1].isdigit()
    return int(words[1]) if known else 0

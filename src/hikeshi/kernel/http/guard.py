"""Where a call may go. An address that people typed must not lead inside: the name is resolved once, every address it
stands for is looked at, and the connection is made to the very address that was looked at. A name that means something
else a moment later (DNS rebinding) gains nothing.
"""

import ipaddress
import socket
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, TypeAlias

from hikeshi.kernel.http import proxy

Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
CONNECTING: Final = 10.0
_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")
_PRIVATE_NAT64: Final = ipaddress.IPv6Network("64:ff9b:1::/48")


class Why(StrEnum):
    """Why a call did not get through."""

    FORBIDDEN = "forbidden_host"
    ADDRESS = "bad_address"
    UNREACHABLE = "unreachable"  # nothing was sent
    PROXY = "proxy"  # it opened no tunnel
    TIMEOUT = "timeout"  # something was sent: it may have been taken
    CERTIFICATE = "certificate"
    TOO_LARGE = "too_large"
    SHUT = "desk_shut"  # this desk calls nobody
    HELD = "held"  # nothing was sent: what it would have told did not become true


class Barred(Exception):
    """The call was not made, or did not end well. ``why`` is a code."""

    def __init__(self, why: Why) -> None:
        super().__init__(why.value)
        self.why = why


@dataclass(frozen=True, slots=True)
class Permitted:
    """Hosts inside the network that an administrator named: ``ntfy.corp.example`` or ``ntfy.corp.example:8080``.
    ``shut``: a desk that is held, or for trying things out, calls nobody at all, whatever it is told.
    """

    hosts: frozenset[str] = frozenset()
    shut: bool = False

    @classmethod
    def read(cls, names: Iterable[str], *, shut: bool = False) -> "Permitted":
        return cls(frozenset(plain(one) for one in names if one.strip()), shut)

    def along(self, host: str) -> "Permitted":
        """A server that an administrator set up is permitted by that, where anything is."""
        return replace(self, hosts=self.hosts | {plain(host)})

    def allows(self, host: str, port: int) -> bool:
        name = plain(host)
        return name in self.hosts or f"{name}:{port}" in self.hosts


NOBODY: Final = Permitted(shut=True)
OUTSIDE: Final = Permitted()


def plain(host: str) -> str:
    """As names are compared: small letters, no dot at the end, no brackets around an IPv6 address."""
    return host.strip().casefold().strip("[]").rstrip(".")


def is_public(address: Address) -> bool:
    """Whether it lies outside; an address wrapped in another counts as the one inside."""
    if isinstance(address, ipaddress.IPv6Address):
        within = _within(address)
        if within is not None:
            return is_public(within)
        if address in _PRIVATE_NAT64 or address.is_site_local:
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved and not address.is_unspecified


def _within(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    if address in _NAT64 or (int(address) >> 32 == 0 and int(address) > 1):
        return ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    return None


def _must_be_open(permitted: Permitted) -> None:
    """The one gate of every road out. Raises Barred."""
    if permitted.shut:
        raise Barred(Why.SHUT)


def resolve(host: str, port: int, permitted: Permitted) -> list[Address]:
    """The addresses a connection may go to, best first. One bad one among them bars the host: whoever answers for the
    name would choose. Raises Barred.
    """
    _must_be_open(permitted)
    try:
        found = socket.getaddrinfo(plain(host), port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Barred(Why.UNREACHABLE) from None
    addresses = list(dict.fromkeys(ipaddress.ip_address(str(one[4][0]).partition("%")[0]) for one in found))
    if not addresses:
        raise Barred(Why.UNREACHABLE)
    named = permitted.allows(host, port)
    for address in addresses:
        # The cloud's own address for secrets is link-local: a name that leads there is never what somebody meant.
        meant = named and (not address.is_link_local or plain(host) == str(address))
        if not is_public(address) and not meant:
            raise Barred(Why.FORBIDDEN)
    return addresses


def connect(host: str, port: int, permitted: Permitted, *, seconds: float = CONNECTING) -> socket.socket:
    """A connection to one of the addresses looked at; its timeout is what is left. What the site named as inside is
    called straight, all else through the proxy where there is one. Raises Barred.
    """
    _must_be_open(permitted)
    way = proxy.used()
    if way is not None and not permitted.allows(host, port):
        return _through(way, host, port, seconds)
    end = time.monotonic() + seconds
    for address in resolve(host, port, permitted):
        left = end - time.monotonic()
        if left <= 0:
            break
        try:
            return socket.create_connection((str(address), port), timeout=left)
        except OSError:
            continue
    raise Barred(Why.UNREACHABLE)


def _through(way: proxy.Proxy, host: str, port: int, seconds: float) -> socket.socket:
    """The target is looked at first: what leads inside is not handed on. A name that this machine cannot resolve may be
    one that only the proxy knows: what it means there, or a moment later, is the proxy's to look at.
    """
    name = plain(host)
    try:
        resolve(name, port, OUTSIDE)
    except Barred as barred:
        if barred.why is not Why.UNREACHABLE or "." not in name:
            raise
    try:
        return proxy.tunnel(way, name, port, seconds)
    except proxy.Refused:
        raise Barred(Why.PROXY) from None
    except (OSError, UnicodeError):
        raise Barred(Why.UNREACHABLE) from None

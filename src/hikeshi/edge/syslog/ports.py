"""Which ports are open for syslog, and which sender speaks for which source: read from the environment. Pure.

``HIKESHI_SYSLOG``          ``udp:5514, tcp:5514, tls:6514`` or ``udp:10.0.0.5:514``; empty: closed
``HIKESHI_SYSLOG_SENDERS``  ``10.1.2.3=syslog, tls:10.3.0.0/16=wazuh``; who is not named is not heard
"""

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final, TypeAlias

Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network
_HOST: Final = "0.0.0.0"  # noqa: S104  # devices send from elsewhere; who is not named is not heard
_MOST: Final = 1_000


class Way(StrEnum):
    UDP = "udp"
    TCP = "tcp"
    TLS = "tls"


class BadSyslog(ValueError):
    """HIKESHI_SYSLOG or HIKESHI_SYSLOG_SENDERS cannot be read."""


@dataclass(frozen=True, slots=True)
class Port:
    way: Way
    host: str
    port: int


@dataclass(frozen=True, slots=True)
class Named:
    """Whoever sends from this network, by this way or by any, speaks for this source."""

    network: Network
    source: str
    way: Way | None = None


@dataclass(frozen=True, slots=True)
class Ports:
    """``authority`` names a PEM file: who comes by TLS must show a certificate it signed."""

    ports: tuple[Port, ...] = ()
    senders: tuple[Named, ...] = ()
    certificate: str = ""
    certificate_key: str = ""
    authority: str = ""

    def source(self, way: Way, address: str) -> str:
        """The most narrowly named wins, a way of its own before any way. Empty: nobody we know."""
        return _source(self.senders, way, address)


CLOSED: Final = Ports()


@lru_cache(maxsize=4_096)
def _source(senders: tuple[Named, ...], way: Way, address: str) -> str:
    try:
        at = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(at, ipaddress.IPv6Address) and at.ipv4_mapped is not None:
        at = at.ipv4_mapped
    known = [one for one in senders if one.way in {None, way} and at in one.network]
    best = max(known, key=lambda one: (one.network.prefixlen, one.way is not None), default=None)
    return best.source if best is not None else ""


def read_ports(ports: str, senders: str, certificate: str = "", key: str = "", authority: str = "") -> Ports:
    """Raises BadSyslog."""
    found = tuple(_port(part) for part in _parts(ports))
    named = tuple(_named(part) for part in _parts(senders))
    if found and not named:
        raise BadSyslog("HIKESHI_SYSLOG_SENDERS: name who may send, for example 10.1.0.0/16=syslog")
    if any(one.way is Way.TLS for one in found) and not (certificate and key):
        raise BadSyslog("HIKESHI_SYSLOG: tls needs HIKESHI_CERTIFICATE and HIKESHI_CERTIFICATE_KEY")
    return Ports(found, named, certificate, key, authority)


def _parts(text: str) -> Iterable[str]:
    found = [piece.strip() for piece in text.split(",") if piece.strip()]
    if len(found) > _MOST:
        raise BadSyslog(f"at most {_MOST} entries")
    return found


def _port(text: str) -> Port:
    way, _, place = text.partition(":")
    host, _, number = place.rpartition(":")
    if way not in set(Way) or not number.isdecimal() or not 0 <= int(number) <= 65_535:
        raise BadSyslog(f"HIKESHI_SYSLOG: {text!r} is not udp:PORT, tcp:PORT, tls:PORT or udp:ADDRESS:PORT")
    return Port(Way(way), host.strip("[]") or _HOST, int(number))


def _named(text: str) -> Named:
    where, equals, source = (part.strip() for part in text.partition("="))
    way, colon, rest = where.partition(":")
    known = way in set(Way) and bool(colon)
    try:
        network = ipaddress.ip_network(rest if known else where, strict=False)
    except ValueError:
        raise BadSyslog(f"HIKESHI_SYSLOG_SENDERS: {text!r} is not network=source") from None
    if not equals or not source:
        raise BadSyslog(f"HIKESHI_SYSLOG_SENDERS: {text!r} names no source")
    return Named(network, source, Way(way) if known else None)

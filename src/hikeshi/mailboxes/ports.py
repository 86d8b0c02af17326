"""Where the desk takes mail from other servers, and from which: read from the environment. Pure.

``HIKESHI_MAIL``          ``smtp:2525``, ``lmtp:2424`` or ``smtp:10.0.0.5:25``; empty: closed
``HIKESHI_MAIL_SENDERS``  ``10.1.2.0/24, 192.0.2.7``; who is not named is not heard
"""

import ipaddress
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias

Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network
HERE: Final = "127.0.0.1"


class Way(StrEnum):
    SMTP = "smtp"
    LMTP = "lmtp"


class BadMail(ValueError):
    """HIKESHI_MAIL or HIKESHI_MAIL_SENDERS cannot be read."""


@dataclass(frozen=True, slots=True)
class Port:
    way: Way
    host: str
    port: int

    @property
    def near(self) -> bool:
        return ipaddress.ip_address(self.host).is_loopback

    def __str__(self) -> str:
        return f"{self.way}:{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Ports:
    ports: tuple[Port, ...] = ()
    senders: tuple[Network, ...] = ()
    certificate: str = ""
    certificate_key: str = ""

    def hears(self, address: str) -> bool:
        try:
            at = ipaddress.ip_address(address.partition("%")[0])
        except ValueError:
            return False
        if isinstance(at, ipaddress.IPv6Address) and at.ipv4_mapped is not None:
            at = at.ipv4_mapped
        return any(at in one for one in self.senders)


def read_ports(ports: str, senders: str, certificate: str = "", key: str = "") -> Ports:
    """Raises BadMail. Beyond this machine mail is taken under TLS alone."""
    found = tuple(_port(one.strip()) for one in ports.split(",") if one.strip())
    named = tuple(_network(one.strip()) for one in senders.split(",") if one.strip())
    if found and not named:
        raise BadMail("HIKESHI_MAIL_SENDERS: name which servers hand mail over, for example 10.1.2.3")
    if any(not one.near for one in found) and not (certificate and key):
        raise BadMail("HIKESHI_MAIL: beyond 127.0.0.1 it needs HIKESHI_CERTIFICATE and HIKESHI_CERTIFICATE_KEY")
    return Ports(found, named, certificate, key)


def _port(text: str) -> Port:
    way, _, place = text.partition(":")
    host, _, number = place.rpartition(":")
    known = way in set(Way) and number.isascii() and number.isdecimal() and int(number) <= 65_535
    try:
        address = str(ipaddress.ip_address(host.strip("[]") or HERE))
    except ValueError:
        known, address = False, ""
    if not known:
        raise BadMail(f"HIKESHI_MAIL: {text!r} is not smtp:PORT, lmtp:PORT or smtp:ADDRESS:PORT")
    return Port(Way(way), address, int(number))


def _network(text: str) -> Network:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        raise BadMail(f"HIKESHI_MAIL_SENDERS: {text!r} is no address or network") from None

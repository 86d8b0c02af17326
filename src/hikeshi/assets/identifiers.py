"""Identifiers and what alerts call things, in one spelling, so that equal things meet. Pure.

A key is ``space:value``. Networks are found by asking for every prefix an address lies in: the longest one wins, and
the cost of an alert is that of its own identifiers, however many assets there are.
"""

import ipaddress
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeAlias

from hikeshi.assets.codes import How, IdentifierType
from hikeshi.kernel.refusals import Invalid
from hikeshi.kernel.texts import folded

LONGEST: Final = 500
WIDEST: Final = {4: 8, 6: 16}
"""The shortest prefix a network may have: a wider one would be hit by half of the world."""
_HOST: Final = re.compile(r"[^\W_]([\w.-]*[^\W_])?", re.ASCII)
_MAC: Final = re.compile(r"[0-9a-f]{12}")
_ADDRESS: TypeAlias = "ipaddress.IPv4Address | ipaddress.IPv6Address"


@dataclass(frozen=True, slots=True, order=True)
class Identifier:
    type: IdentifierType
    value: str

    @property
    def key(self) -> str:
        """Raises Invalid."""
        return key_of(self.type, self.value)


@lru_cache(maxsize=4_096)
def key_of(kind: IdentifierType, value: str) -> str:
    """Remembered, since whoever reads, compares and keeps one asks each time. Raises Invalid for what is no identifier
    of that type.
    """
    plain = folded(value)
    if not plain or len(plain) > LONGEST:
        raise Invalid("identifiers", "not_an_identifier", value=value[:80])
    return f"{_SPACES[kind]}:{_NORMAL[kind](plain)}"


_SPACES: Final[Mapping[IdentifierType, str]] = {
    IdentifierType.NAME: "name",
    IdentifierType.ADDRESS: "net",
    IdentifierType.MAC: "mac",
    IdentifierType.ID: "id",
    IdentifierType.DOMAIN: "domain",
    IdentifierType.ACCOUNT: "account",
}


def _name(plain: str) -> str:
    written = plain.rstrip(".")
    if not _HOST.fullmatch(written):
        raise Invalid("identifiers", "not_an_identifier", value=plain[:80])
    return written


def _network(plain: str) -> str:
    try:
        network = ipaddress.ip_network(plain, strict=False)
    except ValueError as error:
        raise Invalid("identifiers", "not_an_identifier", value=plain[:80]) from error
    if network.prefixlen < WIDEST[network.version]:
        raise Invalid("identifiers", "network_too_wide", value=plain[:80], least=WIDEST[network.version])
    return network.compressed


def _mac(plain: str) -> str:
    digits = re.sub(r"[-:.]", "", plain)
    if not _MAC.fullmatch(digits):
        raise Invalid("identifiers", "not_an_identifier", value=plain[:80])
    return digits


def _domain(plain: str) -> str:
    return _name(plain.removeprefix("@"))


_NORMAL: Final[Mapping[IdentifierType, Callable[[str], str]]] = {
    IdentifierType.NAME: _name,
    IdentifierType.ADDRESS: _network,
    IdentifierType.MAC: _mac,
    IdentifierType.ID: str,
    IdentifierType.DOMAIN: _domain,
    IdentifierType.ACCOUNT: str,
}


@dataclass(frozen=True, slots=True)
class Sought:
    """A key that an alert's value asks for. Of one value, the highest ``rank`` that is found counts."""

    key: str
    how: How
    value: str
    rank: int = 0


def sought(seen: Iterable[tuple[str, str]]) -> Iterator[Sought]:
    """What to look for: ``seen`` are the alert's observables as (type, value)."""
    for kind, value in seen:
        find = _FINDERS.get(kind)
        if find is not None and value and len(value) <= LONGEST:
            yield from find(value)


@lru_cache(maxsize=65_536)
def asked(kind: str, value: str, widths: tuple[str, ...]) -> tuple[Sought, ...]:
    """As `sought`, of one value, where the prefixes that networks have are known (``4/24``): an address asks for no
    others.
    """
    address = _read(value) if kind == "ip" else None
    if address is None:
        return tuple(sought([(kind, value)]))
    found = [Sought(f"net:{address.compressed}/{address.max_prefixlen}", How.ADDRESS, value, address.max_prefixlen)]
    for width in widths:
        version, _, prefix = width.partition("/")
        if int(version) == address.version:
            network = ipaddress.ip_network((address, int(prefix)), strict=False)
            found.append(Sought(f"net:{network.compressed}", How.NETWORK, value, int(prefix)))
    return tuple(found)


def width(key: str) -> str:
    """Of the key of a network: its version and prefix; "" of an address and of anything else."""
    space, _, value = key.partition(":")
    if space != "net":
        return ""
    network = ipaddress.ip_network(value)
    return "" if network.prefixlen == network.max_prefixlen else f"{network.version}/{network.prefixlen}"


def _of_address(value: str) -> Iterator[Sought]:
    address = _read(value)
    if address is None:
        return
    for length in range(WIDEST[address.version], address.max_prefixlen + 1):
        network = ipaddress.ip_network((address, length), strict=False).compressed
        how = How.ADDRESS if length == address.max_prefixlen else How.NETWORK
        yield Sought(f"net:{network}", how, value, length)


def _read(value: str) -> "_ADDRESS | None":
    try:
        address = ipaddress.ip_address(value.strip("[]").partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


def _of_host(value: str) -> Iterator[Sought]:
    """By the whole name, else by its first part: a detector says ``web01.corp.example`` where we say ``web01``."""
    if _read(value) is not None:
        yield from _of_address(value)
        return
    plain = folded(value).rstrip(".")
    yield Sought(f"name:{plain}", How.NAME, value, 3)
    yield Sought(f"called:{plain}", How.CALLED, value, 2)
    short = plain.partition(".")[0]
    if short != plain:
        yield Sought(f"name:{short}", How.NAME, value, 1)


def _of_domain(value: str) -> Iterator[Sought]:
    yield Sought(f"name:{folded(value).rstrip('.')}", How.NAME, value)


def _of_url(value: str) -> Iterator[Sought]:
    host = value.partition("://")[2].partition("/")[0].rpartition("@")[2]
    name = host if host.startswith("[") else host.partition(":")[0]
    if name:
        yield from _of_address(name) if _read(name) else _of_domain(name)


def _of_user(value: str) -> Iterator[Sought]:
    plain = folded(value)
    yield Sought(f"account:{plain}", How.ACCOUNT, value, 2)
    yield Sought(f"account:{plain.rpartition(chr(92))[2]}", How.ACCOUNT, value, 1)
    yield from _of_mail(value)


def _of_mail(value: str) -> Iterator[Sought]:
    plain = folded(value)
    yield Sought(f"account:{plain}", How.ACCOUNT, value, 2)
    if "@" in plain:
        yield Sought(f"domain:{plain.rpartition('@')[2]}", How.DOMAIN, value, 0)


def _of_mac(value: str) -> Iterator[Sought]:
    yield Sought(f"mac:{re.sub(r'[-:.]', '', folded(value))}", How.MAC, value)


def _of_id(value: str) -> Iterator[Sought]:
    plain = folded(value)
    yield Sought(f"id:{plain}", How.ID, value, 3)
    yield Sought(f"account:{plain}", How.ACCOUNT, value, 2)
    yield Sought(f"called:{plain}", How.CALLED, value, 1)
    yield Sought(f"name:{plain}", How.NAME, value, 0)


_FINDERS: Final = {
    "ip": _of_address,
    "host": _of_host,
    "domain": _of_domain,
    "url": _of_url,
    "user": _of_user,
    "email": _of_mail,
    "mac": _of_mac,
    "resource": _of_id,
    "account": _of_id,
}

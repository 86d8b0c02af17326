"""Values known to be harmless: what names one of them opens no incident, and stays where people look at it. Pure."""

import ipaddress
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network
from typing import Final

from hikeshi.intake.matchers import Told
from hikeshi.intake.sources.observables import ObservableType, spelled

RULE: Final = "benign-"
"""Begins what stands where a rule's code does, on an alert that names such a value."""
MOST_VALUES: Final = 1_000
LONGEST: Final = timedelta(days=366)
REVIEWED_BEFORE: Final = timedelta(days=14)
"""So long before its end an entry asks to be looked at."""
_WIDEST: Final = {4: 8, 6: 24}
"""A network of more addresses than that is no list of what is known."""


class Kind(StrEnum):
    ADDRESS = "address"
    HOST = "host"
    USER = "user"
    DOMAIN = "domain"
    EMAIL = "email"
    HASH = "hash"
    PROCESS = "process"
    FILE = "file"


class BadValue(ValueError):
    """``code``: benign_value, benign_network, benign_many, benign_none; ``line`` counts from 1."""

    def __init__(self, code: str, line: int = 1, text: str = "") -> None:
        super().__init__(code, line, text)
        self.code, self.line, self.text = code, line, text


@dataclass(frozen=True, slots=True)
class Terms:
    """``values``: one per line; for addresses networks too."""

    title: str
    kind: Kind
    values: str
    reason: str
    until: datetime
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """``places``: the organisations it is for; ``code``: what stands where a rule's does."""

    code: str
    reason: str
    places: frozenset[int]
    kind: Kind
    values: frozenset[str]
    networks: tuple[IPv4Network | IPv6Network, ...]


def of_rule(rule: str) -> str:
    """The entry whose code stands where a rule's does; empty for a rule."""
    return rule.removeprefix(RULE) if rule.startswith(RULE) else ""


def read(kind: Kind, text: str) -> tuple[frozenset[str], tuple[IPv4Network | IPv6Network, ...]]:
    """Single values as alerts spell them, and networks. Raises BadValue."""
    values: set[str] = set()
    networks = []
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if not lines:
        raise BadValue("benign_none")
    if len(lines) > MOST_VALUES:
        raise BadValue("benign_many", lines[MOST_VALUES][0])
    for number, line in lines:
        if kind is Kind.ADDRESS and "/" in line:
            networks.append(_network(number, line))
            continue
        value = spelled(_observable(kind), line).casefold()
        if not value:
            raise BadValue("benign_value", number, line[:80])
        values.add(value)
    return frozenset(values), tuple(networks)


def _network(number: int, line: str) -> IPv4Network | IPv6Network:
    try:
        found = ipaddress.ip_network(line, strict=False)
    except ValueError:
        raise BadValue("benign_value", number, line[:80]) from None
    if found.prefixlen < _WIDEST[found.version]:
        raise BadValue("benign_network", number, line[:80])
    return found


def _observable(kind: Kind) -> ObservableType:
    return ObservableType.IP if kind is Kind.ADDRESS else ObservableType(kind.value)


_KINDS: Final[Mapping[str, Kind]] = {_observable(kind).value: kind for kind in Kind}


class Book:
    """Entries by the values they name, so that an alert asks for each of its own once; networks by their width."""

    __slots__ = ("_by_value", "_networks")

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._by_value: dict[tuple[Kind, str], list[Entry]] = defaultdict(list)
        self._networks: dict[tuple[int, int], dict[int, list[Entry]]] = defaultdict(lambda: defaultdict(list))
        for entry in entries:
            for value in entry.values:
                self._by_value[entry.kind, value].append(entry)
            for network in entry.networks:
                same_width = self._networks[network.version, network.prefixlen]
                same_width[int(network.network_address)].append(entry)

    def __bool__(self) -> bool:
        return bool(self._by_value or self._networks)

    def find(self, organisation: int, alert: Told) -> Entry | None:
        """The first that names a value of this alert."""
        for kind, value in _named(alert):
            for entry in self._naming(kind, value):
                if organisation in entry.places:
                    return entry
        return None

    def _naming(self, kind: Kind, value: str) -> Sequence[Entry]:
        found = self._by_value.get((kind, value), [])
        if found or kind is not Kind.ADDRESS or not self._networks:
            return found
        version, number, bits = _number(value)
        for (of_version, width), networks in self._networks.items():
            if of_version == version:
                found = found + networks.get(number >> (bits - width) << (bits - width), [])
        return found


def _named(alert: Told) -> Iterable[tuple[Kind, str]]:
    for one in alert.observables:
        kind = _KINDS.get(one["type"])
        if kind is not None:
            yield kind, one["value"].casefold()
    device = alert.normal.get("device")
    if isinstance(device, dict) and isinstance(device.get("hostname"), str):
        yield Kind.HOST, device["hostname"].casefold()


@lru_cache(maxsize=4_096)
def _number(value: str) -> tuple[int, int, int]:
    """(version, number, bits); version 0 where it is no address."""
    try:
        address = ipaddress.ip_address(value)
    except ValueError:
        return 0, 0, 0
    return address.version, int(address), address.max_prefixlen

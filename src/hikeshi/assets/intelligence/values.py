"""Indicators in one spelling, so that what a list says and what an alert says meet. Pure.

Lists write addresses so that nobody clicks them (``hxxp://evil[.]example``): that is undone here.
"""

import ipaddress
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import blake2b
from typing import Final

from hikeshi.assets.intelligence.codes import Sort
from hikeshi.kernel.texts import storable

LONGEST: Final = 1_000
WIDEST: Final = {4: 16, 6: 32}
"""The shortest prefix a network may have: a wider one is hit by whoever does nothing wrong."""
MOST_LABELS: Final = 8
"""Of a domain that a name is looked for in."""
_DOMAIN: Final = re.compile(r"(?=.{4,253}\Z)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")
_HASH: Final = re.compile(r"[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{56}|[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128}")
_MAIL: Final = re.compile(r"[^@\s<>\"]{1,64}@[^@\s<>\"]{3,253}")
_URL: Final = re.compile(r"(https?|ftp)://([^/?#\s]+)([^\s]*)", re.IGNORECASE)
_SCHEMES: Final = (("hxxp", "http"), ("hXXp", "http"), ("meow", "http"))


@dataclass(frozen=True, slots=True)
class Indicator:
    """``value`` in its one spelling; ``confidence`` 0 to 100, None where nobody said."""

    sort: Sort
    value: str
    until: datetime | None = None
    confidence: int | None = None

    @property
    def key(self) -> str:
        return key(self.sort, self.value)

    @property
    def width(self) -> str:
        """Of a network: its version and prefix, by which addresses are looked for in it."""
        if self.sort is not Sort.NETWORK:
            return ""
        network = ipaddress.ip_network(self.value)
        return f"{network.version}/{network.prefixlen}"


def key(sort: Sort, value: str) -> str:
    """What is unique and indexed: URLs are too long for that themselves."""
    return blake2b(f"{sort}:{value}".encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def bared(text: str) -> str:
    """As it would work, of what was made harmless to look at."""
    text = text.strip().strip("\"'")
    for written, meant in _SCHEMES:
        if text.startswith(written):
            text = meant + text[len(written) :]
    return text.replace("[.]", ".").replace("(.)", ".").replace("[:]", ":").replace("[@]", "@").replace("[at]", "@")


def indicator(sort: Sort, text: str) -> Indicator | None:
    """None where it is nothing of this sort. An address with a prefix is a network, a network of one an address."""
    text = bared(text)
    if not text or len(text) > LONGEST or not storable(text):
        return None
    if sort in {Sort.ADDRESS, Sort.NETWORK}:
        return _network(text)
    found = _SPELLED[sort](text)
    return Indicator(sort, found) if found else None


def guessed(text: str) -> Indicator | None:
    """Of a line that does not say what it is."""
    for sort in (Sort.ADDRESS, Sort.URL, Sort.HASH, Sort.SENDER, Sort.DOMAIN):
        found = indicator(sort, text)
        if found is not None:
            return found
    return None


def _network(text: str) -> Indicator | None:
    try:
        network = ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None
    if network.prefixlen == network.max_prefixlen:
        address = network.network_address
        return None if address.is_unspecified else Indicator(Sort.ADDRESS, address.compressed)
    if network.prefixlen < WIDEST[network.version]:
        return None
    return Indicator(Sort.NETWORK, network.compressed)


def _domain(text: str) -> str:
    name = text.casefold().rstrip(".")
    if not name.isascii():
        try:
            name = name.encode("idna").decode()
        except UnicodeError:
            return ""
    return name if _DOMAIN.fullmatch(name) else ""


def _url(text: str) -> str:
    found = _URL.fullmatch(text)
    return f"{found[1].lower()}://{found[2].casefold()}{found[3] or '/'}" if found else ""


def _hash(text: str) -> str:
    return text.casefold() if _HASH.fullmatch(text.casefold()) else ""


def _sender(text: str) -> str:
    return text.casefold() if _MAIL.fullmatch(text) else ""


_SPELLED: Final[Mapping[Sort, Callable[[str], str]]] = {
    Sort.DOMAIN: _domain,
    Sort.URL: _url,
    Sort.HASH: _hash,
    Sort.SENDER: _sender,
}


@lru_cache(maxsize=65_536)
def keys(kind: str, value: str, widths: tuple[str, ...]) -> tuple[str, ...]:
    """What to look for: of an alert's observable, all keys an indicator for it may have. ``widths`` are those of the
    networks there are.
    """
    return tuple(key(sort, spelled) for sort, spelled in _sought(kind, value, widths))


def _sought(kind: str, value: str, widths: tuple[str, ...]) -> Iterator[tuple[Sort, str]]:
    if kind == "ip":
        yield from _addresses(value, widths)
    elif kind in {"domain", "host"}:
        yield from _domains(value)
    elif kind == "hash":
        yield from _named(Sort.HASH, value.rpartition(":")[2])
    elif kind == "email":
        yield from _named(Sort.SENDER, value)
        yield from _domains(value.rpartition("@")[2])
    elif kind == "url":
        yield from _of_url(value, widths)


def _of_url(value: str, widths: tuple[str, ...]) -> Iterator[tuple[Sort, str]]:
    yield from _named(Sort.URL, value)
    found = _URL.fullmatch(value)
    if found:
        host = found[2].rpartition("@")[2]
        name = host if host.startswith("[") else host.partition(":")[0]
        yield from _domains(name)
        yield from _addresses(name.strip("[]"), widths)


def _domains(value: str) -> Iterator[tuple[Sort, str]]:
    """The name itself and the domains it lies in: who warns of ``evil.example`` means ``a.evil.example`` too."""
    parts = _domain(bared(value)).split(".")
    for place in range(len(parts) - 1):
        if not place or len(parts) - place <= MOST_LABELS:
            yield Sort.DOMAIN, ".".join(parts[place:])


def _named(sort: Sort, value: str) -> Iterator[tuple[Sort, str]]:
    found = _SPELLED[sort](value)
    if found:
        yield sort, found


def _addresses(value: str, widths: tuple[str, ...]) -> Iterator[tuple[Sort, str]]:
    try:
        address = ipaddress.ip_address(value.strip("[]").partition("%")[0])
    except ValueError:
        return
    yield Sort.ADDRESS, address.compressed
    for width in widths:
        version, _, prefix = width.partition("/")
        if int(version) == address.version:
            yield Sort.NETWORK, ipaddress.ip_network((address, int(prefix)), strict=False).compressed

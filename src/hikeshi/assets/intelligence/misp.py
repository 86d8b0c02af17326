"""Indicators of MISP events as its export and its API write them. Only attributes meant for detection (``to_ids``)."""

from collections.abc import Iterator, Mapping
from typing import Final

from hikeshi.assets.intelligence.codes import Sort, Tlp
from hikeshi.assets.intelligence.streams import Path
from hikeshi.assets.intelligence.values import Indicator, indicator

EVENTS: Final[frozenset[Path]] = frozenset({("Event",), ("response", "Event")})
"""One event, several below ``response``, or a list of either."""
_ATTRIBUTES: Final = frozenset((*path, "Attribute") for path in EVENTS)
_OBJECTS: Final = frozenset((*path, "Object") for path in EVENTS)
_TAGS: Final = frozenset((*path, "Tag") for path in EVENTS)
OPENED: Final[frozenset[Path]] = EVENTS | {(), ("response",)}
LISTED: Final[frozenset[Path]] = _ATTRIBUTES | _OBJECTS
_SORTS: Final[Mapping[str, Sort]] = {
    "ip-src": Sort.ADDRESS,
    "ip-dst": Sort.ADDRESS,
    "ip-src|port": Sort.ADDRESS,
    "ip-dst|port": Sort.ADDRESS,
    "domain": Sort.DOMAIN,
    "hostname": Sort.DOMAIN,
    "hostname|port": Sort.DOMAIN,
    "domain|ip": Sort.DOMAIN,
    "url": Sort.URL,
    "uri": Sort.URL,
    "email-src": Sort.SENDER,
    "email": Sort.SENDER,
}
_HASHES: Final = frozenset({"md5", "sha1", "sha224", "sha256", "sha384", "sha512"})
_TLPS: Final[Mapping[str, Tlp]] = {
    "tlp:white": Tlp.CLEAR,
    "tlp:clear": Tlp.CLEAR,
    "tlp:green": Tlp.GREEN,
    "tlp:amber": Tlp.AMBER,
    "tlp:amber+strict": Tlp.AMBER_STRICT,
    "tlp:red": Tlp.RED,
}


def indicators(path: Path, value: object) -> Iterator[Indicator | None]:
    """Of one attribute, or one object, of an event; None for each that is passed over."""
    for one in _attributes(path, value):
        if one.get("deleted") in (True, "1", 1) or one.get("to_ids") not in (True, "1", 1):
            continue
        found = list(_values(str(one.get("type", "")), one.get("value")))
        yield from found or (None,)


def markings(path: Path, value: object) -> Iterator[Tlp]:
    holders = _attributes(path, value) if path not in _TAGS else iter(({"Tag": value},))
    for holder in holders:
        for tag in _tables(holder.get("Tag")):
            found = _TLPS.get(str(tag.get("name", "")).casefold())
            if found is not None:
                yield found


def _attributes(path: Path, value: object) -> Iterator[Mapping[str, object]]:
    if path in _ATTRIBUTES and isinstance(value, dict):
        yield value
    elif path in _OBJECTS and isinstance(value, dict):
        yield from _tables(value.get("Attribute"))


def _tables(value: object) -> Iterator[Mapping[str, object]]:
    for one in value if isinstance(value, list) else ():
        if isinstance(one, dict):
            yield one


def _values(kind: str, value: object) -> Iterator[Indicator]:
    if not isinstance(value, str):
        return
    first, _, second = value.partition("|")
    last = kind.rpartition("|")[2]
    pairs = [(_SORTS.get(kind), first)] if last not in _HASHES else [(Sort.HASH, second or first)]
    if kind == "domain|ip":
        pairs.append((Sort.ADDRESS, second))
    for sort, text in pairs:
        found = indicator(sort, text) if sort is not None else None
        if found is not None:
            yield found

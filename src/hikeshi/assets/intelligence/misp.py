"""Indicators of MISP events as its export and its API write them. Only attributes meant for detection (``to_ids``)."""

from collections.abc import Iterator, Mapping
from typing import Final

from hikeshi.assets.intelligence.codes import Sort, Tlp
from hikeshi.assets.intelligence.values import Indicator, indicator

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


def is_event(document: object) -> bool:
    return any(True for _ in _events(document))


def indicators(document: object) -> Iterator[Indicator | None]:
    """None for each that is passed over."""
    for event in _events(document):
        for one in _attributes(event):
            if one.get("deleted") in (True, "1", 1) or one.get("to_ids") not in (True, "1", 1):
                continue
            found = list(_values(str(one.get("type", "")), one.get("value")))
            yield from found or (None,)


def markings(document: object) -> Iterator[Tlp]:
    for event in _events(document):
        for holder in (event, *_attributes(event)):
            for tag in _tables(holder.get("Tag")):
                found = _TLPS.get(str(tag.get("name", "")).casefold())
                if found is not None:
                    yield found


def _events(document: object) -> Iterator[Mapping[str, object]]:
    """One event, several below ``response``, or a list of either."""
    if isinstance(document, list):
        for each in document:
            if isinstance(each, dict) and isinstance(each.get("Event"), dict):
                yield each["Event"]
    elif isinstance(document, dict):
        if isinstance(document.get("Event"), dict):
            yield document["Event"]
        elif isinstance(document.get("response"), list):
            yield from _events(document["response"])


def _attributes(event: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    yield from _tables(event.get("Attribute"))
    for one in _tables(event.get("Object")):
        yield from _tables(one.get("Attribute"))


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

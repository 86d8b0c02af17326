"""Indicators of a STIX 2.1 bundle (2.0 too). Of the pattern language what names values is understood: one comparison,
or several of which one is enough. What asks for more than one thing at once is no value, and is counted as passed over.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Final

from hikeshi.assets.intelligence.codes import Sort, Tlp
from hikeshi.assets.intelligence.streams import Path
from hikeshi.assets.intelligence.values import Indicator, indicator

OBJECTS: Final[Path] = ("objects",)
_TEXT: Final = r"'((?:[^'\\]|\\.){0,2000})'"
_PATH: Final = r"([a-z0-9-]+:[a-zA-Z_0-9.'\"\[\]-]{1,100}?)"
_TOKEN: Final = re.compile(rf"\s*(?:(\[)|(\])|(OR)\b|{_PATH}\s*(?:=\s*{_TEXT}|IN\s*\(((?:\s*{_TEXT}\s*,?)+)\)))")
_ONE: Final = re.compile(_TEXT)
_ESCAPED: Final = re.compile(r"\\(.)")
_LONGEST: Final = 100_000
_SORTS: Final[Mapping[str, Sort]] = {
    "ipv4-addr:value": Sort.ADDRESS,
    "ipv6-addr:value": Sort.ADDRESS,
    "network-traffic:dst_ref.value": Sort.ADDRESS,
    "network-traffic:src_ref.value": Sort.ADDRESS,
    "domain-name:value": Sort.DOMAIN,
    "url:value": Sort.URL,
    "email-addr:value": Sort.SENDER,
    "email-message:from_ref.value": Sort.SENDER,
    "email-message:sender_ref.value": Sort.SENDER,
}
_MARKINGS: Final[Mapping[str, Tlp]] = {
    "613f2e26-407d-48c7-9eca-b8e91df99dc9": Tlp.CLEAR,
    "94868c89-83c2-464b-929b-a1a8aa3c8487": Tlp.CLEAR,
    "34098fce-860f-48ae-8e50-ebd3cc5e41da": Tlp.GREEN,
    "bab4a63c-aed9-4cf5-a766-dfca5abac2bb": Tlp.GREEN,
    "f88d31f6-486f-44da-b317-01333bde0b82": Tlp.AMBER,
    "55d920b0-5e8b-4f79-9ee9-91f868d9b421": Tlp.AMBER,
    "939a9414-2ddd-4d32-a0cd-375ea402b003": Tlp.AMBER_STRICT,
    "5e57c739-391a-4eb3-b6be-7d15ca92d5ed": Tlp.RED,
    "e828b379-4e03-4974-9ac4-e53a884c97c1": Tlp.RED,
}
"""The markings the standard fixes: 2.1 section 7.2.1.4, and those of TLP 2.0."""


def indicators(path: Path, value: object) -> Iterator[Indicator | None]:
    """Of one object of a bundle; None for each that is passed over."""
    if path != OBJECTS or not isinstance(value, dict):
        return
    if value.get("type") != "indicator" or value.get("revoked") is True:
        return
    pattern = value.get("pattern")
    usual = value.get("pattern_type", "stix") == "stix"
    found = list(values(pattern)) if usual and isinstance(pattern, str) else []
    until, confidence = moment(value.get("valid_until")), _confidence(value.get("confidence"))
    yield from (Indicator(each.sort, each.value, until, confidence) for each in found)
    if not found:
        yield None


def markings(path: Path, value: object) -> Iterator[Tlp]:
    refs = value.get("object_marking_refs") if path == OBJECTS and isinstance(value, dict) else None
    for ref in refs if isinstance(refs, list) else ():
        found = _MARKINGS.get(str(ref).removeprefix("marking-definition--"))
        if found is not None:
            yield found


def values(pattern: str) -> Iterator[Indicator]:
    """What the pattern names; nothing where it asks for anything else besides."""
    found: list[Indicator] = []
    place, end = 0, len(pattern.rstrip())
    while place < end <= _LONGEST:
        token = _TOKEN.match(pattern, place)
        if token is None:
            return
        if token[4]:
            named = list(_named(token[4], token[5], token[6]))
            if not named:
                return
            found += named
        place = token.end()
    yield from found


def _named(path: str, text: str | None, texts: str | None) -> Iterator[Indicator]:
    sort = Sort.HASH if path.startswith("file:hashes") else _SORTS.get(path)
    if sort is None:
        return
    for one in [text] if text is not None else [each[1] for each in _ONE.finditer(texts or "")]:
        found = indicator(sort, _ESCAPED.sub(r"\1", one))
        if found is not None:
            yield found


def moment(value: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return found.replace(tzinfo=UTC) if found is not None and found.tzinfo is None else found


def _confidence(value: object) -> int | None:
    return value if type(value) is int and 0 <= value <= 100 else None

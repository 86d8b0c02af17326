"""How makers sign what they post, read from the sources' folders. Pure: who asks brings the secrets and the time.

A signature proves the body, and where its maker signs a time or an id, these too. What only signs the body can be
caught and posted again; it is known by its signature then, and taken once.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Final

import yaml

from hikeshi.intake.sources.book import FOLDER, BadSource

TOLERANCE: Final = timedelta(minutes=5)
"""How far the time that was signed may be from ours, as Standard Webhooks and Svix have it."""
_LONGEST: Final = 4_096
_MOST: Final = 10
"""Signatures of one post: makers send one per secret that is valid."""
_WHSEC: Final = "whsec_"


class Why(StrEnum):
    """Why a signature is not believed."""

    MALFORMED = "malformed"
    TOO_OLD = "too_old"
    NOT_OURS = "not_ours"


class Doubt(Exception):
    def __init__(self, why: Why) -> None:
        super().__init__(why.value)
        self.why = why


@dataclass(frozen=True, slots=True)
class Way:
    """How one maker signs. Headers in small letters; ``moment`` holds seconds since 1970."""

    name: str
    documentation: str
    header: str
    signs: str
    prefix: str = ""
    several: str = ""  # what stands between the signatures where there may be more than one
    encoding: str = "hex"
    key: str = "text"
    id: str = ""
    moment: str = ""
    repeats: bool = False  # the maker itself may send the very same bytes again and mean it

    def asked(self, headers: Mapping[bytes, bytes]) -> bool:
        return all(name.encode() in headers for name in (self.header, self.id, self.moment) if name)


@dataclass(frozen=True, slots=True)
class Proof:
    """``place`` is that of the secret which signed; ``name`` is what makes a post that comes twice one, "" where the
    maker repeats itself and means it. It comes from what was signed: who posts again cannot choose another.
    """

    place: int
    name: str


@dataclass(frozen=True, slots=True)
class Claim:
    """What a post says of itself before its body is read."""

    way: Way
    signatures: tuple[bytes, ...]
    head: bytes

    def proven(self, body: bytes, secrets: Iterable[str]) -> Proof:
        """All secrets are tried, each in constant time. Raises Doubt."""
        found = None
        for place, secret in enumerate(secrets):
            right = hmac.new(_key(self.way, secret), self.head + body, hashlib.sha256).digest()
            for given in self.signatures:
                if hmac.compare_digest(right, given):
                    found = Proof(place, "" if self.way.repeats else f"signed\0{self.way.name}\0{right.hex()}")
        if found is None:
            raise Doubt(Why.NOT_OURS)
        return found


def claim(source: str, headers: Mapping[bytes, bytes], now: datetime) -> Claim | None:
    """None where the post is not signed in a way that this source knows. Raises Doubt."""
    way = next((one for one in ways(source) if one.asked(headers)), None)
    return _claim(way, headers, now) if way is not None else None


def _claim(way: Way, headers: Mapping[bytes, bytes], now: datetime) -> Claim:
    given = headers[way.header.encode()]
    named, moment = headers.get(way.id.encode(), b""), headers.get(way.moment.encode(), b"")
    if max(len(given), len(named), len(moment)) > _LONGEST:
        raise Doubt(Why.MALFORMED)
    if way.moment and not _near(moment, now):
        raise Doubt(Why.TOO_OLD)
    signatures = tuple(_signatures(way, given.decode("latin-1")))
    if not signatures:
        raise Doubt(Why.MALFORMED)
    told = {"id": named.decode("latin-1"), "moment": moment.decode("latin-1")}
    return Claim(way, signatures, way.signs.removesuffix("{body}").format_map(told).encode("latin-1"))


def _near(moment: bytes, now: datetime) -> bool:
    if not moment.isdigit() or len(moment) > 12:
        return False
    return abs(now.timestamp() - int(moment)) <= TOLERANCE.total_seconds()


def _signatures(way: Way, given: str) -> Iterable[bytes]:
    parts = given.split(way.several)[:_MOST] if way.several else [given]
    for part in parts:
        told = part.strip()
        if not told.startswith(way.prefix):
            continue
        found = _bytes(way, told.removeprefix(way.prefix))
        if len(found) == hashlib.sha256().digest_size:
            yield found


def _bytes(way: Way, text: str) -> bytes:
    try:
        return bytes.fromhex(text) if way.encoding == "hex" else base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error):
        return b""


def _key(way: Way, secret: str) -> bytes:
    """Standard Webhooks writes its secrets in base64 behind ``whsec_``; what is written otherwise is meant as it is."""
    if way.key == "whsec" and secret.startswith(_WHSEC):
        try:
            return base64.b64decode(secret.removeprefix(_WHSEC), validate=True)
        except (ValueError, binascii.Error):
            return secret.encode()
    return secret.encode()


@cache
def ways(source: str) -> tuple[Way, ...]:
    """Its maker's own first, then those of everybody. Raises BadSource."""
    return _own().get(source, ()) + _read(FOLDER / "signed.yaml")


def makers() -> frozenset[str]:
    """Sources whose makers sign in a way of their own."""
    return frozenset(_own())


@cache
def _own() -> Mapping[str, tuple[Way, ...]]:
    return {file.parent.name: _read(file) for file in sorted(FOLDER.glob("*/signed.yaml"))}


def _read(file: Path) -> tuple[Way, ...]:
    data: list[dict[str, str | bool]] = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    try:
        found = tuple(Way(**one) for one in data)  # type: ignore[arg-type]  # a wrong table is a TypeError, as below
    except TypeError as error:
        raise BadSource(f"{file}: {error}") from error
    for one in found:
        if (
            not one.signs.endswith("{body}")
            or one.encoding not in {"hex", "base64"}
            or one.key not in {"text", "whsec"}
        ):
            raise BadSource(f"{file}: {one.name} cannot be checked")
        if ("{moment}" in one.signs) is not bool(one.moment) or ("{id}" in one.signs) is not bool(one.id):
            raise BadSource(f"{file}: {one.name} signs what it does not name")
    return found

"""CISA's catalogue of exploited weaknesses and MITRE's ATT&CK, as their makers publish them, and our own domains. Pure.

Of each file only what the desk uses is kept: it is read into every digester.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, TypeVar

import msgspec

from hikeshi.assets.intelligence.codes import Catalogue, Sort
from hikeshi.assets.intelligence.values import indicator
from hikeshi.kernel.refusals import Invalid

MOST_BYTES: Final = 80 * 1024 * 1024
"""Unpacked; ATT&CK for enterprises has 40 MiB."""
CVE: Final = re.compile(r"CVE-\d{4}-\d{4,7}")
_TECHNIQUE: Final = re.compile(r"T\d{4}(\.\d{3})?")
_LONGEST: Final = 200
_MOST: Final = 50_000


class Weakness(msgspec.Struct, frozen=True):
    """``due`` is when CISA wants it mended, "" where the file does not say."""

    name: str
    due: str
    ransomware: bool


class Kept(msgspec.Struct, frozen=True):
    """What a catalogue holds, as it lies in its row."""

    version: str = ""
    weaknesses: dict[str, Weakness] = {}
    techniques: dict[str, str] = {}
    domains: list[str] = []

    @property
    def count(self) -> int:
        return len(self.weaknesses) + len(self.techniques) + len(self.domains)


@dataclass(frozen=True, slots=True)
class Known:
    """All catalogues together, for looking things up."""

    weaknesses: Mapping[str, Weakness] = field(default_factory=dict)
    techniques: Mapping[str, str] = field(default_factory=dict)
    domains: frozenset[str] = frozenset()
    versions: Mapping[Catalogue, str] = field(default_factory=dict)
    stamp: str = ""  # which catalogues these are; another one where any was loaded since

    def owns(self, name: str) -> bool:
        """Whether the name is one of our domains, or lies below one."""
        parts = name.casefold().rstrip(".").split(".")
        return any(".".join(parts[place:]) in self.domains for place in range(len(parts) - 1))


class _Listed(msgspec.Struct):
    cveID: str = ""  # noqa: N815  # as CISA writes it
    vulnerabilityName: str = ""  # noqa: N815  # as above
    dueDate: str = ""  # noqa: N815  # as above
    knownRansomwareCampaignUse: str = ""  # noqa: N815  # as above


class _Listing(msgspec.Struct):
    catalogVersion: str = ""  # noqa: N815  # as above
    vulnerabilities: list[_Listed] = []


class _Reference(msgspec.Struct):
    source_name: str = ""
    external_id: str = ""


class _Object(msgspec.Struct):
    type: str = ""
    name: str = ""
    revoked: bool = False
    x_mitre_deprecated: bool = False
    x_mitre_version: str = ""
    external_references: list[_Reference] = []


class _Bundle(msgspec.Struct):
    objects: list[_Object] = []


_T = TypeVar("_T")


def read(which: Catalogue, body: bytes) -> Kept:
    """Plain, or packed by gzip or zip. Raises Invalid."""
    found = _READERS[which](unpacked(body))
    if not found.count and which is not Catalogue.DOMAINS:
        raise Invalid("file", f"no_{which}")
    if found.count > _MOST:
        raise Invalid("file", "indicators_many", most=_MOST)
    return found


def unpacked(body: bytes) -> bytes:
    """Never more than the limit, whatever it unpacks to. Raises Invalid."""
    try:
        if body.startswith(b"\x1f\x8b"):
            body = zlib.decompressobj(31).decompress(body, MOST_BYTES + 1)
        elif body.startswith(b"PK\x03\x04"):
            with zipfile.ZipFile(io.BytesIO(body)) as packed, packed.open(packed.infolist()[0]) as inside:
                body = inside.read(MOST_BYTES + 1)
    except (zlib.error, zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise Invalid("file", "not_unpacked") from error
    if len(body) > MOST_BYTES:
        raise Invalid("file", "file_too_large", limit=MOST_BYTES // 1_048_576)
    return body


def _parsed(body: bytes, shape: type[_T]) -> _T:
    """Only what is asked for is made of it: the whole of ATT&CK would be half a gigabyte in memory."""
    try:
        return msgspec.json.decode(body.removeprefix(b"\xef\xbb\xbf"), type=shape)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Invalid("file", "catalogue_json", why=str(error)[:200]) from None


def _kev(body: bytes) -> Kept:
    listing = _parsed(body, _Listing)
    return Kept(
        version=listing.catalogVersion[:40],
        weaknesses={one.cveID: _weakness(one) for one in listing.vulnerabilities if CVE.fullmatch(one.cveID)},
    )


def _weakness(one: _Listed) -> Weakness:
    due = one.dueDate
    try:
        date.fromisoformat(due)
    except ValueError:
        due = ""
    return Weakness(one.vulnerabilityName[:_LONGEST], due, one.knownRansomwareCampaignUse.casefold() == "known")


def _attack(body: bytes) -> Kept:
    objects = _parsed(body, _Bundle).objects
    versions = [one.x_mitre_version for one in objects if one.type == "x-mitre-collection"]
    return Kept(version=(versions or [""])[0][:40], techniques=dict(_techniques(objects)))


def _techniques(objects: Iterable[_Object]) -> Iterator[tuple[str, str]]:
    """Revoked ones too where nothing else has the id: detectors keep naming them for years."""
    techniques = [one for one in objects if one.type == "attack-pattern"]
    for one in sorted(techniques, key=lambda each: not (each.revoked or each.x_mitre_deprecated)):
        for ref in one.external_references:
            if ref.source_name.startswith("mitre") and _TECHNIQUE.fullmatch(ref.external_id):
                yield ref.external_id, one.name[:_LONGEST]


def _domains(body: bytes) -> Kept:
    found: dict[str, None] = {}
    for number, line in enumerate(body.decode("utf-8", "replace").splitlines(), 1):
        if not line.strip():
            continue
        one = indicator(Sort.DOMAIN, line.strip().removeprefix("@").removeprefix("*."))
        if one is None:
            raise Invalid("file", "no_domain", line=number)
        found[one.value] = None
    return Kept(domains=list(found))


_READERS: Final[Mapping[Catalogue, Callable[[bytes], Kept]]] = {
    Catalogue.KEV: _kev,
    Catalogue.ATTACK: _attack,
    Catalogue.DOMAINS: _domains,
}

"""Checks an exported case, anywhere: no Django, no database, no key of the site.

What holds then: the desk signed this very file; its entries are the ones the desk's signed head leads to; the words in
the record are the ones its entries committed to; and the files are the ones that were attached.
"""

import base64
import binascii
import hashlib
import hmac
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import IO

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from hikeshi.kernel.vault import parcel
from hikeshi.ledger import chain
from hikeshi.transfer.cases import form

PIECE = 1 << 20


class Fault(StrEnum):
    UNREADABLE = "unreadable"
    MEMBER_CHANGED = "member_changed"
    ENTRY_CHANGED = "entry_changed"
    CHAIN_BROKEN = "chain_broken"
    SIGNATURE_WRONG = "signature_wrong"
    WORDS_CHANGED = "words_changed"
    FILE_CHANGED = "file_changed"
    FILE_MISSING = "file_missing"


@dataclass(frozen=True, slots=True)
class Finding:
    """``where``: a member, an entry's number, a row as ``table:uuid column``, or a file's name."""

    reason: Fault
    where: str


@dataclass(slots=True)
class Report:
    ref: str = ""
    entries: int = 0
    texts: int = 0
    files: int = 0
    head: int = 0
    public_key: str = ""
    findings: list[Finding] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return not self.findings

    def find(self, reason: Fault, where: object) -> None:
        self.findings.append(Finding(reason, str(where)))


@dataclass(slots=True)
class _Told:
    """What this record's own entries say."""

    commitments: set[str] = field(default_factory=set)
    attached: dict[str, str] = field(default_factory=dict)
    removed: set[str] = field(default_factory=set)


def check(path: Path) -> Report:
    """Everything that does not hold. Memory: one small record for each entry and file of this record."""
    report = Report()
    try:
        with zipfile.ZipFile(path) as archive:
            _check(archive, report)
    except (OSError, zipfile.BadZipFile, KeyError, EOFError, ValueError, msgspec.MsgspecError) as error:
        report.find(Fault.UNREADABLE, error)
    return report


def _check(archive: zipfile.ZipFile, report: Report) -> None:
    raw = archive.read(form.MANIFEST)
    manifest = msgspec.json.decode(raw, type=form.Manifest)
    extract = msgspec.json.decode(archive.read(form.EXTRACT), type=form.Extract)
    report.ref, report.public_key = manifest.ref, extract.public_key
    signed = archive.read(form.SIGNATURE).decode()
    if _signed(signed, extract.public_key) != f"hikeshi-case:1:{hashlib.sha256(raw).hexdigest()}":
        report.find(Fault.SIGNATURE_WRONG, form.MANIFEST)
    _members(archive, manifest, report)
    told = _chain(archive, extract, report)
    _words(archive, told, report)
    _files(archive, told, report)


def _members(archive: zipfile.ZipFile, manifest: form.Manifest, report: Report) -> None:
    present = set(archive.namelist()) - {form.MANIFEST, form.SIGNATURE}
    for name in sorted(present ^ manifest.members.keys()):
        report.find(Fault.MEMBER_CHANGED, name)
    for name in sorted(present & manifest.members.keys()):
        found = hashlib.sha256()
        for piece in _pieces(archive, name):
            found.update(piece)
        if found.hexdigest() != manifest.members[name]:
            report.find(Fault.MEMBER_CHANGED, name)


def _pieces(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    with archive.open(name) as member:
        while piece := member.read(PIECE):
            yield piece


def _chain(archive: zipfile.ZipFile, extract: form.Extract, report: Report) -> _Told:
    told, previous = _Told(), extract.anchor
    with archive.open(form.ENTRIES) as own, archive.open(form.DIGESTS) as digests:
        entry = _next(own)
        for number in range(extract.first, extract.last + 1):
            digest = digests.read(form.DIGEST).hex()
            if entry is not None and entry.number == number:
                _take(entry, digest, extract.subject, told, report)
                entry = _next(own)
            previous = chain.link(number, previous, digest)
        if entry is not None or digests.read(1):
            report.find(Fault.CHAIN_BROKEN, extract.last)
    _led_to(extract, previous, report)
    return told


def _next(own: IO[bytes]) -> form.Entry | None:
    line = own.readline()
    return msgspec.json.decode(line, type=form.Entry) if line else None


def _take(entry: form.Entry, digest: str, subject: str, told: _Told, report: Report) -> None:
    report.entries += 1
    at = datetime.fromisoformat(entry.at)
    words = (entry.fact, entry.version, entry.body, entry.subject, entry.actor, at, entry.world, entry.topics)
    if entry.subject != subject or chain.digest(chain.Content(*words)) != digest:
        report.find(Fault.ENTRY_CHANGED, entry.number)
        return
    body = json.loads(entry.body)
    collect(body, told.commitments.add)
    if entry.fact == "incidents.FileAttached":
        told.attached[body["file"]] = body["sha256"]
    elif entry.fact in {"incidents.FileRemoved", "incidents.FileDamaged"}:
        told.removed.add(body["file"])


def collect(value: object, take: Callable[[str], None]) -> None:
    """Every commitment in a fact's body."""
    if isinstance(value, dict):
        digest = value.get("digest")
        if isinstance(digest, str) and len(value) == 1:
            take(digest)
        for inner in value.values():
            collect(inner, take)
    elif isinstance(value, list):
        for inner in value:
            collect(inner, take)


def _signed(line: str, public_key: str) -> str:
    """What the line says, if that key signed it; else nothing."""
    text, _, signature = line.rpartition(":")
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
        key.verify(base64.urlsafe_b64decode(signature), text.encode())
    except (InvalidSignature, ValueError, binascii.Error):
        return ""
    return text


def _led_to(extract: form.Extract, last_hash: str, report: Report) -> None:
    text = _signed(extract.head, extract.public_key)
    if not text.startswith("hikeshi-head:1:"):
        report.find(Fault.SIGNATURE_WRONG, form.EXTRACT)
        return
    number, head_hash = text.split(":")[2:4]
    report.head = int(number)
    if (report.head, head_hash) != (extract.last, last_hash):
        report.find(Fault.CHAIN_BROKEN, extract.last)


def _words(archive: zipfile.ZipFile, told: _Told, report: Report) -> None:
    """Every text that the record says is proved, against what the entries committed to."""
    for table, rows in json.loads(archive.read(form.RECORD)).items():
        for row in rows if isinstance(rows, list) else [rows]:
            for column in row.get("proved", ()):
                report.texts += 1
                if _committed(row[column], row["secret"]) not in told.commitments:
                    report.find(Fault.WORDS_CHANGED, f"{table}:{row.get('uuid')} {column}")


def _committed(text: str, secret: str) -> str:
    return hmac.new(secret.encode(), text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def _files(archive: zipfile.ZipFile, told: _Told, report: Report) -> None:
    listed = {one.uuid: one for one in msgspec.json.decode(archive.read(form.FILES), type=list[form.File])}
    for uuid, sha256 in told.attached.items():
        one = listed.get(uuid)
        if one is None or not one.member:
            if uuid not in told.removed:
                report.find(Fault.FILE_MISSING, one.name if one else uuid)
            continue
        report.files += 1
        if _hash(archive, one.member) != sha256:
            report.find(Fault.FILE_CHANGED, one.name)


def _hash(archive: zipfile.ZipFile, member: str) -> str:
    found = hashlib.sha256()
    try:
        for piece in parcel.opened(_pieces(archive, member)):
            found.update(piece)
    except (parcel.BadParcel, KeyError):
        return ""
    return found.hexdigest()

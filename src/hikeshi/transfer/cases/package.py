"""Writes an exported case as it is read: memory stays flat, and nothing of it lies on the disk on the way."""

import hashlib
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import IO, cast

import msgspec
from django.conf import settings
from django.db.models import QuerySet

import hikeshi
from hikeshi.documents import tables
from hikeshi.incidents import actions, filenames
from hikeshi.incidents import queries as incidents
from hikeshi.incidents.models import Incident
from hikeshi.incidents.queries import FileView
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import NotFound
from hikeshi.kernel.vault import Damaged
from hikeshi.ledger import access, heads
from hikeshi.ledger.models import Entry
from hikeshi.transfer.cases import course, extract, form, record
from hikeshi.transfer.cases.words import README

CHUNK = 2000
Member = tuple[str, Iterable[bytes]]


class _Tap:
    """Where the ZIP is written to: it can be drunk from at once, and never sought in."""

    def __init__(self) -> None:
        self._waiting: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._waiting.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def taken(self) -> Iterator[bytes]:
        waiting, self._waiting = self._waiting, []
        yield from (one for one in waiting if one)


@dataclass(slots=True)
class _Case:
    by: Actor
    incident: Incident
    head: str
    files: list[FileView]
    entries: "QuerySet[Entry]"
    commitments: set[str]
    damaged: list[str] = field(default_factory=list)


def export(by: Actor, ref: str) -> Iterator[bytes]:
    """Pieces of the ZIP. That it begins stands in the access log; that it was handed out whole, with its hash, in the
    ledger. Raises NotFound, at once.
    """
    incident = incidents.incident(by, ref)
    access.note_reading(by=by, subject=incident.subject, what="export")
    head = heads.sign(settings.MASTER_KEY)
    until = heads.read(head, settings.MASTER_KEY).number
    entries = Entry.objects.filter(subject=incident.subject, number__lte=until).order_by("number")
    if not entries.exists():
        raise NotFound("incident")
    case = _Case(by, incident, head, list(incidents.files(by, ref)), entries, _commitments(entries))
    return _told(case, _packed(case))


def _told(case: _Case, pieces: Iterator[bytes]) -> Iterator[bytes]:
    found, size = hashlib.sha256(), 0
    for piece in pieces:
        found.update(piece)
        size += len(piece)
        yield piece
    actions.tell_exported(by=case.by, ref=case.incident.ref, sha256=found.hexdigest(), size=size)


def _packed(case: _Case) -> Iterator[bytes]:
    tap, members = _Tap(), {}
    # All that a ZIP asks of its file is to write and to flush.
    archive = zipfile.ZipFile(cast("IO[bytes]", tap), "w", zipfile.ZIP_DEFLATED, compresslevel=1)
    for name, chunks in _members(case):
        found = hashlib.sha256()
        info = zipfile.ZipInfo(name, clock.now().timetuple()[:6])
        info.compress_type = zipfile.ZIP_STORED if name.startswith("files/") else zipfile.ZIP_DEFLATED
        info.external_attr = 0o600 << 16
        with archive.open(info, "w", force_zip64=True) as member:
            for chunk in chunks:
                member.write(chunk)
                found.update(chunk)
                yield from tap.taken()
        members[name] = found.hexdigest()
    manifest = _manifest(case, members)
    archive.writestr(form.MANIFEST, manifest)
    digest = hashlib.sha256(manifest).hexdigest()
    archive.writestr(form.SIGNATURE, heads.sign_digest(digest, "case", settings.MASTER_KEY))
    archive.close()
    yield from tap.taken()


def _manifest(case: _Case, members: dict[str, str]) -> bytes:
    manifest = form.Manifest(
        format=form.FORMAT,
        version=hikeshi.__version__,
        ref=case.incident.ref,
        made_at=clock.now().isoformat(),
        made_by=case.by.ref,
        members=members,
        damaged=case.damaged,
    )
    return msgspec.json.format(msgspec.json.encode(manifest), indent=1)


def _members(case: _Case) -> Iterator[Member]:
    yield "README.txt", [README.encode()]
    yield form.RECORD, record.written(case.by, case.incident, case.commitments.__contains__)
    for language in ("ja", "en"):
        found = course.lines(case.by, case.incident.ref, language)
        yield f"timeline-{language}.txt", course.text(found)
        yield f"timeline-{language}.csv", [course.table(found)]
        yield f"timeline-{language}.ndjson", course.data(found)
    yield from _attached(case)
    yield from _ledger(case)


def _attached(case: _Case) -> Iterator[Member]:
    """Each in a parcel of its own behind the password: what malware there is opens nowhere by itself."""
    listed = []
    for place, one in enumerate(reversed(case.files), start=1):
        why = "removed" if one.removed_at else "damaged" if not one.given else ""
        member = "" if why else f"files/{place:04d}-{filenames.safe(one.name)}.zip"
        words = {"uuid": str(one.uuid), "name": one.name, "sha256": one.sha256, "member": member, "why": why}
        listed.append(form.File(size=one.size, **words))
        if member:
            yield member, _sealed(case, one)
    yield form.FILES, [msgspec.json.format(msgspec.json.encode(listed), indent=1)]
    rows = [(one.name, one.size, one.sha256, one.member, one.why) for one in listed]
    yield "files.csv", [tables.to_csv(("name", "bytes", "sha256", "member", "missing"), rows)]


def _sealed(case: _Case, one: FileView) -> Iterator[bytes]:
    try:
        _row, chunks, _size = incidents.open_sample(case.by, case.incident.ref, one.uuid)
        yield from chunks
    except (Damaged, NotFound):
        case.damaged.append(str(one.uuid))


def _ledger(case: _Case) -> Iterator[Member]:
    first = case.entries.values_list("number", "previous_hash").first()
    if first is None:
        raise NotFound("incident")
    last = heads.read(case.head, settings.MASTER_KEY).number
    found = form.Extract(
        subject=case.incident.subject,
        first=first[0],
        last=last,
        anchor=first[1],
        head=case.head,
        public_key=heads.public_key(settings.MASTER_KEY),
    )
    yield form.ENTRIES, _own(case.entries)
    yield form.DIGESTS, _digests(first[0], last)
    yield form.EXTRACT, [msgspec.json.format(msgspec.json.encode(found), indent=1)]


def _own(entries: "QuerySet[Entry]") -> Iterator[bytes]:
    for one in entries.iterator(chunk_size=CHUNK):
        words = {name: getattr(one, name) for name in ("number", "fact", "version", "body", "subject", "actor")}
        rest = {"at": one.at.isoformat(), "world": one.world, "topics": one.topics}
        yield msgspec.json.encode({**words, **rest}) + b"\n"


def _digests(first: int, last: int) -> Iterator[bytes]:
    rows = Entry.objects.filter(number__gte=first, number__lte=last).order_by("number")
    waiting = bytearray()
    for digest in rows.values_list("digest", flat=True).iterator(chunk_size=CHUNK):
        waiting += bytes.fromhex(digest)
        if len(waiting) >= CHUNK * form.DIGEST:
            yield bytes(waiting)
            waiting.clear()
    yield bytes(waiting)


def _commitments(entries: "QuerySet[Entry]") -> set[str]:
    found: set[str] = set()
    for body in entries.values_list("body", flat=True).iterator(chunk_size=CHUNK):
        extract.collect(msgspec.json.decode(body), found.add)
    return found

"""``hikeshi verify --files``: every file that the ledger says is attached, read whole and hashed.

The ledger leads, not the rows: somebody who exchanged a file and its row together is found as well. Memory stays flat
for the bytes; one small record is kept for each file.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

import msgspec

from hikeshi.incidents import facts
from hikeshi.incidents.models import Attachment
from hikeshi.incidents.queries.files import checked
from hikeshi.kernel.vault import Damaged
from hikeshi.ledger.models import Entry

CHUNK = 2000


class Fault(StrEnum):
    """What does not hold of a file."""

    ROW_MISSING = "file_row_missing"
    ROW_CHANGED = "file_row_changed"
    BYTES_CHANGED = "file_bytes_changed"


@dataclass(frozen=True, slots=True)
class FileFinding:
    """``ref`` is the record's, where its row still says so."""

    reason: Fault
    file: UUID
    ref: str


@dataclass(frozen=True, slots=True)
class FileReport:
    files: int
    bytes: int
    findings: tuple[FileFinding, ...]


def verify_files() -> FileReport:
    """Every one that does not hold, in the order they were attached."""
    standing = _standing()
    findings, total = [], 0
    for fact in standing.values():
        found = _check(fact)
        if found is not None:
            findings.append(found)
        total += fact.size
    return FileReport(len(standing), total, tuple(findings))


def _standing() -> dict[UUID, facts.FileAttached]:
    """Attached and neither removed nor purged since, as the ledger tells it."""
    standing: dict[UUID, facts.FileAttached] = {}
    for fact in _told():
        match fact:
            case facts.FileAttached():
                standing[fact.file] = fact
            case facts.FileRemoved():
                standing.pop(fact.file, None)
            case facts.FilesPurged():
                for file in fact.files:
                    standing.pop(file, None)
            case facts.RecordPurged():
                for file in fact.rows.get("file", ()):
                    standing.pop(file, None)
    return standing


_Told = facts.FileAttached | facts.FileRemoved | facts.FilesPurged | facts.RecordPurged


def _told() -> Iterator[_Told]:
    kinds: dict[str, type[_Told]] = {
        kind.name: kind for kind in (facts.FileAttached, facts.FileRemoved, facts.FilesPurged, facts.RecordPurged)
    }
    rows = Entry.objects.filter(fact__in=kinds).order_by("number").values_list("fact", "body")
    for name, body in rows.iterator(chunk_size=CHUNK):
        try:
            yield kinds[name].read(body)
        except (msgspec.MsgspecError, ValueError):
            continue  # a changed entry is what the chain itself finds


def _check(fact: facts.FileAttached) -> FileFinding | None:
    row = Attachment.objects.select_related("incident").filter(uuid=fact.file).first()
    if row is None:
        return FileFinding(Fault.ROW_MISSING, fact.file, "")
    if (row.sha256, row.size, row.removed_at) != (fact.sha256, fact.size, None):
        return FileFinding(Fault.ROW_CHANGED, fact.file, row.incident.ref)
    try:
        for _ in checked(row):
            continue
    except Damaged:
        return FileFinding(Fault.BYTES_CHANGED, fact.file, row.incident.ref)
    return None

"""The files of a record: as hidden as it is, and never given out where they are not what was attached."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings

from hikeshi.accounts import queries as accounts
from hikeshi.incidents import filenames
from hikeshi.incidents.filenames import Look
from hikeshi.incidents.models import Attachment, Incident, Passage
from hikeshi.incidents.permissions import Verb
from hikeshi.incidents.queries.lists import incident as find
from hikeshi.incidents.queries.room import Room
from hikeshi.incidents.queries.visibility import note_reading
from hikeshi.incidents.vaulting import vault
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.paging import Page, paginate
from hikeshi.kernel.refusals import NotFound
from hikeshi.kernel.vault import Damaged, parcel
from hikeshi.ledger import access

ORDER = ("-id",)
SHOWN = 5


@dataclass(frozen=True, slots=True)
class FileView:
    """``same``: another file of this record has the same bytes. ``given``: its bytes can be had."""

    uuid: UUID
    name: str
    size: int
    sha256: str
    look: Look
    added_by: str
    added_at: datetime
    same: bool
    given: bool
    damaged_at: datetime | None
    removed_at: datetime | None
    removed_by: str
    removed_because: str


def files(by: Actor, ref: str) -> Sequence[FileView]:
    """All of them, the newest first, removed ones too. Raises NotFound."""
    record = find(by, ref)
    note_reading(by, record, "files")
    return _views(record, list(Attachment.objects.filter(incident=record)))


def files_page(by: Actor, ref: str, *, cursor: str | None = None, limit: int = 50) -> Page[FileView]:
    """Raises NotFound, Invalid."""
    record = find(by, ref)
    note_reading(by, record, "files")
    page = paginate(Attachment.objects.filter(incident=record), order=ORDER, cursor=cursor, limit=limit)
    return Page(_views(record, page.items), page.next, page.total, page.total_exact)


def attached(room: Room) -> Page[FileView]:
    """The newest of them, for whoever has been shown the room."""
    rows = Attachment.objects.filter(incident=room.incident)
    page = paginate(rows, order=ORDER, limit=SHOWN)
    return Page(_views(room.incident, page.items), page.next, page.total, page.total_exact)


def view_of(record: Incident, row: Attachment) -> FileView:
    return _views(record, [row])[0]


def may_attach(by: Actor, ref: str) -> bool:
    """Raises NotFound."""
    return by.may(Verb.WORK, find(by, ref).organisation_id)


def file_limit() -> int:
    """Bytes one file may have."""
    limit: int = settings.FILE_LIMIT
    return limit


def _views(record: Incident, rows: Sequence[Attachment]) -> list[FileView]:
    names = accounts.names_of({ref for one in rows for ref in (one.added_by, one.removed_by) if ref})
    why = {one.reason for one in rows if one.reason is not None}
    reasons = dict(Passage.objects.filter(incident=record, uuid__in=why).values_list("uuid", "text")) if why else {}
    hashes = {one.sha256 for one in rows}
    same = Attachment.objects.filter(incident=record, sha256__in=hashes, removed_at__isnull=True)
    counted: dict[str, int] = {}
    for sha256 in same.order_by().values_list("sha256", flat=True) if rows else ():
        counted[sha256] = counted.get(sha256, 0) + 1
    return [
        FileView(
            uuid=one.uuid,
            name=one.name,
            size=one.size,
            sha256=one.sha256,
            look=filenames.look(one.name),
            added_by=names.get(one.added_by, one.added_by),
            added_at=one.added_at,
            same=one.removed_at is None and counted.get(one.sha256, 0) > 1,
            given=one.removed_at is None and one.damaged_at is None,
            damaged_at=one.damaged_at,
            removed_at=one.removed_at,
            removed_by=names.get(one.removed_by, one.removed_by),
            removed_because=reasons.get(one.reason, "") if one.reason else "",
        )
        for one in rows
    ]


def open_file(by: Actor, ref: str, file: UUID) -> tuple[Attachment, Iterator[bytes]]:
    """The row and its bytes, a chunk at a time. Whoever opens one stands in the access log.

    The bytes are hashed on their way and the last of them is held back until the hash is the one the ledger knows: an
    answer that does not hold breaks off (Damaged) and is never whole. Raises NotFound; Damaged where nothing opens.
    """
    record = find(by, ref)
    row = Attachment.objects.filter(incident=record, uuid=file, removed_at__isnull=True).first()
    if row is None:
        raise NotFound("file")
    access.note_reading(by=by, subject=record.subject, what=f"file:{row.uuid}")
    if row.damaged_at is not None:
        raise Damaged(str(row.uuid))
    return row, begun(checked(row))


def open_sample(by: Actor, ref: str, file: UUID) -> tuple[Attachment, Iterator[bytes], int]:
    """The same in a ZIP behind the password "infected", and the size of that. Raises like ``open_file``."""
    row, chunks = open_file(by, ref, file)
    name = filenames.safe(row.name)
    return row, parcel.packed(name, row.size, row.added_at, chunks), parcel.size_of(name, row.size)


def begun(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The same chunks, the first one already fetched: what cannot be opened at all is said before an answer begins."""
    first = next(chunks, b"")

    def rest() -> Iterator[bytes]:
        yield first
        yield from chunks

    return rest()


def checked(row: Attachment) -> Iterator[bytes]:
    """Raises Damaged, and leaves word for whoever looks after the files."""
    try:
        yield from _hashed(row)
    except Damaged:
        vault().doubt(row.uuid)
        raise


def _hashed(row: Attachment) -> Iterator[bytes]:
    found, held = hashlib.sha256(), b""
    for chunk in vault().read(row.uuid, row.sealed_key):
        found.update(chunk)
        if held:
            yield held
        held = chunk
    if found.hexdigest() != row.sha256:
        raise Damaged(str(row.uuid))
    yield held

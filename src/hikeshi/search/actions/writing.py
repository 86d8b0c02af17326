"""Documents into the index and out of it. No facts: it is made of what the ledger and the rows say, and can be made
again at any time.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import connection, transaction

from hikeshi.search import tokens
from hikeshi.search.actions import tables
from hikeshi.search.models import Document

LONGEST: Final = 200_000
"""Letters of one document. What is beyond is not found by its words."""
READING: Final = 2
"""Raised where texts are read in another way than before: everything is written anew then."""


@dataclass(frozen=True, slots=True)
class Text:
    """What a thing is found by. ``heading``: what it is called, which counts before the rest."""

    uuid: UUID
    heading: str
    body: str = ""

    @property
    def digest(self) -> str:
        whole = f"{READING}\0{self.heading}\0{self.body}"
        return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()


def put(kind: str, texts: Sequence[Text]) -> int:
    """Writes those whose words are not what they were, in a transaction of its own, and says how many. Reading happens
    before it. Raises apart.NoReader.
    """
    known = dict(Document.objects.filter(kind=kind, uuid__in=[one.uuid for one in texts]).values_list("uuid", "digest"))
    changed = [one for one in texts if known.get(one.uuid) != one.digest]
    if not changed:
        return 0
    heads = tokens.of_texts([one.heading for one in changed])
    bodies = tokens.of_texts([one.body[:LONGEST] for one in changed])
    read = [tokens.document(kind, head, body) for head, body in zip(heads, bodies, strict=True)]
    with transaction.atomic():
        tables.install(connection)
        _forget(kind, [one.uuid for one in changed])
        rows = [
            Document(kind=kind, uuid=one.uuid, digest=one.digest, kept=tables.pack(words, connection))
            for one, words in zip(changed, read, strict=True)
        ]
        Document.objects.bulk_create(rows, batch_size=500)
        tables.insert(connection, {row.pk: words for row, words in zip(rows, read, strict=True)})
    return len(changed)


def forget(kind: str, uuids: Iterable[UUID]) -> int:
    """Their words go with them. How many went."""
    wanted = list(uuids)
    if not wanted:
        return 0
    with transaction.atomic():
        return _forget(kind, wanted)


def _forget(kind: str, uuids: Sequence[UUID]) -> int:
    going = Document.objects.select_for_update().filter(kind=kind, uuid__in=uuids)
    kept = {place: bytes(packed) for place, packed in going.values_list("pk", "kept")}
    if kept:
        tables.delete(connection, kept)
        Document.objects.filter(pk__in=list(kept)).delete()
    return len(kept)


def empty() -> None:
    """The index holds nothing any more."""
    with transaction.atomic():
        tables.install(connection)
        tables.delete_all(connection)
        Document.objects.all().delete()

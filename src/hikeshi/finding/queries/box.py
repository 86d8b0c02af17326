"""The box: everything the reader may see that holds the words. What is called so comes before what only mentions it;
among these, what changed last comes first.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from hikeshi.finding import marking, reader
from hikeshi.finding.kinds.all import KINDS
from hikeshi.finding.kinds.findable import Shown
from hikeshi.finding.queries.asking import Asked, Narrowed, asked
from hikeshi.finding.queries.standing import standing
from hikeshi.incidents import queries as incidents
from hikeshi.incidents import refs
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.paging import EXACT_TO, Page, count, decode, encode
from hikeshi.kernel.refusals import Invalid
from hikeshi.search.models import Document

FEW: Final = 5
AT_A_GLANCE: Final = 200
"""So far it is counted for each letter that somebody types."""
Kinds = tuple(KINDS)


@dataclass(frozen=True, slots=True)
class Hit:
    kind: str
    uuid: UUID
    shown: Shown
    title: marking.Pieces
    passage: marking.Pieces


@dataclass(frozen=True, slots=True)
class Few:
    """The first of a kind, and how many there are; ``exact`` to two hundred."""

    kind: str
    hits: tuple[Hit, ...]
    total: int
    exact: bool

    @property
    def more(self) -> bool:
        return self.total > len(self.hits)


@dataclass(frozen=True, slots=True)
class Found:
    """``empty``: nothing was asked."""

    page: Page[Hit]
    empty: bool = False


def jump(by: Actor, q: str) -> str:
    """The reference of the record that is meant by it alone, where the reader sees it; else nothing."""
    ref = refs.tidy(q)
    return ref if ref and incidents.visible(by).filter(ref=ref).exists() else ""


def glance(by: Actor, q: str) -> list[Few]:
    """The first few of each kind that has any. Raises Invalid."""
    question = asked(by, q)
    if question.empty or not standing().begun:
        return []
    question = question.spelled_out()
    found: list[tuple[Narrowed, int, bool, list[Document]]] = []
    for narrowed in question.kinds:
        total, exact = count(narrowed.documents(question.wanted), to=AT_A_GLANCE)
        if total:
            found.append((narrowed, total, exact, _first(question, narrowed, FEW)))
    hits = _hits(by, question, [row for _, _, _, rows in found for row in rows])
    return [
        Few(narrowed.kind.kind, tuple(hits[row.pk] for row in rows if row.pk in hits), total, exact)
        for narrowed, total, exact, rows in found
    ]


def _first(question: Asked, narrowed: Narrowed, most: int) -> list[Document]:
    rows: list[Document] = []
    for heading in _parts(question):
        rows += narrowed.documents(question.wanted, heading).only("pk", "kind", "uuid")[: most - len(rows)]
        if len(rows) == most:
            break
    return rows


def _parts(question: Asked) -> tuple[bool | None, ...]:
    """Called so, then only mentioned; where no word is asked there is no such difference."""
    return (True, False) if question.wanted.have else (None,)


def find(by: Actor, q: str, *, types: Sequence[str] = (), cursor: str | None = None, limit: int = 50) -> Found:
    """Kind after kind. Raises Invalid."""
    if not 1 <= limit <= 500:
        raise Invalid("limit", "out_of_range", low=1, high=500)
    question = asked(by, q, types)
    if question.empty or not standing().begun:
        return Found(Page((), None, 0, total_exact=True), empty=question.empty)
    question = question.spelled_out()
    segments = [(narrowed, heading) for narrowed in question.kinds for heading in _parts(question)]
    rows, more = _walk(question, segments, cursor, limit)
    hits = _hits(by, question, rows)
    items = [hits[row.pk] for row in rows if row.pk in hits]
    total, exact = _total(question, first_page=not cursor, shown=len(rows), more=more)
    return Found(Page(items, more, total, exact))


def _total(question: Asked, *, first_page: bool, shown: int, more: str | None) -> tuple[int, bool]:
    if first_page and more is None:
        return shown, True
    counted = [count(narrowed.documents(question.wanted)) for narrowed in question.kinds]
    total = sum(number for number, _ in counted)
    return min(total, EXACT_TO), total <= EXACT_TO and all(exact for _, exact in counted)


def _walk(
    question: Asked, segments: Sequence[tuple[Narrowed, bool | None]], cursor: str | None, limit: int
) -> tuple[list[Document], str | None]:
    """A page of them from where the cursor stands, and the cursor of the next."""
    start, after = _place(cursor, len(segments))
    rows: list[Document] = []
    for place in range(start, len(segments)):
        narrowed, heading = segments[place]
        wanted = narrowed.documents(question.wanted, heading, after).only("pk", "kind", "uuid")
        some = list(wanted[: limit - len(rows) + 1])
        after = None
        if len(rows) + len(some) > limit:
            kept = some[: limit - len(rows)]
            last = kept[-1].pk if kept else None
            return [*rows, *kept], encode([place, last])
        rows += some
    return rows, None


def _place(cursor: str | None, segments: int) -> tuple[int, int | None]:
    """Raises Invalid."""
    if not cursor:
        return 0, None
    place, after = decode(cursor, 2)
    fits = isinstance(place, int) and 0 <= place < segments and (after is None or isinstance(after, int))
    if not fits or not isinstance(place, int) or isinstance(place, bool) or isinstance(after, str | float | bool):
        raise Invalid("cursor", "not_a_cursor")
    return place, after if isinstance(after, int) else None


def _hits(by: Actor, question: Asked, rows: Iterable[Document]) -> dict[int, Hit]:
    """By the number of the document. What the reader sees is asked once more, with what is shown of it."""
    rows = list(rows)
    shown: dict[tuple[str, UUID], Shown] = {}
    for kind in {row.kind for row in rows}:
        found = KINDS[kind].shown(by, [row.uuid for row in rows if row.kind == kind])
        shown |= {(kind, uuid): one for uuid, one in found.items()}
    there = [row for row in rows if (row.kind, row.uuid) in shown]
    titles = [shown[row.kind, row.uuid].title for row in there]
    passages = [marking.best(shown[row.kind, row.uuid].passages, question.marks) for row in there]
    pieces = marking.marked([*titles, *passages], question.marks, reader.read)
    return {
        row.pk: Hit(row.kind, row.uuid, shown[row.kind, row.uuid], title, passage)
        for row, title, passage in zip(there, pieces[: len(there)], pieces[len(there) :], strict=True)
    }

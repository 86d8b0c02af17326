"""Does the ledger still hold? Names the first entry or row that does not.

Reads entries in order, a chunk at a time: memory stays flat for the chain; ``--state`` keeps one small record per row
that any fact has ever written.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import msgspec
from django.db import connection

from hikeshi.kernel import facts
from hikeshi.kernel.facts import JSON
from hikeshi.ledger import chain, states, triggers
from hikeshi.ledger.heads import Kept
from hikeshi.ledger.models import Entry, Head
from hikeshi.ledger.snapshots import as_of_one_moment

CHUNK = 2000
COLUMNS = (
    "number",
    "fact",
    "version",
    "body",
    "subject",
    "actor",
    "at",
    "world",
    "topics",
    "digest",
    "previous_hash",
    "hash",
)


class Break(StrEnum):
    """What does not hold."""

    ENTRY_CHANGED = "entry_changed"
    ENTRY_MISSING = "entry_missing"
    CHAIN_BROKEN = "chain_broken"
    TAIL_CUT = "tail_cut"
    HEAD_DIFFERS = "head_differs"
    UNREADABLE = "unreadable"
    ROW_CHANGED = "row_changed"
    ROW_MISSING = "row_missing"
    ROW_UNKNOWN = "row_unknown"
    TRIGGER_MISSING = "trigger_missing"


@dataclass(frozen=True, slots=True)
class Finding:
    """``where`` is an entry's number, or a row as ``table:uuid``, or a trigger's name."""

    reason: Break
    where: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    entries: int
    head: str
    rows: int
    findings: tuple[Finding, ...]

    @property
    def holds(self) -> bool:
        return not self.findings


@dataclass(slots=True)
class _Walk:
    """Where the walk over the chain stands."""

    number: int = 0
    hash: str = chain.GENESIS
    kept: Kept | None = None
    kept_differs: bool = False


def verify(*, against: Kept | None = None, state: bool = False) -> Report:
    """``against`` is a head kept elsewhere (heads.read); ``state`` also replays the facts against the rows."""
    with as_of_one_moment(connection):
        return _verify(_Walk(kept=against), _Replay() if state else None)


def _verify(walk: _Walk, replay: "_Replay | None") -> Report:
    broken: Finding | None = None
    for row in _entries():
        broken = _check(walk, row)
        if broken is not None:
            break
        if replay is not None:
            replay.take(row)
    findings = [found for found in (broken, *_ends(walk, broken)) if found is not None]
    if replay is not None and broken is None:
        findings += replay.compare()
    findings += [Finding(Break.TRIGGER_MISSING, name) for name in sorted(triggers.missing(connection))]
    return Report(walk.number, walk.hash, replay.rows if replay else 0, tuple(findings))


def _entries() -> Iterator[tuple[object, ...]]:
    return Entry.objects.order_by("number").values_list(*COLUMNS).iterator(chunk_size=CHUNK)


def _check(walk: _Walk, row: tuple[object, ...]) -> Finding | None:
    number, fact, version, body, subject, actor, at, world, topics, digest, previous, own = row
    if number != walk.number + 1:
        return Finding(Break.ENTRY_MISSING, str(walk.number + 1))
    content = chain.Content(fact, version, body, subject, actor, at, world, topics)  # type: ignore[arg-type]  # values_list has no row type
    if chain.digest(content) != digest:
        return Finding(Break.ENTRY_CHANGED, str(number), str(fact))
    if previous != walk.hash or chain.link(walk.number + 1, walk.hash, str(digest)) != own:
        return Finding(Break.CHAIN_BROKEN, str(number), str(fact))
    walk.number, walk.hash = walk.number + 1, str(own)
    if walk.kept is not None and walk.kept.number == number:
        walk.kept_differs = walk.kept.hash != own
    return None


def _ends(walk: _Walk, broken: Finding | None) -> Iterator[Finding]:
    """What only shows at the end of the walk: a tail cut off, a head that is another chain's."""
    if broken is None:
        head = Head.objects.filter(pk=1).first() or Head(number=0, hash=chain.GENESIS)
        if head.number > walk.number:
            yield Finding(Break.TAIL_CUT, str(walk.number + 1), f"{walk.number} < {head.number}")
        elif (head.number, head.hash) != (walk.number, walk.hash):
            yield Finding(Break.HEAD_DIFFERS, str(head.number))
    if walk.kept is None:
        return
    if walk.kept_differs:
        yield Finding(Break.HEAD_DIFFERS, str(walk.kept.number), "against")
    elif broken is None and walk.kept.number > walk.number:
        yield Finding(Break.TAIL_CUT, str(walk.number + 1), f"{walk.number} < {walk.kept.number}")


class _Replay:
    """Folds what facts say they wrote: the last writer of a column counts."""

    def __init__(self) -> None:
        self.rows = 0
        self._expected: dict[str, dict[str, dict[str, JSON] | None]] = {table: {} for table in states.tables()}
        self._unreadable: list[Finding] = []

    def take(self, row: tuple[object, ...]) -> None:
        kind = facts.kind_of(str(row[1]))
        if kind is None:
            return  # a fact of a package that is not installed says nothing about rows that are
        try:
            written = kind.read(str(row[3])).sets()
        except (msgspec.MsgspecError, ValueError) as error:
            self._unreadable.append(Finding(Break.UNREADABLE, str(row[0]), str(error)))
            return
        for key, columns in written.items():
            table, _, identity = key.partition(":")
            rows = self._expected.setdefault(table, {})
            if columns is None:
                rows[identity] = None
            else:
                rows[identity] = {**(rows.get(identity) or {}), **columns}

    def compare(self) -> list[Finding]:
        """The first difference of each table, tables in order."""
        found = list(self._unreadable[:1])
        for table, rows in states.tables().items():
            found += list(_first(self._differences(table, rows)))
        return found

    def _differences(self, table: str, rows: states.Rows) -> Iterator[Finding]:
        expected = self._expected.get(table, {})
        seen: set[str] = set()
        for identity, columns in rows():
            self.rows += 1
            seen.add(identity)
            wanted = expected.get(identity)
            if wanted is None:
                yield Finding(Break.ROW_UNKNOWN, f"{table}:{identity}")
                continue
            for name, value in wanted.items():
                if name in columns and columns[name] != value:
                    yield Finding(Break.ROW_CHANGED, f"{table}:{identity}", name)
        gone = (identity for identity, wanted in expected.items() if wanted is not None and identity not in seen)
        yield from (Finding(Break.ROW_MISSING, f"{table}:{identity}") for identity in gone)


def _first(found: Iterator[Finding]) -> Iterator[Finding]:
    for finding in found:
        yield finding
        return

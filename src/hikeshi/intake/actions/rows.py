"""Alert rows read and written in bulk with plain SQL, for both databases. The ORM costs three times as much."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from typing import TypeAlias, TypeVar
from uuid import UUID

import msgspec
from django.db import connection

from hikeshi.intake.folding import Folded
from hikeshi.intake.gathering import Row
from hikeshi.intake.models import Alert
from hikeshi.intake.preparing import Sighting
from hikeshi.intake.verdicts import Verdict
from hikeshi.kernel import straight

Value: TypeAlias = str | int | bool | bytes | datetime | UUID | None
T = TypeVar("T")
CHUNK = 400
"""Rows of one statement: SQLite allows 32,766 values in it."""


_encode, _read_uuid = msgspec.json.encode, msgspec.convert  # which reads a UUID six times as fast as it reads itself
# What a row is read by, in the order of the fields of `Row` and of `Folded`, which stands after the sixth.
_READ = (
    "id", "uuid", "organisation_id", "world", "source", "fingerprint", "title", "verdict", "rule", "rule_version",
    "reason", "announced", "entity", "case", "case_open", "said",
)  # fmt: skip
_READ_FOLDED = ("count", "fired", "first_seen", "last_seen", "firing_at", "resolved_at", "severity")
_MOMENTS = frozenset({"first_seen", "last_seen", "firing_at", "resolved_at"})
_DESCRIBING = ("observables", "words", "said")
_CHANGING = (
    "status", "severity", "count", "fired", "first_seen", "last_seen", "firing_at", "resolved_at", "title", "verdict",
    "rule", "rule_version", "reason", "announced", "entity", *_DESCRIBING,
)  # fmt: skip
_ONCE = (
    "uuid", "organisation_id", "world", "source", "fingerprint", "case_ref", "restricted", "secret", '"case"',
    "case_open",
)  # fmt: skip
_INSERT = (
    f"INSERT INTO intake_alert ({', '.join(_ONCE + _CHANGING)})"  # noqa: S608  # our own column names
    f" VALUES ({', '.join(['%s'] * len(_ONCE + _CHANGING))}) ON CONFLICT (fingerprint) DO NOTHING"
)
_UPDATE = f"UPDATE intake_alert SET {', '.join(f'{name} = %s' for name in _CHANGING)} WHERE id = %s"  # noqa: S608  # same
_JUDGE = (
    f"UPDATE intake_alert SET {', '.join(f'{name} = %s' for name in _CHANGING[: -len(_DESCRIBING)])}"  # noqa: S608  # same
    " WHERE id = %s"
)
# Of what came again and says nothing new: an index costs as much as all else, and only the last of these is in any.
_COUNTING = ("count", "fired", "severity", "status", "first_seen", "firing_at", "resolved_at", "last_seen")
_FOLD = f"UPDATE intake_alert SET {', '.join(f'{name} = %s' for name in _COUNTING)} WHERE id = %s"  # noqa: S608  # same
_COUNT = f"UPDATE intake_alert SET {', '.join(f'{name} = %s' for name in _COUNTING[:-1])} WHERE id = %s"  # noqa: S608  # same
_GO_ON = "UPDATE intake_alert SET count = %s, firing_at = %s, last_seen = %s WHERE id = %s"
_NORMAL = (
    "INSERT INTO intake_normalform (alert_id, normal) VALUES (%s, %s)"
    " ON CONFLICT (alert_id) DO UPDATE SET normal = excluded.normal"
)
_HOLDERS = (
    'SELECT entity, uuid, "case" FROM intake_alert WHERE (case_open OR ("case" = \'\' AND verdict = %s)) AND entity IN'
)
_BODY = (
    "INSERT INTO intake_rawbody (alert_id, slot, received_at, content_type, body) VALUES (%s, %s, %s, %s, %s)"
    " ON CONFLICT (alert_id, slot) DO UPDATE SET received_at = excluded.received_at,"
    " content_type = excluded.content_type, body = excluded.body"
)
_HEARD = (
    "INSERT INTO intake_heard (organisation_id, source, last_at, digested, rows, parked)"
    " VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (organisation_id, source) DO UPDATE SET"
    " last_at = CASE WHEN excluded.last_at > intake_heard.last_at THEN excluded.last_at ELSE intake_heard.last_at END,"
    " digested = intake_heard.digested + excluded.digested, rows = intake_heard.rows + excluded.rows,"
    " parked = intake_heard.parked + excluded.parked"
)
_HIT = (
    "INSERT INTO intake_rulehits (rule, organisation_id, day, hits, last_at) VALUES (%s, %s, %s, %s, %s)"
    " ON CONFLICT (rule, day, organisation_id) DO UPDATE SET"
    " hits = intake_rulehits.hits + excluded.hits, last_at = excluded.last_at"
)


def held(fingerprints: Sequence[str]) -> dict[str, Row]:
    """Rows that already stand for these fingerprints, locked in their order where the database can."""
    lock = " FOR UPDATE" if _postgresql() else ""
    found: dict[str, Row] = {}
    here = straight.main()
    for chunk in _chunks(fingerprints):
        cursor = straight.run(
            here,
            f"SELECT {_columns()} FROM intake_alert WHERE fingerprint IN ({_marks(chunk)}) ORDER BY fingerprint{lock}",  # noqa: S608  # our own column names
            list(chunk),
        )
        for values in cursor.fetchall():
            row = _held(values)
            found[row.fingerprint] = row
    return found


@cache
def _columns() -> str:
    """SQLite gives moments as text: what the adapter makes of them costs four times as much as `_held`."""
    text = frozenset() if _postgresql() else _MOMENTS
    names = (*_READ_FOLDED, *_READ)
    return ", ".join(f"\"{name}\" || '+00:00'" if name in text else f'"{name}"' for name in names)


_moment = datetime.fromisoformat


def _held(values: Sequence[object]) -> Row:
    """A row as the database gives it, which on SQLite knows neither zones nor UUIDs."""
    count, fired, first, last, firing, resolved, severity, pk, uuid, *row, said = values
    if not _postgresql():
        uuid = _uuid(str(uuid))
        first, last = _moment(first), _moment(last)  # type: ignore[arg-type]  # texts
        firing = None if firing is None else _moment(firing)  # type: ignore[arg-type]  # same
        resolved = None if resolved is None else _moment(resolved)  # type: ignore[arg-type]  # same
    folded = Folded(count, fired, first, last, firing, resolved, severity)  # type: ignore[arg-type]  # the columns' types
    held = Row(pk, uuid, *row[:4], folded, *row[4:])  # type: ignore[arg-type,call-arg]  # the columns have these types, and are as many
    held.said = str(said)
    return held


def _ids(fingerprints: Sequence[str]) -> dict[str, int]:
    """Plain SQL: the ORM prepares each of hundreds of values by itself."""
    here = straight.main()
    cursor = straight.run(
        here,
        f"SELECT fingerprint, id FROM intake_alert WHERE fingerprint IN ({_marks(fingerprints)})",  # noqa: S608
        list(fingerprints),
    )
    return dict(cursor.fetchall())


def _marks(values: Sequence[T]) -> str:
    return ", ".join(["%s"] * len(values))


def insert(new: Sequence[Row]) -> set[str]:
    """Writes new rows and gives them their ids. Returns the fingerprints that another digester wrote first."""
    straight.run_each(straight.main(), _INSERT, [_inserted(row) for row in new])
    ids: dict[str, int] = {}
    for chunk in _chunks([row.fingerprint for row in new]):
        ids |= _ids(chunk)
    for row in new:
        row.id = ids[row.fingerprint]
    lost = _lost(new) if _postgresql() else set()  # SQLite has one writer
    _tell([row for row in new if row.fingerprint not in lost])
    return lost


def _lost(new: Sequence[Row]) -> set[str]:
    mine = {row.id: row.uuid for row in new}
    rows = Alert.objects.filter(pk__in=mine).values_list("id", "uuid", "fingerprint")
    return {fingerprint for pk, uuid, fingerprint in rows if mine[pk] != uuid}


def _tell(rows: Sequence[Row]) -> None:
    """What describes them, in OCSF's names."""
    if rows:
        straight.run_each(straight.main(), _NORMAL, [(row.id, _encode(row.normal).decode()) for row in rows])


def update(rows: Sequence[Row]) -> None:
    """What nothing newer describes keeps what is known of it: the digest did not read that."""
    described = [(*_changing(row), row.id) for row in rows if row.words]
    judged = [(*_changing(row)[: -len(_DESCRIBING)], row.id) for row in rows if not row.words]
    for statement, changed in ((_UPDATE, described), (_JUDGE, judged)):
        if changed:
            straight.run_each(straight.main(), statement, changed)
    _tell([row for row in rows if row.words])


def fold(rows: Sequence[tuple[Row, Folded]]) -> None:
    """Of what came again and was neither judged nor described anew, each with what it was before."""
    moved, counted, went_on = [], [], []
    for row, before in rows:
        folded = row.folded
        if folded.last_seen == before.last_seen:
            counted.append((*_counting(folded), row.id))
        elif _goes_on(before, folded) and folded.firing_at is not None:
            went_on.append((folded.count, when(folded.firing_at), when(folded.last_seen), row.id))
        else:
            moved.append((*_counting(folded), when(folded.last_seen), row.id))
    for statement, changed in ((_FOLD, moved), (_COUNT, counted), (_GO_ON, went_on)):
        if changed:
            straight.run_each(straight.main(), statement, changed)


def _goes_on(before: Folded, after: Folded) -> bool:
    """Whether it fired and fires, and nothing about it is new but how often and until when: nearly all that comes."""
    told = before.fired == after.fired and before.severity == after.severity and before.first_seen == after.first_seen
    return told and after.resolved_at is None and before.firing_at is not None


def _counting(folded: Folded) -> tuple[Value, ...]:
    firing_at, resolved_at = folded.firing_at, folded.resolved_at
    return (
        folded.count,
        folded.fired,
        folded.severity,
        folded.status,
        when(folded.first_seen),
        None if firing_at is None else when(firing_at),
        None if resolved_at is None else when(resolved_at),
    )


def keep_bodies(bodies: Sequence[tuple[int, int, Sighting]]) -> None:
    """(alert id, slot, whose body); a slot taken is overwritten."""
    kept = [(pk, slot, when(one.received_at), one.content_type[:200], one.raw) for pk, slot, one in bodies]
    straight.run_each(straight.main(), _BODY, kept)


def hear(counts: Sequence[tuple[int, str, datetime, int, int, int]]) -> None:
    """(organisation, source, last at, digested, rows, parked), the last three to be added."""
    straight.run_each(straight.main(), _HEARD, [(pk, source, when(at), *added) for pk, source, at, *added in counts])


def hit(counts: Sequence[tuple[str, int, date, int, datetime]]) -> None:
    """(rule, organisation, day, times to be added, last at), sorted, so that two digesters never wait crosswise."""
    straight.run_each(
        straight.main(), _HIT, [(rule, pk, str(day), times, when(at)) for rule, pk, day, times, at in counts]
    )


def consume(receipts: Mapping[UUID, int], at: datetime) -> set[UUID]:
    """Marks receipts as worked through; returns those that nobody had, now ours."""
    ours: set[UUID] = set()
    here = straight.main()
    moment = when(at)
    # As UUIDs are ordered, who compare ten times as slowly.
    for chunk in _chunks(sorted(receipts.items(), key=lambda one: one[0].int)):
        values = [value for receipt, alerts in chunk for value in (_key(receipt), alerts, moment)]
        marks = ", ".join(["(%s, %s, %s)"] * len(chunk))
        cursor = straight.run(
            here,
            f"INSERT INTO intake_receipt (receipt, alerts, at) VALUES {marks}"  # noqa: S608  # marks only
            " ON CONFLICT (receipt) DO NOTHING RETURNING receipt",
            values,
        )
        taken = cursor.fetchall()
        whole = len(taken) == len(chunk)  # nearly always: what the database says need not be read
        ours |= {receipt for receipt, _ in chunk} if whole else {_uuid(receipt) for (receipt,) in taken}
    return ours


def consumed(receipts: Sequence[UUID]) -> set[UUID]:
    """Which of these are worked through already."""
    found: set[UUID] = set()
    here = straight.main()
    for chunk in _chunks(receipts):
        cursor = straight.run(
            here,
            f"SELECT receipt FROM intake_receipt WHERE receipt IN ({_marks(chunk)})",  # noqa: S608  # marks only
            [_key(receipt) for receipt in chunk],
        )
        found |= {_uuid(receipt) for (receipt,) in cursor.fetchall()}
    return found


def holders(entities: Sequence[str]) -> dict[str, tuple[UUID, str]]:
    """Per entity, the oldest alert whose case is open or about to be: its uuid and its case ("" while being opened)."""
    here = straight.main()
    cursor = straight.run(here, f"{_HOLDERS} ({_marks(entities)}) ORDER BY id DESC", [Verdict.OPEN.value, *entities])
    return {entity: (_uuid(uuid), case) for entity, uuid, case in cursor.fetchall()}


@cache
def _postgresql() -> bool:
    """Asked for every value; the connection answers through three layers."""
    return connection.vendor == "postgresql"


def when(at: datetime) -> Value:
    """A moment as the database keeps it: SQLite has text in UTC, as Django writes it."""
    return at if _postgresql() else _as_text(at)


@lru_cache(maxsize=4_096)
def _as_text(at: datetime) -> str:
    """Of one alert the same moment is said four times, and again with each thing that it names."""
    return (at if at.tzinfo is UTC else at.astimezone(UTC)).isoformat(" ")[: -len("+00:00")]


def _chunks(values: Sequence[T]) -> Iterator[Sequence[T]]:
    return (values[start : start + CHUNK] for start in range(0, len(values), CHUNK))


def _key(uuid: UUID) -> Value:
    return uuid if _postgresql() else uuid.hex


def _uuid(value: UUID | str) -> UUID:
    return value if isinstance(value, UUID) else _read_uuid(value, UUID)


def _inserted(row: Row) -> tuple[Value, ...]:
    once = (_key(row.uuid), row.organisation_id, row.world, row.source, row.fingerprint, "", False, "", "", False)
    return once + _changing(row)


def _changing(row: Row) -> tuple[Value, ...]:
    """What a digest may change, in the order of `_CHANGING`."""
    folded = row.folded
    return (
        folded.status,
        folded.severity,
        folded.count,
        folded.fired,
        when(folded.first_seen),
        when(folded.last_seen),
        None if folded.firing_at is None else when(folded.firing_at),
        None if folded.resolved_at is None else when(folded.resolved_at),
        row.title,
        row.verdict,
        row.rule,
        row.rule_version,
        row.reason,
        row.announced,
        row.entity,
        _encode(row.observables).decode(),
        row.words,
        row.said,
    )

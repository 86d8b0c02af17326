"""Clocks as rooms, lists and programs show them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from django.db.models import OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from hikeshi.incidents import queries as incidents
from hikeshi.incidents.queries import Incident
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.service_levels.book import Target
from hikeshi.service_levels.codes import GOING, Measure, State
from hikeshi.service_levels.models import Clock, Track
from hikeshi.service_levels.queries.history import history_of
from hikeshi.service_levels.queries.targets import book_in_force, without_calendar
from hikeshi.service_levels.reckoning import Change

FAR: Final = datetime(9999, 1, 1, tzinfo=UTC)
DEADLINE: Final = ("standing", "first_due", "priority", "-id")
"""For ``kernel.paging.paginate`` after ``by_deadline``."""


@dataclass(frozen=True, slots=True)
class Chip:
    """The clock of a record that runs out first. ``tone``: burn (over), warn (three quarters are gone), plain."""

    measure: Measure
    state: State
    due_at: datetime | None
    left: int | None
    tone: str


def _tone(row: Clock, now: datetime) -> str:
    if row.state == State.NEVER:
        return "warn"
    if row.due_at is not None and row.due_at <= now:
        return "burn"
    return "warn" if row.warn_at is not None and row.warn_at <= now else "plain"


def _chip(row: Clock, now: datetime) -> Chip:
    return Chip(Measure(row.measure), State(row.state), row.due_at, row.left, _tone(row, now))


def _soonest(row: Clock) -> tuple[bool, datetime, int]:
    """What runs comes before what stands still."""
    return (row.due_at is None, row.due_at or FAR, row.left or 0)


def chips(records: Iterable[Incident]) -> Mapping[int, Chip]:
    """For a list of records the reader sees: by their primary key, one query."""
    by_uuid = {one.uuid: one.pk for one in records}
    now = clock.now()
    going = Clock.objects.filter(incident__in=list(by_uuid), state__in=GOING)
    found: dict[int, Clock] = {}
    for row in sorted(going, key=_soonest):
        found.setdefault(by_uuid[row.incident], row)
    return {pk: _chip(row, now) for pk, row in found.items()}


def first_of(views: Sequence["ClockView"]) -> "ClockView | None":
    """The one that runs out first."""
    going = [one for one in views if one.going]
    return min(going, key=lambda one: _soonest(one.row), default=None)


@dataclass(frozen=True, slots=True)
class ClockView:
    """``calendar_gone``: the calendar its target names was removed."""

    row: Clock
    target: Target | None
    tone: str
    calendar_gone: bool = False

    @property
    def going(self) -> bool:
        return self.row.state in GOING


def clocks_of(record: Incident) -> list[ClockView]:
    """Of a record this reader has just found: what goes first, what runs out first before the others."""
    rows = list(Clock.objects.filter(incident=record.uuid))
    known = {one.code: one for one in book_in_force().book.targets} if rows else {}
    going = {row.target for row in rows if row.state in GOING}
    gone = without_calendar(known[code] for code in going if code in known)
    now = clock.now()
    ordered = sorted(rows, key=lambda row: (row.state not in GOING, *_soonest(row), row.pk))
    return [_view(row, known, gone, now) for row in ordered]


def _view(row: Clock, known: Mapping[str, Target], gone: frozenset[str], now: datetime) -> ClockView:
    if row.state not in GOING:
        return ClockView(row, known.get(row.target), "plain")
    return ClockView(row, known.get(row.target), _tone(row, now), row.target in gone)


@dataclass(frozen=True, slots=True)
class Explained:
    """``changes``: all that ever changed it, oldest first."""

    view: ClockView
    changes: tuple[Change, ...]


def explained(by: Actor, ref: str) -> tuple[Incident, list[Explained]]:
    """Every clock with its history, worked out from the ledger. Raises NotFound."""
    record = incidents.incident(by, ref)
    views = clocks_of(record)
    found = history_of(record.uuid) if views else {}
    return record, [Explained(one, found.get((Measure(one.row.measure), one.row.round), ())) for one in views]


def by_deadline(rows: QuerySet[Incident]) -> QuerySet[Incident]:
    """What runs out first comes first, what has no clock last. Looks up each row of ``rows`` once: cheap for the
    thousands that are open, not meant for a whole archive.
    """
    first = Track.objects.filter(incident=OuterRef("uuid")).values("first_due")[:1]
    return rows.annotate(first_due=Coalesce(Subquery(first), Value(FAR))).order_by(*DEADLINE)


def run_out(rows: QuerySet[Incident]) -> QuerySet[Incident]:
    """Those of ``rows`` whose first clock is over, the longest ago first: found by the index of what is due."""
    late = Track.objects.filter(first_due__lte=clock.now())
    return by_deadline(rows.filter(uuid__in=late.values("incident")))

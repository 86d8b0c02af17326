"""The plan as its page shows it: everything in so many queries, drawn by the browser row by row as one scrolls."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _

from hikeshi.accounts import queries as accounts
from hikeshi.calendars.calendar import Sort
from hikeshi.incidents import readings
from hikeshi.incidents.permissions import Verb
from hikeshi.incidents.queries import Milestone, planned
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.phrases import labels, moments
from hikeshi.phrases.wording import bracketed
from hikeshi.service_levels.queries import due
from hikeshi.web import readings as chosen
from hikeshi.web.access import SignedIn
from hikeshi.web.filters import answers, listing, words
from hikeshi.web.gantt.bars import Bar, Drawing, Group, grouped, too_early
from hikeshi.web.gantt.forms import By, Filters

RECORDS: Final = 1_000
BARS: Final = 3_000
LINES: Final = 40
"""Of the table, on one page."""
FAR: Final = timedelta(days=366)
BESIDE: Final = timedelta(days=7)
ONE: Final = timedelta(days=1)
RESTS: Final = frozenset({Sort.HOLIDAY, Sort.CLOSING, Sort.REST})
LATE, MOVABLE, NO_START, NO_DUE, MEASURE, DONE = 1, 2, 4, 8, 16, 32


@dataclass(frozen=True, slots=True)
class Days:
    """What is drawn from the first to the last of them; what began or ends farther away is cut off there."""

    first: date
    last: date
    today: date

    def of(self, day: date) -> int:
        return (day - self.first).days


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table; ``heading`` where another group begins."""

    bar: Bar
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    lines: Sequence[Line]
    number: int
    before: str
    after: str


def gantt_page(request: SignedIn) -> dict[str, object]:
    """All that the page shows."""
    asked, reading = listing.asked_of(request), chosen.chosen(request)
    filters = Filters(listing.started(request.GET, asked), reading=reading)
    rows, trouble = listing.meant_by(request, filters, asked)
    records = planned.records_of(rows, RECORDS + 1)
    jobs = planned.jobs_of(records[:RECORDS], BARS - min(len(records), RECORDS) + 1)
    some = len(records) > RECORDS or len(records) + len(jobs) > BARS
    drawing = _drawing(request.actor, records[:RECORDS], jobs[: BARS - min(len(records), RECORDS)])
    named = {one.uuid: one for one in planned.milestones()}
    groups = _groups(filters.heads, list(drawing.bars()), named)
    days = _days(drawing, groups, [one.day for one in named.values()])
    return {
        "filters": filters,
        "trouble": trouble,
        "asked": asked,
        "shelf": list(listing.tabs_of(asked)),
        "said": words.sentence(asked.meant, answers.named(request.actor, list(asked.meant)), readings.group(reading)),
        "some": some,
        "any": bool(records),
        "data": json.dumps(
            _data(request.actor, drawing, groups, days, named), ensure_ascii=False, separators=(",", ":")
        ),
        "table": _table(groups, request.GET, filters),
        "may_work": request.actor.may(Verb.WORK),
        "may_mark": may_mark(request.actor),
    }


def may_mark(by: Actor) -> bool:
    return by.may(Verb.COMMAND, accounts.root().pk)


def _drawing(by: Actor, records: Sequence[planned.Record], jobs: Sequence[planned.Job]) -> Drawing:
    """Tasks of a record stand together, in the order of their records."""
    open_ = [one.uuid for one in records if not one.standing]
    able = frozenset(by.organisations(Verb.WORK)) if by.may(Verb.WORK) else frozenset()
    return Drawing(clock.now(), records, jobs, due.first_due_of(open_), able)


Named = Mapping[UUID, Milestone]


def _groups(by: By, bars: Sequence[Bar], named: Named) -> list[Group]:
    """Under their record the bars stand as they are: its own bar heads them."""
    if by == By.RECORD:
        return [Group("", "", bars)] if bars else []
    under: Mapping[By, Callable[[Bar], tuple[str, str]]] = {
        By.OWNER: lambda bar: (f"{bar.owner} {bar.owner_key}", bar.owner) if bar.owner_key else ("", _("Nobody")),
        By.KIND: lambda bar: (bar.record.kind, labels.label("kind", bar.record.kind)),
        By.MILESTONE: lambda bar: _milestone(bar, named),
    }
    return grouped(bars, under[by])


def _milestone(bar: Bar, named: Named) -> tuple[str, str]:
    found = named.get(bar.job.milestone) if bar.job and bar.job.milestone else None
    return (f"{found.day} {found.pk}", f"{found.name}{bracketed(found.day)}") if found else ("", _("No milestone"))


def _days(drawing: Drawing, groups: Sequence[Group], marks: Sequence[date]) -> Days:
    today = moments.local(drawing.now).date()
    bars = [bar for group in groups for bar in group.bars]
    first = min((one.start for one in bars), default=today)
    last = max((*(one.due for one in bars), *marks), default=today)
    return Days(max(first, today - FAR) - BESIDE, min(max(last, today), today + FAR) + 2 * BESIDE, today)


def _data(by: Actor, drawing: Drawing, groups: Sequence[Group], days: Days, named: Named) -> dict[str, object]:
    """Small, for there may be thousands: rows are lists, days are counted from the first."""
    mine = accounts.myself(by)
    working = accounts.calendar_of(mine.organisation) if mine else accounts.standard_calendar()
    many = days.of(days.last) + 1
    rest = [number for number in range(many) if working.about(days.first + number * ONE).sort in RESTS]
    marks = [[days.of(one.day), one.name] for one in named.values() if 0 <= days.of(one.day) < many]
    return {
        "first": days.first.isoformat(),
        "days": many,
        "today": days.of(days.today),
        "rest": rest,
        "marks": marks,
        "rows": list(_rows(drawing, groups, days).all()),
    }


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows in short. ``places``: in which row a task stands, by its uuid; ``jobs``: the tasks by theirs."""

    drawing: Drawing
    groups: Sequence[Group]
    days: Days
    jobs: Mapping[str, planned.Job]
    places: Mapping[str, int]

    def all(self) -> Iterator[list[object]]:
        for group in self.groups:
            if group.heading:
                yield [0, group.heading, len(group.bars)]
            for bar in group.bars:
                yield self._record(bar) if bar.job is None else self._job(bar, bar.job)

    def _span(self, bar: Bar) -> tuple[int, int, int]:
        return (self.days.of(bar.start), self.days.of(bar.due), bar.share)

    def _record(self, bar: Bar) -> list[object]:
        one = bar.record
        return [1, one.ref, bar.title, bar.owner, *self._span(bar), _flags(bar)]

    def _job(self, bar: Bar, job: planned.Job) -> list[object]:
        there = [one for one in job.after if one in self.places]
        early = [self.places[one] for one in there if too_early(job, self.jobs[one], self.drawing.now)]
        after = [self.places[one] for one in there]
        whole = [2, bar.record.ref, bar.title, bar.owner, *self._span(bar), _flags(bar)]
        return [*whole, str(job.uuid), job.version, after, early]


def _rows(drawing: Drawing, groups: Sequence[Group], days: Days) -> Rows:
    places: dict[str, int] = {}
    place = 0
    for group in groups:
        place += bool(group.heading)
        for bar in group.bars:
            if bar.job is not None:
                places[str(bar.job.uuid)] = place
            place += 1
    return Rows(drawing, groups, days, {str(one.uuid): one for one in drawing.jobs}, places)


def _flags(bar: Bar) -> int:
    said = (
        (bar.late, LATE),
        (bar.movable, MOVABLE),
        (not bar.begun, NO_START),
        (not bar.ends, NO_DUE),
        (bar.measure, MEASURE),
        (bar.done, DONE),
    )
    return sum(bit for holds, bit in said if holds)


def _table(groups: Sequence[Group], sent: QueryDict, filters: Filters) -> Table:
    """A page of the same rows, with fields for their days."""
    asked = sent.get("page") or ""
    number = int(asked) if asked.isdecimal() and len(asked) < 5 else 1
    lines = [Line(bar, group.heading if place == 0 else "") for group in groups for place, bar in enumerate(group.bars)]
    number = max(1, min(number, -(-len(lines) // LINES)))
    shown = lines[(number - 1) * LINES : number * LINES]
    before = filters.query(page=str(number - 1)) if number > 1 else ""
    after = filters.query(page=str(number + 1)) if number * LINES < len(lines) else ""
    return Table(shown, number, before, after)

"""Bars in rows: which days each takes, how far it has come, after which others it may begin."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from itertools import groupby
from typing import Final
from uuid import UUID

from django.utils import timezone

from hikeshi.incidents.codes import LEARN
from hikeshi.incidents.queries.planned import Job, Record
from hikeshi.phrases import moments

ONE: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Bar:
    """``start`` and ``due`` are the days that are drawn; ``begun`` and ``ends`` whether somebody said them. ``share``:
    of what is to be done, in percent. ``job`` None: the bar of the record itself, which nobody moves.
    """

    record: Record
    start: date
    due: date
    share: int
    late: bool
    movable: bool = False
    begun: bool = True
    ends: bool = True
    job: Job | None = None

    @property
    def title(self) -> str:
        return self.job.title if self.job else self.record.title

    @property
    def owner(self) -> str:
        return (self.job.owner if self.job else self.record.owner) or ""

    @property
    def owner_key(self) -> int | None:
        return self.job.owner_key if self.job else self.record.owner_key

    @property
    def done(self) -> bool:
        return self.share == 100

    @property
    def measure(self) -> bool:
        return self.job is not None and self.job.phase == LEARN


@dataclass(frozen=True, slots=True)
class Group:
    """``key``: by what headings are put in order; empty for what belongs under none, which stands last."""

    key: str
    heading: str
    bars: Sequence[Bar]


@dataclass(frozen=True, slots=True)
class Drawing:
    """What bars are drawn from. ``workable``: organisations whose tasks the reader may plan. ``zone`` is the reader's,
    asked for once: there are thousands of days to be found in it.
    """

    now: datetime
    records: Sequence[Record]
    jobs: Sequence[Job]
    first_due: Mapping[UUID, datetime] = field(default_factory=dict)
    workable: frozenset[int] = frozenset()
    zone: tzinfo = field(default_factory=timezone.get_current_timezone)

    def bars(self) -> Iterator[Bar]:
        """Each record, and its tasks below it."""
        jobs = {key: list(some) for key, some in groupby(self.jobs, key=lambda one: one.record)}
        today = self._day(self.now)
        for record in self.records:
            below = jobs.get(record.pk, [])
            yield self._of_record(record, below, today)
            able = record.organisation in self.workable and record.merged_into is None
            for job in below:
                yield self._of_job(record, job, able, today)

    def _of_record(self, record: Record, jobs: Sequence[Job], today: date) -> Bar:
        """From its opening to the last day anything of it is due, at least until today while it is open."""
        start, over = self._day(record.opened_at), record.standing > 0
        ends = [self._day(record.updated_at)] if over else [today]
        due = None if over else self.first_due.get(record.uuid)
        ends += [self._day(at) for at in (due, *(one.due_at for one in jobs if one.done_at is None)) if at and not over]
        done = sum(one.done_at is not None for one in jobs)
        share = 100 if over else min(done * 100 // len(jobs), 99) if jobs else 0
        late = due is not None and due < self.now
        return Bar(record, start, max(start, *ends), share, late, ends=over or due is not None)

    def _of_job(self, record: Record, job: Job, able: bool, today: date) -> Bar:
        """Without a start it is drawn from the day it was written down, without an end until today."""
        due = self._day(job.due_at) if job.due_at else None
        start = self._day(job.start_at or job.added_at)
        start = min(start, due) if due and job.start_at is None else start
        end = due or (self._day(job.done_at) if job.done_at else max(today, start))
        return Bar(
            record=record,
            start=start,
            due=max(start, end),
            share=100 if job.done_at else 0,
            late=job.done_at is None and job.due_at is not None and job.due_at < self.now,
            movable=able and job.done_at is None,
            begun=job.start_at is not None,
            ends=due is not None,
            job=job,
        )

    def _day(self, at: datetime) -> date:
        return moments.local(at, self.zone).date()


def too_early(job: Job, before: Job, now: datetime) -> bool:
    """It begins before that other is due, or was to have begun by now and the other is not done."""
    if job.done_at is not None or before.done_at is not None or job.start_at is None:
        return False
    return job.start_at < now or (before.due_at is not None and job.start_at < before.due_at)


def grouped(bars: Sequence[Bar], under: Callable[[Bar], tuple[str, str]]) -> list[Group]:
    """``under``: what a heading is put in order by, and the heading; what has none stands last."""
    held: dict[tuple[str, str], list[Bar]] = {}
    for bar in bars:
        held.setdefault(under(bar), []).append(bar)
    found = [Group(order, heading, some) for (order, heading), some in held.items()]
    return sorted(found, key=lambda one: (not one.key, one.key, one.heading))

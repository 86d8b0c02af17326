"""What people carry. However many people and records: the same number of queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from hikeshi.accounts import hours
from hikeshi.accounts import queries as accounts
from hikeshi.accounts.models import Organisation
from hikeshi.accounts.queries import Person
from hikeshi.calendars.calendar import Calendar
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.load import capacity
from hikeshi.load.book import Book, Limits
from hikeshi.load.codes import Mark
from hikeshi.load.models import Profile
from hikeshi.load.queries import weighing
from hikeshi.load.queries.profiles import skilled
from hikeshi.load.queries.settings import in_force
from hikeshi.load.queries.weighing import All, Duty, Seen, Tasks

LONG: Final = timedelta(hours=4)
"""Who is back sooner finds their records as they left them."""


@dataclass(frozen=True, slots=True)
class Figures:
    """One person's. ``seen`` is about records the reader sees; ``open`` counts all. ``remaining`` and ``capacity`` are
    minutes, the latter of the next seven days; ``away`` until when. ``duty`` hours and ``nights`` calls of this week.
    ``grave``: open records of priority 1 and 2 that wait for nobody else.
    """

    person: Person
    seen: Seen
    open: int
    unestimated: int
    tasks: int
    remaining: int
    capacity: int
    duty: timedelta
    nights: int
    shift_until: datetime | None
    away: datetime | None
    skills: tuple[str, ...]
    marks: tuple[Mark, ...]
    grave: int

    @property
    def absent(self) -> bool:
        """Somebody else has to see to their records."""
        return Mark.GONE in self.marks or Mark.AWAY in self.marks

    @property
    def hidden(self) -> int:
        return max(self.open - self.seen.count, 0)

    @property
    def percent(self) -> int | None:
        return capacity.percent(self.remaining, self.capacity)

    @property
    def duty_hours(self) -> float:
        return round(self.duty / timedelta(hours=1), 1)

    @property
    def heaviest_first(self) -> tuple[bool, int, int, str]:
        full = self.percent
        return (not self.marks, -self.open, -(10_000 if full is None else full), self.person.name)


def week_of(now: datetime, zone: str) -> datetime:
    """When Monday began there."""
    here = now.astimezone(ZoneInfo(zone))
    monday = here.date() - timedelta(days=here.weekday())
    return datetime.combine(monday, time(), tzinfo=ZoneInfo(zone))


@dataclass(frozen=True, slots=True)
class _Sums:
    now: datetime
    book: Book
    seen: Mapping[int, Seen]
    all: Mapping[int, All]
    tasks: Mapping[int, Tasks]
    duty: Mapping[str, Duty]
    nights: Mapping[int, int]
    away: Mapping[int, list[capacity.Spell]]
    profiles: Mapping[int, Profile]
    calendars: Mapping[int, Calendar]
    untouched: Mapping[Calendar, datetime | None]


def figures(by: Actor, people: Sequence[Person]) -> dict[int, Figures]:
    """By the person's id. Whether the reader may know these people is for whoever asks."""
    if not people:
        return {}
    sums = _sums(by, people)
    return {one.pk: _of(one, sums) for one in people}


def _sums(by: Actor, people: Sequence[Person]) -> _Sums:
    now, ids, book = clock.now(), [one.pk for one in people], in_force().book
    monday = week_of(now, accounts.site().time_zone)
    calendars = _calendars(people)
    idle = book.limits.idle_hours
    kept = set(calendars.values()) if idle is not None else set()
    return _Sums(
        now=now,
        book=book,
        seen=weighing.seen(by, ids),
        all=weighing.everything(ids),
        tasks=weighing.tasks(ids),
        duty=weighing.duty(monday, now),
        nights=weighing.nights(people, monday, monday + weighing.WEEK),
        away=weighing.absences(ids, now, now + capacity.AHEAD),
        profiles=skilled(ids),
        calendars=calendars,
        untouched={one: capacity.before(one, now, timedelta(hours=idle or 0)) for one in kept},
    )


def _calendars(people: Sequence[Person]) -> dict[int, Calendar]:
    """Whose hours each works by: three queries."""
    paths = dict(Organisation.objects.values_list("pk", "path"))
    keeping = Organisation.objects.filter(calendar__isnull=False).select_related("calendar")
    kept = {place.path: hours.read(place.calendar) for place in keeping if place.calendar}
    standard = accounts.standard_calendar()
    found: dict[int, Calendar] = {}
    for place in {one.organisation_id for one in people}:
        above = [path for path in kept if paths[place].startswith(path)]
        found[place] = kept[max(above, key=len)] if above else standard
    return {one.pk: found[one.organisation_id] for one in people}


def _of(person: Person, sums: _Sums) -> Figures:
    whole, tasks = sums.all.get(person.pk, All()), sums.tasks.get(person.pk, Tasks())
    duty = sums.duty.get(f"person:{person.uuid}", Duty())
    row, calendar, away = sums.profiles.get(person.pk), sums.calendars[person.pk], sums.away.get(person.pk, [])
    able = capacity.capacity(calendar, row.weekly if row else None, away, sums.now) if person.is_active else 0
    gone = [end for begin, end in away if begin <= sums.now]
    remaining, until = whole.minutes + tasks.minutes, max(gone, default=None)
    return Figures(
        person=person,
        seen=sums.seen.get(person.pk, Seen()),
        open=whole.count,
        unestimated=whole.unestimated,
        tasks=tasks.count,
        remaining=remaining,
        capacity=able,
        duty=duty.length,
        nights=sums.nights.get(person.pk, 0),
        shift_until=duty.until,
        away=until,
        skills=tuple(one for one in (row.skills if row else ()) if one in sums.book.names),
        marks=(
            *_absent(person, whole, until, sums.now),
            *_marks(whole, capacity.percent(remaining, able), sums.book.limits, sums.untouched.get(calendar)),
        ),
        grave=whole.grave,
    )


def _absent(person: Person, whole: All, until: datetime | None, now: datetime) -> tuple[Mark, ...]:
    if not person.is_active:
        return (Mark.GONE,) if whole.count else ()
    return (Mark.AWAY,) if whole.moving and until is not None and until - now >= LONG else ()


def _marks(whole: All, full: int | None, limits: Limits, since: datetime | None) -> tuple[Mark, ...]:
    found = {
        Mark.TOO_MANY: limits.most_open is not None and whole.count > limits.most_open,
        Mark.OVERLOADED: limits.percent is not None and (full is None or full > limits.percent),
        Mark.UNTOUCHED: since is not None and whole.oldest is not None and whole.oldest < since,
    }
    return tuple(mark for mark, holds in found.items() if holds)

"""Days of a month, a week or a list, drawn by the server as a plain table."""

import calendar
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import get_language

from hikeshi.accounts import queries as accounts
from hikeshi.calendars.calendar import Calendar, Sort
from hikeshi.incidents.queries import planned
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.lists import queries as lists
from hikeshi.web.calendar.events import Event, Span, gathered

ONE: Final = timedelta(days=1)
WEEK: Final = 7
INSTANT: Final = timedelta(microseconds=1)
SHOWN: Final = 5
"""On one day of a month; the others are named by their number."""
FIRST_YEAR, LAST_YEAR = 2000, 2098


class Form(StrEnum):
    MONTH = "month"
    WEEK = "week"
    LIST = "list"


class Whose(StrEnum):
    ALL = "all"
    TEAM = "team"
    MINE = "mine"


@dataclass(frozen=True, slots=True)
class Asked:
    form: Form
    whose: Whose
    on: date

    @property
    def first(self) -> date:
        """Of the days that are shown: weeks begin with Monday."""
        if self.form == Form.MONTH:
            start = self.on.replace(day=1)
            return start - start.weekday() * ONE
        return self.on - self.on.weekday() * ONE if self.form == Form.WEEK else self.on

    @property
    def last(self) -> date:
        if self.form == Form.MONTH:
            end = self.on.replace(day=calendar.monthrange(self.on.year, self.on.month)[1])
            return end + (WEEK - 1 - end.weekday()) * ONE
        return self.first + (WEEK - 1 if self.form == Form.WEEK else 4 * WEEK) * ONE

    def query(self, *, form: str = "", whose: str = "", on: date | None = None) -> str:
        return f"as={form or self.form}&who={whose or self.whose}&on={(on or self.on).isoformat()}"

    @property
    def before(self) -> str:
        return self.query(on=(self.on.replace(day=1) if self.form == Form.MONTH else self.first) - self._step)

    @property
    def after(self) -> str:
        return self.query(on=self.last + ONE if self.form != Form.MONTH else self.on.replace(day=28) + 4 * ONE)

    @property
    def all(self) -> str:
        return self.query(whose=Whose.ALL)

    @property
    def team(self) -> str:
        return self.query(whose=Whose.TEAM)

    @property
    def mine(self) -> str:
        return self.query(whose=Whose.MINE)

    @property
    def _step(self) -> timedelta:
        return ONE if self.form == Form.MONTH else self.last - self.first + ONE


def asked_of(sent: QueryDict) -> Asked:
    """What is no choice is left out, as if nobody had asked."""
    today = timezone.localtime(clock.now()).date()
    form, whose = sent.get("as", ""), sent.get("who", "")
    return Asked(
        Form(form) if form in set(Form) else Form.MONTH,
        Whose(whose) if whose in set(Whose) else Whose.ALL,
        _day(sent.get("on", ""), today),
    )


def _day(text: str, today: date) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return today
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else today


@dataclass(frozen=True, slots=True)
class Day:
    """``name``: why nobody works, where there is a word for it. ``other``: of another month."""

    day: date
    events: Sequence[Event]
    rest: bool
    today: bool
    other: bool = False
    name: str = ""
    most: int = SHOWN

    @property
    def begin(self) -> datetime:
        return _midnight(self.day)

    @property
    def shown(self) -> Sequence[Event]:
        return self.events[: self.most]

    @property
    def more(self) -> int:
        return max(len(self.events) - self.most, 0)


@dataclass(frozen=True, slots=True)
class Page:
    """``cut``: from that day on there is more than is shown; None where everything is."""

    asked: Asked
    weeks: Sequence[Sequence[Day]]
    cut: date | None = None

    @property
    def days(self) -> Iterator[Day]:
        """For the list: those on which something stands."""
        return (one for week in self.weeks for one in week if one.events)

    @property
    def any(self) -> bool:
        return any(one.events for week in self.weeks for one in week)

    @property
    def today(self) -> date:
        return timezone.localtime(clock.now()).date()


def page(by: Actor, asked: Asked) -> Page:
    since, until = _midnight(asked.first), _midnight(asked.last + ONE)
    found = gathered(by, Span(since, until, _people(by, asked.whose)))
    mine = accounts.myself(by)
    working = accounts.calendar_of(mine.organisation) if mine else accounts.standard_calendar()
    days = [_made(asked, day, here, working) for day, here in _by_day(asked, found).items()]
    return Page(asked, [days[start : start + WEEK] for start in range(0, len(days), WEEK)], _cut(found))


def _cut(found: Sequence[Event]) -> date | None:
    """Of each kind the first are asked for by their time: where there are so many, the rest is missing."""
    ends = []
    for kind in ("task", "clock", "wait"):
        moments = [one.begin for one in found if one.kind == kind]
        ends += [max(moments)] if len(moments) >= planned.MOST else []
    return timezone.localtime(min(ends)).date() if ends else None


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _people(by: Actor, whose: Whose) -> dict[int, str] | None:
    """Keys and references of those whose things are asked for."""
    if whose == Whose.ALL:
        return None
    mine = accounts.myself(by)
    people = {mine.pk: f"person:{mine.uuid}"} if mine else {}
    return people | lists.team_mates(by) if whose == Whose.TEAM else people


def _by_day(asked: Asked, found: Sequence[Event]) -> dict[date, list[Event]]:
    """Every day asked for, with the events that touch it in the order they came."""
    days: dict[date, list[Event]] = {day: [] for day in _days(asked.first, asked.last)}
    for one in found:
        for day in _days(max(asked.first, timezone.localtime(one.begin).date()), min(asked.last, _last(one))):
            days[day].append(one)
    return days


def _days(first: date, last: date) -> Iterator[date]:
    return (first + number * ONE for number in range((last - first).days + 1))


def _last(one: Event) -> date:
    """What ends at midnight does not stand in the day that begins then."""
    if one.end is None or one.end <= one.begin:
        return timezone.localtime(one.begin).date()
    return timezone.localtime(one.end - INSTANT).date()


def _made(asked: Asked, day: date, here: Sequence[Event], working: Calendar) -> Day:
    about = working.about(day)
    name = about.ja if (get_language() or "en").startswith("ja") else about.en
    return Day(
        day=day,
        events=here,
        rest=about.sort in {Sort.HOLIDAY, Sort.CLOSING, Sort.REST},
        today=day == timezone.localtime(clock.now()).date(),
        other=asked.form == Form.MONTH and day.month != asked.on.month,
        name=name,
        most=SHOWN if asked.form == Form.MONTH else len(here),
    )

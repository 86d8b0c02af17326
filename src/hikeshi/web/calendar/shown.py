"""Days of a month, a week or a list, drawn by the server as a plain table."""

import calendar
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import get_language

from hikeshi.accounts import queries as accounts
from hikeshi.calendars.calendar import Calendar, Sort
from hikeshi.incidents.queries import daily
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.lists import queries as lists
from hikeshi.phrases import moments
from hikeshi.web.calendar.events import Event, Span, gathered

ONE: Final = timedelta(days=1)
WEEK: Final = 7
INSTANT: Final = timedelta(microseconds=1)
FIRST_YEAR, LAST_YEAR = 2000, 2098


class Form(StrEnum):
    MONTH = "month"
    WEEK = "week"
    LIST = "list"


SHOWN: Final[Mapping[Form, int]] = {Form.MONTH: 5, Form.WEEK: 20, Form.LIST: 10}
"""On one day; the others are named by their number, and stand in the list that begins with their day."""
FIRST: Final = 200
"""On the first day of a list."""


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
    today = moments.local(clock.now()).date()
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
    """``name``: why nobody works, where there is a word for it. ``other``: of another month. ``most`` of the events are
    shown; ``left``: how many there are beside them.
    """

    day: date
    events: Sequence[Event]
    rest: bool
    today: bool
    other: bool = False
    name: str = ""
    most: int = 0
    left: int = 0

    @property
    def begin(self) -> datetime:
        return _midnight(self.day)

    @property
    def shown(self) -> Sequence[Event]:
        return self.events[: self.most]

    @property
    def more(self) -> int:
        """Exact unless there are more than are counted."""
        return max(len(self.events) - self.most, 0) + self.left

    @property
    def uncounted(self) -> int:
        """More than so many, which nobody counted; 0 where ``more`` says it."""
        return daily.COUNTED if self.more > daily.COUNTED else 0


@dataclass(frozen=True, slots=True)
class Page:
    asked: Asked
    weeks: Sequence[Sequence[Day]]

    @property
    def days(self) -> Iterator[Day]:
        """For the list: those on which something stands."""
        return (one for week in self.weeks for one in week if one.events)

    @property
    def any(self) -> bool:
        return any(one.events for week in self.weeks for one in week)

    @property
    def full(self) -> Day | None:
        """The first day of a list, where even that holds more than is shown."""
        first = self.weeks[0][0]
        return first if self.asked.form == Form.LIST and first.more else None

    @property
    def today(self) -> date:
        return moments.local(clock.now()).date()


def page(by: Actor, asked: Asked) -> Page:
    shown = list(_days(asked.first, asked.last))
    few = SHOWN[asked.form]
    most = FIRST if asked.form == Form.LIST else few
    bounds = [_midnight(day) for day in (*shown, asked.last + ONE)]
    found = gathered(by, Span(daily.Days(bounds, few, most), _people(by, asked.whose)))
    mine = accounts.myself(by)
    working = accounts.calendar_of(mine.organisation) if mine else accounts.standard_calendar()
    here = _by_day(asked, found.events)
    days = [
        _made(asked, working, Part(day, here[day], found.left.get(number, 0), most if number == 0 else few))
        for number, day in enumerate(shown)
    ]
    return Page(asked, [days[start : start + WEEK] for start in range(0, len(days), WEEK)])


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
        for day in _days(max(asked.first, moments.local(one.begin).date()), min(asked.last, _last(one))):
            days[day].append(one)
    return days


def _days(first: date, last: date) -> Iterator[date]:
    return (first + number * ONE for number in range((last - first).days + 1))


def _last(one: Event) -> date:
    """What ends at midnight does not stand in the day that begins then."""
    if one.end is None or one.end <= one.begin:
        return moments.local(one.begin).date()
    return moments.local(one.end - INSTANT).date()


@dataclass(frozen=True, slots=True)
class Part:
    day: date
    events: Sequence[Event]
    left: int
    most: int


def _made(asked: Asked, working: Calendar, part: Part) -> Day:
    about = working.about(part.day)
    name = about.ja if (get_language() or "en").startswith("ja") else about.en
    return Day(
        day=part.day,
        events=part.events,
        rest=about.sort in {Sort.HOLIDAY, Sort.CLOSING, Sort.REST},
        today=part.day == moments.local(clock.now()).date(),
        other=asked.form == Form.MONTH and part.day.month != asked.on.month,
        name=name,
        most=part.most,
        left=part.left,
    )

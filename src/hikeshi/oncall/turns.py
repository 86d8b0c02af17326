"""Whose turn it is in one layer: hand-overs by the wall clock of the layer's zone, and the hours in which it holds.

Hand-overs stand at wall times: a week handed over on Monday at nine is handed over at nine in summer and in winter. A
time that comes twice hands over the first time, one that is left out at the moment of the change. Months keep the day
of the first hand-over, or the last day of a month that is too short. Hours are those the wall shows: what comes twice
holds twice. A night belongs to the day it begins on, and so does whether that day is a holiday. Pure.
"""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from hikeshi.calendars import wall
from hikeshi.calendars.calendar import Calendar, Sort
from hikeshi.calendars.hours import DAY, Span, Spans
from hikeshi.calendars.wall import Stretch

ONE: Final = timedelta(days=1)
WHOLE_DAY: Final = (Span(0, DAY),)
OFF: Final = frozenset({Sort.HOLIDAY, Sort.CLOSING})


class Unit(StrEnum):
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class Holidays(StrEnum):
    """What public holidays and closing days mean to a layer."""

    ALIKE = "alike"  # a day like any other
    SKIPPED = "skipped"
    ONLY = "only"


_LENGTH: Final = {Unit.HOUR: timedelta(hours=1), Unit.DAY: ONE, Unit.WEEK: 7 * ONE}


@dataclass(frozen=True, slots=True)
class Layer:
    """People in turn. ``begins`` and ``ends`` are times on the wall of ``zone``; ``week`` is empty, or hours of seven
    days, Monday first. ``calendar`` says which days are holidays.
    """

    zone: str
    begins: datetime
    people: tuple[str, ...] = ()
    unit: Unit = Unit.WEEK
    every: int = 1
    week: tuple[Spans, ...] = ()
    holidays: Holidays = Holidays.ALIKE
    calendar: Calendar | None = None
    ends: datetime | None = None
    name: str = ""

    @property
    def place(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    @property
    def limited(self) -> bool:
        return bool(self.week) or self.holidays != Holidays.ALIKE


@dataclass(frozen=True, slots=True)
class Turn:
    """``number`` counts hand-overs from the layer's first, which is 0."""

    begin: datetime
    end: datetime
    number: int


def wall_of(layer: Layer, number: int) -> datetime:
    """What the wall shows at that hand-over."""
    if layer.unit != Unit.MONTH:
        return layer.begins + number * layer.every * _LENGTH[layer.unit]
    months = layer.begins.year * 12 + layer.begins.month - 1 + number * layer.every
    year, month = divmod(months, 12)
    return layer.begins.replace(year=year, month=month + 1, day=min(layer.begins.day, monthrange(year, month + 1)[1]))


def hand_over(layer: Layer, number: int) -> datetime:
    return wall.first(layer.place, wall_of(layer, number))


def number_at(layer: Layer, at: datetime) -> int:
    """The turn of that moment; negative before the first."""
    number = _guess(layer, at.astimezone(layer.place).replace(tzinfo=None))
    while hand_over(layer, number) > at:
        number -= 1
    while hand_over(layer, number + 1) <= at:
        number += 1
    return number


def _guess(layer: Layer, shown: datetime) -> int:
    if layer.unit != Unit.MONTH:
        return (shown - layer.begins) // (layer.every * _LENGTH[layer.unit])
    months = (shown.year - layer.begins.year) * 12 + shown.month - layer.begins.month
    return months // layer.every


def turns(layer: Layer, since: datetime, until: datetime) -> Iterator[Turn]:
    """Those that touch the time between, cut to it."""
    last = until if layer.ends is None else min(until, wall.first(layer.place, layer.ends))
    number = max(number_at(layer, since), 0)
    begin = hand_over(layer, number)
    while begin < last:
        end = hand_over(layer, number + 1)
        if max(begin, since) < min(end, last):
            yield Turn(max(begin, since), min(end, last), number)
        begin, number = end, number + 1


def held(layer: Layer, since: datetime, until: datetime) -> list[Stretch]:
    """When the layer holds at all, in order, none touching the next."""
    if not layer.limited:
        return [(since, until)]
    day, last = since.astimezone(layer.place).date() - ONE, until.astimezone(layer.place).date()
    found: list[Stretch] = []
    while day <= last:
        for begin, end in _of_day(layer, day):
            if found and begin <= found[-1][1]:
                found[-1] = (found[-1][0], max(end, found[-1][1]))
            else:
                found.append((begin, end))
        day += ONE
    return [(max(begin, since), min(end, until)) for begin, end in found if begin < until and end > since]


def _of_day(layer: Layer, day: date) -> tuple[Stretch, ...]:
    """In UTC, of the hours that begin on this day."""
    midnight = datetime.combine(day, time())
    found: list[Stretch] = []
    for span in _spans(layer, day):
        found += wall.between(layer.place, midnight + _minutes(span.start), midnight + _minutes(span.end))
    return tuple(sorted(found))


def _spans(layer: Layer, day: date) -> Spans:
    if layer.holidays != Holidays.ALIKE and is_off(layer.calendar, day) != (layer.holidays == Holidays.ONLY):
        return ()
    return layer.week[day.weekday()] if layer.week else WHOLE_DAY


def is_off(calendar: Calendar | None, day: date) -> bool:
    """A public holiday, or a day on which the place is closed; a weekend is neither."""
    return calendar is not None and calendar.about(day).sort in OFF


def _minutes(count: int) -> timedelta:
    return timedelta(minutes=count)


def on_turn(layer: Layer, since: datetime, until: datetime) -> Iterator[Turn]:
    """The turns, only while the layer holds."""
    stretches, place = held(layer, since, until), 0
    for turn in turns(layer, since, until):
        while place < len(stretches) and stretches[place][1] <= turn.begin:
            place += 1
        ahead = place
        while ahead < len(stretches) and stretches[ahead][0] < turn.end:
            begin, end = stretches[ahead]
            yield Turn(max(begin, turn.begin), min(end, turn.end), turn.number)
            ahead += 1

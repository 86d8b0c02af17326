"""Whose turn it is in one layer: hand-overs by the wall clock of the layer's zone, and the hours in which it holds.

Hand-overs stand at wall times: a week handed over on Monday at nine is handed over at nine in summer and in winter. A
time that comes twice hands over the first time, one that is left out at the moment of the change. Months keep the day
of the first hand-over, or the last day of a month that is too short. Hours are those the wall shows: what comes twice
holds twice. A night belongs to the day it begins on, and so does whether that day is a holiday. Pure.
"""

from bisect import bisect_left
from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from itertools import count
from typing import Final

from hikeshi.calendars import ticks
from hikeshi.calendars.calendar import Calendar, Sort
from hikeshi.calendars.hours import DAY, Span, Spans
from hikeshi.calendars.ticks import Clock, Stretch

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


_LENGTH: Final = {Unit.HOUR: ticks.DAY // 24, Unit.DAY: ticks.DAY, Unit.WEEK: 7 * ticks.DAY}


@dataclass(frozen=True, slots=True)
class Limits:
    """The hours of a zone's wall in which something holds. ``week`` is empty for whole days, or hours of seven days,
    Monday first. ``opening``: the hours are those of ``calendar`` itself, day by day.
    """

    zone: str
    week: tuple[Spans, ...] = ()
    holidays: Holidays = Holidays.ALIKE
    calendar: Calendar | None = None
    opening: bool = False

    @property
    def none(self) -> bool:
        return not self.week and not self.opening and self.holidays == Holidays.ALIKE


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
    def limits(self) -> Limits:
        return Limits(self.zone, self.week, self.holidays, self.calendar)


Turn = tuple[int, int, int]
"""When it begins and ends, in ticks, and how many hand-overs after the layer's first, which is 0."""


def hand_over(layer: Layer, number: int) -> datetime:
    """The moment of that hand-over."""
    on_wall = next(_walls(layer, number))
    near = ticks.moment(on_wall)
    return ticks.moment(ticks.clock(layer.zone, near, near).first(on_wall))


def on_turn(layer: Layer, since: datetime, until: datetime) -> Iterator[Turn]:
    """The turns between, only while the layer holds."""
    clock = ticks.clock(layer.zone, since, until)
    span = ticks.of(since), ticks.of(until)
    stretches, place = held(layer.limits, span), 0
    for turn_begin, turn_end, number in _turns(layer, clock, span):
        while place < len(stretches) and stretches[place][1] <= turn_begin:
            place += 1
        ahead = place
        while ahead < len(stretches) and stretches[ahead][0] < turn_end:
            begin, end = stretches[ahead]
            yield max(begin, turn_begin), min(end, turn_end), number
            ahead += 1


def _turns(layer: Layer, clock: Clock, span: Stretch) -> Iterator[Turn]:
    """Those that touch the time between, cut to it."""
    since, until = span
    last = until if layer.ends is None else min(until, clock.first(ticks.shown(layer.ends)))
    number = max(_number(layer, clock.furthest(since)), 0)
    walls = _walls(layer, number)
    begin = max(clock.first(next(walls)), since)
    for on_wall in walls:
        if begin >= last:
            return
        end = min(clock.first(on_wall), last)
        if begin < end:
            yield begin, end, number
            begin = end
        number += 1


def _walls(layer: Layer, number: int) -> Iterator[int]:
    """What the wall shows at that hand-over and at each one after it, without end."""
    if layer.unit != Unit.MONTH:
        length = layer.every * _LENGTH[layer.unit]
        yield from count(ticks.shown(layer.begins) + number * length, length)
    months = layer.begins.year * 12 + layer.begins.month - 1
    for here in count(months + number * layer.every, layer.every):
        year, month = divmod(here, 12)
        day = min(layer.begins.day, monthrange(year, month + 1)[1])
        yield ticks.shown(layer.begins.replace(year=year, month=month + 1, day=day))


def _number(layer: Layer, shown: int) -> int:
    """The turn that has begun when the wall has shown this; negative before the first."""
    if layer.unit != Unit.MONTH:
        return (shown - ticks.shown(layer.begins)) // (layer.every * _LENGTH[layer.unit])
    here = ticks.moment(shown)
    months = (here.year - layer.begins.year) * 12 + here.month - layer.begins.month
    number = months // layer.every
    return number if next(_walls(layer, number)) <= shown else number - 1


def held(limits: Limits, span: Stretch) -> list[Stretch]:
    """When they hold, in order, none touching the next."""
    since, until = span
    if limits.none:
        return [span]
    first, last = ticks.moment(since - 3 * ticks.DAY).year, ticks.moment(until + 2 * ticks.DAY).year
    years = [_of_year(limits, year) for year in range(first, last + 1)]
    near = [stretch for of in years for stretch in _near(of, since, until)]
    return [(max(begin, since), min(end, until)) for begin, end in _merged(near) if end > since]


def _near(found: Sequence[Stretch], since: int, until: int) -> Sequence[Stretch]:
    """Those that touch the time between, and perhaps one before."""
    return found[max(bisect_left(found, (since,)) - 1, 0) : bisect_left(found, (until,))]


@lru_cache(maxsize=128)
def _of_year(limits: Limits, year: int) -> tuple[Stretch, ...]:
    """Of the hours that begin on the days of this year."""
    first, after = date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal()
    clock = ticks.of_years(limits.zone, year - 1, year + 1)
    found: list[Stretch] = []
    for day in range(first, after):
        midnight = (day - ticks.FIRST_DAY) * ticks.DAY
        for hours in _spans(limits, date.fromordinal(day)):
            found += clock.between(midnight + hours.start * ticks.MINUTE, midnight + hours.end * ticks.MINUTE)
    return tuple(_merged(sorted(found)))


def _merged(found: Sequence[Stretch]) -> list[Stretch]:
    merged: list[Stretch] = []
    for begin, end in found:
        if merged and begin <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((begin, end))
    return merged


def _spans(limits: Limits, day: date) -> Spans:
    if limits.opening:
        return limits.calendar.about(day).spans if limits.calendar else ()
    if limits.holidays != Holidays.ALIKE and is_off(limits.calendar, day) != (limits.holidays == Holidays.ONLY):
        return ()
    return limits.week[day.weekday()] if limits.week else WHOLE_DAY


def is_off(calendar: Calendar | None, day: date) -> bool:
    """A public holiday, or a day on which the place is closed; a weekend is neither."""
    return calendar is not None and calendar.about(day).sort in OFF

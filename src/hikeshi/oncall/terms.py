"""A rota as somebody said it: what is kept of each version, and how it becomes the pure one."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

import msgspec

from hikeshi.calendars import calendar as calendars
from hikeshi.calendars import hours
from hikeshi.calendars.hours import Unreadable
from hikeshi.oncall.turns import Holidays, Layer, Limits, Unit

MOST_LAYERS: Final = 10
MOST_PEOPLE: Final = 100
MOST_EVERY: Final = 366
FIRST_YEAR: Final = 1970
LAST_YEAR: Final = 2150


@dataclass(frozen=True, slots=True)
class LayerTerms:
    """``begins`` and ``ends`` are times on the wall of ``zone``. ``week`` is seven lines of hours, Monday first, or
    none for always. ``calendar`` says which days are holidays; none: that of the rota's organisation.
    """

    zone: str
    begins: datetime
    people: tuple[UUID, ...] = ()
    unit: Unit = Unit.WEEK
    every: int = 1
    week: tuple[str, ...] = ()
    holidays: Holidays = Holidays.ALIKE
    calendar: UUID | None = None
    ends: datetime | None = None
    name: str = ""


class Promised(StrEnum):
    """When somebody has to be there; at other times nobody is missing."""

    ALWAYS = "always"
    OPENING = "opening"  # while the calendar is open
    HOURS = "hours"


@dataclass(frozen=True, slots=True)
class Promise:
    """``week`` is seven lines of hours in the rota's zone, Monday first. ``calendar``: whose hours; none: that of the
    rota's organisation.
    """

    kind: Promised = Promised.ALWAYS
    week: tuple[str, ...] = ()
    calendar: UUID | None = None


ALWAYS: Final = Promise()


@dataclass(frozen=True, slots=True)
class Terms:
    """All that a version of a rota says. ``time_zone`` is that in which it is shown and its nights are counted."""

    name: str
    time_zone: str
    layers: tuple[LayerTerms, ...] = ()
    note: str = ""
    promise: Promise = ALWAYS


class Unsayable(ValueError):
    """``field`` of the layer ``number`` (from 0) cannot be used; ``reason`` is a code."""

    def __init__(self, number: int, field: str, reason: str, **params: int) -> None:
        super().__init__(f"{number} {field}: {reason}")
        self.number, self.field, self.reason, self.params = number, field, reason, params


def check(number: int, said: LayerTerms) -> None:
    """Raises Unsayable. Whether its people exist is not asked here."""
    if len(said.people) > MOST_PEOPLE:
        raise Unsayable(number, "people", "too_many", limit=MOST_PEOPLE)
    if not 1 <= said.every <= MOST_EVERY:
        raise Unsayable(number, "every", "out_of_range", low=1, high=MOST_EVERY)
    for field, moment in (("begins", said.begins), ("ends", said.ends)):
        if moment is not None and not FIRST_YEAR <= moment.year <= LAST_YEAR:
            raise Unsayable(number, field, "not_plausible")
    if said.ends is not None and said.ends <= said.begins:
        raise Unsayable(number, "ends", "ends_before")
    try:
        layer(said, None)
    except Unreadable as error:
        field = {"zone": "zone"}.get(error.part, f"day_{max(error.line, 1)}")
        raise Unsayable(number, field, error.fault) from error


def layer(said: LayerTerms, calendar: calendars.Calendar | None) -> Layer:
    """Raises Unreadable."""
    week = tuple(said.week) if any(text.strip() for text in said.week) else ()
    read = calendars.read(zone=said.zone, week=week or ("00:00-24:00",) * 7)
    return Layer(
        zone=said.zone,
        begins=said.begins,
        people=tuple(f"person:{uuid}" for uuid in said.people),
        unit=said.unit,
        every=said.every,
        week=read.week if week else (),
        holidays=said.holidays,
        calendar=calendar if said.holidays != Holidays.ALIKE else None,
        ends=said.ends,
        name=said.name,
    )


def tidy(said: LayerTerms) -> LayerTerms:
    """In its one spelling, so that the same hours typed twice are no change."""
    limited = any(text.strip() for text in said.week)
    return replace(said, week=tuple(hours.written(hours.read(text)) for text in said.week) if limited else ())


def limits(said: Promise, zone: str, calendar: calendars.Calendar) -> Limits:
    """The hours it means. Raises Unreadable."""
    match said.kind:
        case Promised.ALWAYS:
            return Limits("UTC")
        case Promised.OPENING:
            return Limits(calendar.zone, calendar=calendar, opening=True)
        case Promised.HOURS:
            return Limits(zone, calendars.read(zone=zone, week=said.week or ("",) * 7).week)


def tidy_promise(said: Promise) -> Promise:
    """Only what counts, in its one spelling. Raises Unreadable."""
    if said.kind is not Promised.HOURS:
        return Promise(said.kind, calendar=said.calendar if said.kind is Promised.OPENING else None)
    calendars.read(zone="UTC", week=said.week or ("",) * 7)
    return Promise(said.kind, tuple(hours.written(hours.read(text)) for text in said.week))


def kept_promise(said: Promise) -> dict[str, object]:
    """As the column holds it; empty for always."""
    return dict(msgspec.to_builtins(said)) if said != ALWAYS else {}


def read_promise(promise: object) -> Promise:
    return msgspec.convert(promise, type=Promise)


def kept(layers: tuple[LayerTerms, ...]) -> list[object]:
    """As the column holds them."""
    found = msgspec.to_builtins(layers)
    return list(found)


def read(layers: object) -> tuple[LayerTerms, ...]:
    return msgspec.convert(layers, type=tuple[LayerTerms, ...])


def digest(terms: Terms) -> str:
    """What promises to be there always says so by saying nothing, as it did before there were promises."""
    said = dict(msgspec.to_builtins(terms))
    if terms.promise == ALWAYS:
        del said["promise"]
    return hashlib.sha256(msgspec.json.encode(said)).hexdigest()


def calendars_of(terms: Terms) -> frozenset[UUID]:
    named = {one.calendar for one in terms.layers} | {terms.promise.calendar}
    return frozenset(one for one in named if one is not None)


def people_of(terms: Terms) -> frozenset[UUID]:
    return frozenset(person for one in terms.layers for person in one.people)


def texts(terms: Terms, names: Mapping[str, str]) -> dict[str, str]:
    """Field by field, for two versions side by side; a layer is one field."""
    promised = " / ".join((terms.promise.kind.value, *terms.promise.week))
    plain = {"name": terms.name, "time_zone": terms.time_zone, "note": terms.note, "promise": promised}
    return {**plain, **{f"layer_{place}": _line(one, names) for place, one in enumerate(terms.layers, start=1)}}


def _line(said: LayerTerms, names: Mapping[str, str]) -> str:
    people = ", ".join(names.get(f"person:{uuid}", str(uuid)) for uuid in said.people)
    ends = "" if said.ends is None else f" .. {said.ends:%Y-%m-%d %H:%M}"
    parts = [
        said.name,
        f"{said.begins:%Y-%m-%d %H:%M}{ends} {said.zone}",
        f"{said.every} {said.unit}",
        " / ".join(text or "-" for text in said.week),
        "" if said.holidays == Holidays.ALIKE else said.holidays.value,
        people,
    ]
    return "; ".join(part for part in parts if part)

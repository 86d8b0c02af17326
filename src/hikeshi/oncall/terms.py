"""A rota as somebody said it: what is kept of each version, and how it becomes the pure one."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from hikeshi.calendars import calendar as calendars
from hikeshi.calendars import hours
from hikeshi.calendars.hours import Unreadable
from hikeshi.oncall.turns import Holidays, Layer, Unit

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


@dataclass(frozen=True, slots=True)
class Terms:
    """All that a version of a rota says. ``time_zone`` is that in which it is shown and its nights are counted."""

    name: str
    time_zone: str
    layers: tuple[LayerTerms, ...] = ()
    note: str = ""


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


def kept(layers: tuple[LayerTerms, ...]) -> list[object]:
    """As the column holds them."""
    found = msgspec.to_builtins(layers)
    return list(found)


def read(layers: object) -> tuple[LayerTerms, ...]:
    return msgspec.convert(layers, type=tuple[LayerTerms, ...])


def digest(terms: Terms) -> str:
    return hashlib.sha256(msgspec.json.encode(terms)).hexdigest()


def people_of(terms: Terms) -> frozenset[UUID]:
    return frozenset(person for one in terms.layers for person in one.people)


def texts(terms: Terms, names: Mapping[str, str]) -> dict[str, str]:
    """Field by field, for two versions side by side; a layer is one field."""
    plain = {"name": terms.name, "time_zone": terms.time_zone, "note": terms.note}
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

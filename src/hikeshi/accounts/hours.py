"""A calendar's row as the pure calendar it stands for."""

import hashlib
from collections.abc import Sequence
from typing import Protocol

import msgspec

from hikeshi.calendars import calendar as calendars
from hikeshi.calendars.calendar import Calendar as Calendar
from hikeshi.calendars.calendar import standard as standard


class Written(Protocol):
    """The columns that say when it is open."""

    time_zone: str
    hours: Sequence[str]
    country: str
    closings: str
    specials: str
    published: str


def read(row: Written) -> Calendar:
    return calendars.read(
        zone=row.time_zone,
        week=row.hours,
        country=row.country,
        closings=row.closings,
        specials=row.specials,
        published=row.published,
    )


def digest(row: Written) -> str:
    """Stands in the ledger for what the calendar says."""
    said = [row.time_zone, list(row.hours), row.country, row.closings, row.specials]
    said += [row.published] if row.published else []
    return hashlib.sha256(msgspec.json.encode(said)).hexdigest()

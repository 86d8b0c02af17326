"""A calendar as text, the way a clock keeps it: what is edited later does not move what was promised."""

import hashlib

import msgspec

from hikeshi.calendars import calendar as calendars
from hikeshi.calendars.calendar import Calendar
from hikeshi.calendars.hours import written as spans

_Content = tuple[str, list[str], str, str, str]


def written(calendar: Calendar) -> str:
    week = [spans(one) for one in calendar.week]
    closings, specials = "\n".join(map(str, calendar.closings)), "\n".join(map(str, calendar.specials))
    return msgspec.json.encode([calendar.zone, week, calendar.country, closings, specials]).decode()


def read(content: str) -> Calendar:
    zone, week, country, closings, specials = msgspec.json.decode(content, type=_Content)
    return calendars.read(zone=zone, week=week, country=country, closings=closings, specials=specials)


def digest(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()

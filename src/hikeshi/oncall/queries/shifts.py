"""Shifts of a calendar file beside the people they mean."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from hikeshi.accounts.models import Person
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Invalid
from hikeshi.oncall import ical, ical_apart
from hikeshi.oncall.ical import Shift
from hikeshi.oncall.models import Rota
from hikeshi.oncall.queries import duty

AHEAD: Final = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Meant:
    shift: Shift
    person: Person


@dataclass(frozen=True, slots=True)
class Plan:
    """``strange`` are shifts that name nobody here, or more than one."""

    meant: tuple[Meant, ...]
    strange: tuple[Shift, ...]


@dataclass(frozen=True, slots=True)
class File:
    """What a calendar file says of the next year. ``digest``: of the file itself."""

    digest: str
    shifts: tuple[Shift, ...]


def read(row: Rota, body: bytes) -> File:
    """It may take seconds, so not within an act, which would keep every other writer waiting. Raises Invalid."""
    now = clock.now()
    try:
        found = ical_apart.read(body, row.time_zone, now, now + AHEAD)
    except ical.Unreadable as error:
        raise Invalid("file", error.fault) from error
    return File(hashlib.sha256(body).hexdigest(), found)


def plan(by: Actor, row: Rota, file: File) -> Plan:
    """What a file would put in. A shift means the person whose address stands among those invited, or whose user name
    or name is its title, or stands in it as whole words.
    """
    people = duty.candidates(by, row)
    meant, strange = [], []
    for shift in file.shifts:
        person = _meant(shift, people)
        if person is None:
            strange.append(shift)
        else:
            meant.append(Meant(shift, person))
    return Plan(tuple(meant), tuple(strange))


def _meant(shift: Shift, people: list[Person]) -> Person | None:
    invited = [one for one in people if one.email and one.email.casefold() in shift.addresses]
    if len(invited) == 1:
        return invited[0]
    title = _words(shift.title)
    named = [one for one in people if _words(one.name) in title or _words(one.username) in title]
    return named[0] if len(named) == 1 else None


def _words(text: str) -> str:
    """With a blank on either side of every word, so that one name within another is not taken for it."""
    plain = "".join(letter if letter.isalnum() or letter in "._-@" else " " for letter in text.casefold())
    return f" {' '.join(plain.split())} "

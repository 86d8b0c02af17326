"""The book of targets: what is promised for which records, and which target counts for one. Pure."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

import msgspec
import yaml

from hikeshi.service_levels.codes import ALWAYS, OWN_HOURS, Act, Measure

DATA: Final = Path(__file__).parent / "data" / "book.yaml"
PRIORITIES: Final = (1, 2, 3, 4, 5)
MOST_TARGETS: Final = 100
LONGEST: Final = 366 * 24 * 60
"""Minutes."""


@dataclass(frozen=True, slots=True)
class Step:
    """``percent`` of the time is used up: 100 is the end, more is beyond it."""

    percent: int
    acts: tuple[Act, ...] = ()


Minutes = tuple[int | None, int | None, int | None, int | None, int | None]
NONE: Final[Minutes] = (None, None, None, None, None)


@dataclass(frozen=True, slots=True)
class Target:
    """``minutes``: for each priority; None promises nothing. ``hours``: ``always``, a calendar's uuid, or empty for the
    organisation's own; priorities up to ``always_to`` count around the clock whatever it says. The lists narrow it,
    an empty one does not; organisations mean what is below them as well. ``pauses``: waiting for what stops the clock.
    """

    code: str
    measure: Measure
    ja: str
    en: str
    minutes: Minutes = NONE
    hours: str = OWN_HOURS
    always_to: int = 0
    classes: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    assets: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    pauses: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    on: bool = False
    sample: bool = False
    version: int = 1

    def name(self, language: str) -> str:
        return self.ja if language == "ja" else self.en

    def minutes_for(self, priority: int) -> int | None:
        return self.minutes[priority - 1] if priority in PRIORITIES else None

    def hours_for(self, priority: int) -> str:
        return ALWAYS if priority <= self.always_to else self.hours


@dataclass(frozen=True, slots=True)
class Limits:
    """Minutes, by the real clock, after which a record of each priority counts as stuck; None: never."""

    no_move: Minutes = NONE
    no_owner: Minutes = NONE
    waiting: Minutes = NONE


@dataclass(frozen=True, slots=True)
class Book:
    """Targets in order: of those that measure the same, the first that fits counts."""

    targets: tuple[Target, ...] = ()
    stuck: Limits = field(default_factory=Limits)

    def target(self, code: str) -> Target | None:
        return next((one for one in self.targets if one.code == code), None)

    @property
    def is_on(self) -> bool:
        return any(one.on for one in self.targets)

    def hours_in_use(self) -> frozenset[str]:
        return frozenset(one.hours for one in self.targets if one.on) - {ALWAYS, OWN_HOURS}


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a record is like, as targets ask. ``places``: its organisation and those above; ``assets``: what is hit;
    ``team``: whose owner has it.
    """

    priority: int = 5
    record_class: str = ""
    kind: str = ""
    places: frozenset[str] = frozenset()
    assets: frozenset[str] = frozenset()
    team: str = ""


def fits(target: Target, now: Circumstances) -> bool:
    if not target.on or target.minutes_for(now.priority) is None:
        return False
    named = (
        (target.classes, frozenset({now.record_class})),
        (target.kinds, frozenset({now.kind})),
        (target.organisations, now.places),
        (target.assets, now.assets),
        (target.teams, frozenset({now.team})),
    )
    return all(not wanted or not found.isdisjoint(wanted) for wanted, found in named)


def choose(book: Book, measure: Measure, now: Circumstances) -> Target | None:
    return next((one for one in book.targets if one.measure is measure and fits(one, now)), None)


def encode(book: Book) -> str:
    return msgspec.json.encode(book).decode()


def decode(content: str) -> Book:
    return msgspec.json.decode(content, type=Book)


def digest(content: str) -> str:
    """Stands in the ledger for what a version says."""
    return hashlib.sha256(content.encode()).hexdigest()


@cache
def shipped() -> Book:
    """Samples, switched off, and limits for what is stuck. Raises ValueError where the file is wrong."""
    read = yaml.load(DATA.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return msgspec.convert(read, Book, strict=False)


@dataclass(frozen=True, slots=True)
class Books:
    """Every version there was, by the number of the ledger's entry that put it in force."""

    versions: Sequence[tuple[int, Book]] = ()

    def before(self, entry: int) -> Book | None:
        """The one in force when that entry was written."""
        found = [book for number, book in self.versions if number < entry]
        return found[-1] if found else None


def replaced(book: Book, target: Target) -> Book:
    return Book(tuple(target if one.code == target.code else one for one in book.targets), book.stuck)


def by_code(book: Book) -> Mapping[str, Target]:
    return {one.code: one for one in book.targets}

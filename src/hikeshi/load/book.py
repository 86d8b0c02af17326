"""The settings of load: skills, limits, and the rules by which new records are given to people. Pure."""

import hashlib
from dataclasses import dataclass, field, replace
from typing import Final

import msgspec

from hikeshi.load.choosing import Needs
from hikeshi.load.codes import Shift

LOWEST: Final = 5
MOST_RULES: Final = 50
MOST_SKILLS: Final = 100


@dataclass(frozen=True, slots=True)
class Skill:
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Limits:
    """When somebody's queue is too much: more open records, more percent of their capacity, a record of theirs that
    nobody touched for so many hours of work. None: never for that.
    """

    most_open: int | None = 20
    percent: int | None = 120
    idle_hours: int | None = 24


@dataclass(frozen=True, slots=True)
class Rule:
    """``to_priority``: from the most urgent down to this one. Empty lists do not narrow it; organisations mean what is
    below them as well. One of ``team`` and ``rota`` says among whom.
    """

    code: str
    name: str
    team: str = ""
    rota: str = ""
    to_priority: int = LOWEST
    classes: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    assets: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    shift: Shift = Shift.REQUIRED
    on: bool = True
    version: int = 1

    @property
    def needs(self) -> Needs:
        return Needs(frozenset(self.skills), self.shift)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a record is like. ``places``: its organisation and those above; ``assets``: what is hit."""

    priority: int
    record_class: str = ""
    kind: str = ""
    places: frozenset[str] = frozenset()
    assets: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Book:
    """``automatic``: rules act by themselves. Of the rules that are on, the first that fits counts."""

    automatic: bool = False
    skills: tuple[Skill, ...] = ()
    limits: Limits = field(default_factory=Limits)
    rules: tuple[Rule, ...] = ()

    def rule(self, code: str) -> Rule | None:
        return next((one for one in self.rules if one.code == code), None)

    @property
    def names(self) -> dict[str, str]:
        """Of skills, by code."""
        return {one.code: one.name for one in self.skills}

    def with_rule(self, rule: Rule) -> "Book":
        return replace(self, rules=tuple(rule if one.code == rule.code else one for one in self.rules))


def fits(rule: Rule, now: Circumstances) -> bool:
    if not rule.on or now.priority > rule.to_priority:
        return False
    named = (
        (rule.classes, frozenset({now.record_class})),
        (rule.kinds, frozenset({now.kind})),
        (rule.organisations, now.places),
        (rule.assets, now.assets),
    )
    return all(not wanted or not found.isdisjoint(wanted) for wanted, found in named)


def choose_rule(book: Book, now: Circumstances) -> Rule | None:
    return next((one for one in book.rules if fits(one, now)), None)


def encode(book: Book) -> str:
    return msgspec.json.encode(book).decode()


def decode(content: str) -> Book:
    return msgspec.json.decode(content, type=Book)


def digest(content: str) -> str:
    """Stands in the ledger for what a version says."""
    return hashlib.sha256(content.encode()).hexdigest()

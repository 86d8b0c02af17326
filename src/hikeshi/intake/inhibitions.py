"""Inhibition: while one alert fires, others that it explains are held. Alertmanager's own semantics, and pure.

An alert that matches the target side is held while another that matches the source side fires, and both have the same
values under every name of ``equal``; what one does not have counts as empty, so that it is the same where neither has
it. An alert that matches both sides is not held by alerts that match both sides too. Only alerts of the same
organisation and world hold each other, and a source that is not heard of again counts no longer than ``lasts``.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import blake2b
from typing import Final

import msgspec

from hikeshi.intake import matchers
from hikeshi.intake.matchers import BadMatcher, Matchers, Name, Operator, Subject

RULE: Final = "inhibition-"
"""Begins what stands where a rule's code does, on an alert that is held."""
MOST_EQUAL: Final = 10
HOURS: Final = (1, 4, 8, 24, 72)
"""How long a source may count that is not heard of again: many detectors never say that a thing is over."""
_encode = msgspec.json.encode


def of_rule(rule: str) -> str:
    """The inhibition whose code stands where a rule's does; empty for a rule."""
    return rule.removeprefix(RULE) if rule.startswith(RULE) else ""


@dataclass(frozen=True, slots=True)
class Terms:
    """``source`` and ``target`` as `matchers.read` takes them; ``equal``: names, one per line."""

    title: str
    source: str
    target: str
    equal: str
    reason: str
    owner: str = ""
    hours: int = 8


@dataclass(frozen=True, slots=True)
class Inhibition:
    """``places``: the organisations it is for."""

    pk: int
    places: frozenset[int]
    source: Matchers
    target: Matchers
    equal: tuple[str, ...]
    lasts: timedelta


@dataclass(frozen=True, slots=True)
class Side:
    """An alert under one inhibition: the group it is in, and which sides it matches."""

    inhibition: int
    key: str
    source: bool
    target: bool


@dataclass(frozen=True, slots=True)
class Place:
    organisation: int
    world: str


def equal(text: str) -> tuple[str, ...]:
    """The names, each once. Raises BadMatcher."""
    found: dict[str, None] = {}
    for number, line in enumerate(text.splitlines(), 1):
        for word in line.replace(",", " ").split():
            name = word.lower()
            if not matchers.is_name(name) or name == Name.KEY:
                raise BadMatcher("matcher_name", number, word[:80])
            found[name] = None
            if len(found) > MOST_EQUAL:
                raise BadMatcher("equal_many", number)
    return tuple(sorted(found))


def key(inhibition: int, place: Place, names: Sequence[str], subject: Subject) -> str:
    """The same for two alerts of one place exactly where all names have the same values, in whatever order."""
    values = [sorted(set(subject.of(name))) for name in names]
    told = _encode([inhibition, place.organisation, place.world, values])
    return blake2b(told, digest_size=16).hexdigest()


class Book:
    """Inhibitions by a value that one side asks for, so that an alert is held against few of many."""

    __slots__ = ("_always", "_by_value", "_known", "_names")

    def __init__(self, known: Iterable[Inhibition]) -> None:
        self._known = {one.pk: one for one in known}
        self._by_value: dict[tuple[str, str], set[int]] = defaultdict(set)
        self._always: set[int] = set()
        for one in self._known.values():
            for side in (one.source, one.target):
                asked = _asked(side)
                (self._always if asked is None else self._by_value[asked]).add(one.pk)
        self._names = tuple(sorted({name for name, _value in self._by_value}))

    def __bool__(self) -> bool:
        return bool(self._known)

    def lasts(self, inhibition: int) -> timedelta:
        """Of one that is not in force any more: no longer at all."""
        one = self._known.get(inhibition)
        return timedelta(0) if one is None else one.lasts

    def sides(self, place: Place, subject: Subject) -> tuple[Side, ...]:
        found = []
        for pk in self._asking(subject):
            one = self._known[pk]
            if place.organisation in one.places:
                source, target = one.source.match(subject), one.target.match(subject)
                if source or target:
                    found.append(Side(pk, key(pk, place, one.equal, subject), source, target))
        return tuple(found)

    def _asking(self, subject: Subject) -> list[int]:
        found = set(self._always)
        for name in self._names:
            for value in subject.of(name):
                found |= self._by_value.get((name, value), frozenset())
        return sorted(found)


def _asked(side: Matchers) -> tuple[str, str] | None:
    """A value without which this side never matches."""
    exact = (one for one in side.all if one.operator is Operator.IS and one.value)
    return next(((one.name, one.value.casefold()) for one in exact), None)


class Firing:
    """Who fires on the source side of each group. Every source is kept: when one is over, another may still hold."""

    __slots__ = ("_sources",)

    def __init__(self) -> None:
        self._sources: dict[str, dict[object, bool]] = defaultdict(dict)

    def put(self, who: object, side: Side) -> None:
        if side.source:
            self._sources[side.key][who] = side.target

    def holds(self, sides: Iterable[Side]) -> Side | None:
        """The first side by which an alert with these is held. Itself it cannot hold: it would match both sides."""
        return next((side for side in sides if side.target and self._by_another(side)), None)

    def _by_another(self, side: Side) -> bool:
        found = self._sources.get(side.key, {})
        return any(not two_sided for two_sided in found.values()) if side.source else bool(found)


def held(firing: Firing, sides: Mapping[str, Sequence[Side]]) -> dict[str, int]:
    """By who asks: the inhibition that holds it."""
    asked = ((who, firing.holds(found)) for who, found in sides.items())
    return {who: side.inhibition for who, side in asked if side is not None}

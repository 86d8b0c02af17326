"""Gives the names in this domain's data files to phrases, which knows codes but no domain."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from hikeshi.incidents import catalogue, criteria, likenesses
from hikeshi.phrases import labels

LEVELS: Final = ("impact", "effect", "urgency")


class Named(Protocol):
    @property
    def ja(self) -> str: ...
    @property
    def en(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Held:
    """What this process knows of the site's own words. ``stamp`` says which version of them (queries.vocabularies)."""

    stamp: str
    known: catalogue.Catalogue
    courses: Mapping[int, catalogue.Courses]
    kinds: Mapping[str, Sequence[tuple[int, Named]]]
    levels: Mapping[str, Mapping[str, Named]]


SHIPPED: Final = Held("", catalogue.load(), {}, {}, {})


@dataclass(slots=True)
class _Now:
    held: Held = SHIPPED


_now = _Now()


def in_use() -> catalogue.Catalogue:
    """The catalogue as this site changed it, as this process last heard."""
    return _now.held.known


def stamp() -> str:
    return _now.held.stamp


def past_courses(number: int) -> catalogue.Courses | None:
    """The courses of that version; 0 as shipped. None for one this process has not heard of yet."""
    return SHIPPED.known.courses if number == 0 else _now.held.courses.get(number)


def kind_word(code: str, number: int) -> Named | None:
    """The kind's word when that version of the kinds was in force."""
    words = [word for since, word in _now.held.kinds.get(code, ()) if since <= number]
    return words[-1] if words else SHIPPED.known.kinds.get(code)


def hear(held: Held) -> None:
    """From now on these words are in use here."""
    _now.held = held
    register()


def forget() -> None:
    """Back to what is shipped, as after a test."""
    if _now.held is not SHIPPED:
        hear(SHIPPED)


def _tell(group: str, named: Mapping[str, Named]) -> None:
    labels.register(group, {code: {"ja": one.ja, "en": one.en} for code, one in named.items()})


def register() -> None:
    known = in_use()
    for axis in LEVELS:
        worded = _now.held.levels.get(axis)
        if worded:
            _tell(axis, worded)
        else:
            labels.unregister(axis)
    _tell("kind", known.kinds)
    _tell("course", known.courses.courses)
    _tell("phase", known.courses.phases)
    _tell("gate", known.courses.gates)
    _tell("fact_item", known.sheet)
    _tell("fact_hint", {code: one.ask for code, one in known.sheet.items()})
    _tell("role", known.roles)
    labels.register("matrix", {code: {"ja": one.name, "en": one.name} for code, one in known.presets.items()})
    for code, reading in known.readings.items():
        _tell(f"reading_{code}", reading.words)
        _tell(f"phase_in_{code}", {phase: reading.words[word] for phase, word in reading.phases.items()})
    _tell("reading", known.readings)
    _tell("likeness", likenesses.guide().likenesses)
    _tell("deed", likenesses.guide().deeds)
    _tell("escalation", criteria.shipped().escalations)


register()

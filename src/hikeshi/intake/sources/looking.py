"""Where in a body an expression of the mapping language looks."""

from collections.abc import Iterable
from itertools import takewhile
from typing import NamedTuple, TypeAlias

from hikeshi.intake.sources.mapping import SLOT, Document, tokens_of

Place: TypeAlias = tuple[str, ...]
"""The keys on the way to it, as far as they are plain: what lies below belongs to it."""


class Reads(NamedTuple):
    """Places in the document itself, and in the body around it."""

    inside: frozenset[Place] = frozenset()
    around: frozenset[Place] = frozenset()


def reads(spec: object) -> Reads:
    """Every place an expression looks at. Raises BadMapping."""
    if isinstance(spec, str):
        return _all_of(_read_by(part.strip()) for part in spec.split(" | "))
    if isinstance(spec, list):
        return _all_of(map(reads, spec))
    if isinstance(spec, dict):
        return _all_of(reads(spec[key]) for key in ("from", "else") if key in spec)
    return Reads()


def _read_by(part: str) -> Reads:
    if part.startswith(("'", "@")):
        return Reads()
    if "{" in part:
        return _all_of(map(reads, SLOT.findall(part)))
    keys = takewhile(lambda token: isinstance(token, str), tokens_of(part.removeprefix("^.")))
    place = frozenset({tuple(str(key) for key in keys)})
    return Reads(around=place) if part.startswith("^.") else Reads(place)


def _all_of(found: Iterable[Reads]) -> Reads:
    each = tuple(found)
    inside, around = zip(Reads(), *each, strict=True)
    return Reads(frozenset().union(*inside), frozenset().union(*around))


def without(document: Document, places: Iterable[Place]) -> Document:
    """The document as if nothing stood at these places; what it is made of is not changed."""
    left = dict(document)
    for *above, last in places:
        table: object = left
        for key in above:
            below = table.get(key) if type(table) is dict else None
            if type(table) is dict and type(below) is dict:
                below = table[key] = dict(below)
            table = below
        if type(table) is dict:
            table.pop(last, None)
    return left

"""Where in a body an expression of the mapping language looks."""

from collections.abc import Iterable, Mapping
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


Tree: TypeAlias = "Mapping[str, Tree] | None"
"""Places by their keys; None: all that stands there."""


def tree(places: Iterable[Place]) -> Tree:
    """None where one of them is the whole document."""
    found: dict[str, Tree] = {}
    below: dict[str, list[Place]] = {}
    for place in places:
        if not place:
            return None
        below.setdefault(place[0], []).append(place[1:])
    for key, inner in below.items():
        found[key] = tree(inner)
    return found


def only(document: Document, wanted: Tree) -> Document:
    """The document as if nothing stood anywhere else; what is no table where one is looked for stands there whole."""
    if wanted is None:
        return document
    return {
        key: only(value, wanted[key]) if type(value) is dict else value
        for key, value in document.items()
        if key in wanted
    }


def without(document: Document, unwanted: Mapping[str, Tree]) -> Document:
    """The document as if nothing stood there."""
    found: Document = {}
    for key, value in document.items():
        inner = unwanted.get(key, _NOTHING)
        if inner is not None:
            found[key] = without(value, inner) if inner and type(value) is dict else value
    return found


_NOTHING: Mapping[str, Tree] = {}

"""The sources this site knows, read from their folders and compiled. Needs no Django: the door asks it too."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import TypedDict, overload

import yaml

from hikeshi.intake.sources import spelling, unwrapping
from hikeshi.intake.sources.looking import Place, Tree, only, reads, tree, without
from hikeshi.intake.sources.mapping import (
    BadMapping,
    Document,
    Getter,
    Likely,
    empty,
    expression,
    folded,
    path,
    roots,
)
from hikeshi.intake.sources.observables import ObservableType
from hikeshi.intake.sources.ocsf import Builder, builder

FOLDER = Path(__file__).resolve().parent
CANARY = "canary"
"""The desk's own: it posts there itself to try its chain. Nobody connects it."""
SYSLOG = "syslog"
"""Reads any line."""
_SOURCE_KEYS = {"source", "name", "vendor", "version", "documentation", "reads", "unwrap", "keys", "shapes", "kind"}
KINDS = frozenset({"endpoint"})
"""What rules ask of a source as such: an agent on endpoints."""
_SHAPE_KEYS = {"name", "when", "identity", "once", "severity", "state", "times", "normal", "observables", "unmapped"}
_SHAPE_KEYS |= {"follows"}
_TIMES = {"first", "last", "changed", "resolved"}


class BadSource(Exception):
    """A source.yaml cannot be used; the message names the file and the place."""


@dataclass(frozen=True, slots=True)
class Times:
    """``first`` and ``last`` time it was seen, when its state ``changed`` to what it reports, and when it ``resolved``.

    ``@received`` is the time of receipt.
    """

    first: Getter
    last: Getter
    changed: Getter
    resolved: Getter


@dataclass(frozen=True, slots=True)
class Shape:
    name: str
    applies: Callable[[Document], bool]
    identity: tuple[Getter, ...]
    severity: Getter
    state: Getter
    times: Times
    normal: Builder
    observables: Likely[tuple[str, Getter]]  # by ObservableType
    unmapped: Likely[tuple[str, Getter]]
    follows: str = ""  # the shape whose alerts it only speaks of, by the same identity: they keep their words
    read: Tree = None  # where it looks for all but its times: what says the same there is a repeat
    once: frozenset[Place] = frozenset()  # what else it looks at, and a repeat may say otherwise
    but: Tree = None  # of these, what lies in what it reads whole
    around: frozenset[str] = frozenset()  # keys of the envelope that it reads
    repeats: bool = False  # whether a repeat can be told by what it says

    def told(self, document: Document) -> Document:
        """What of it a repeat says again."""
        found = only(document, self.read)
        return without(found, self.but) if self.but else found


@dataclass(frozen=True, slots=True)
class Source:
    code: str
    name: str
    vendor: str
    version: int
    documentation: str
    reads: str
    unwrap: tuple[unwrapping.Step, ...]
    respell: spelling.Respelling | None  # where makers write one key in several ways
    shapes: Sequence[Shape]
    name_ja: str = ""  # where somebody gave it one
    kind: str = ""  # of KINDS
    text: str = ""  # digest of what it is made of: who has another reads otherwise


class _Later(Sequence[Shape]):
    """The shapes of a shipped source. A site hears a handful of the sixty there are; the others would be ten megabytes
    of what nobody asks for.
    """

    __slots__ = ("_file", "_made")

    def __init__(self, file: Path) -> None:
        self._file = file
        self._made: tuple[Shape, ...] | None = None

    def _all(self) -> tuple[Shape, ...]:
        if self._made is None:
            self._made = _shapes(written(self._file))
        return self._made

    def __iter__(self) -> Iterator[Shape]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    @overload
    def __getitem__(self, at: int) -> Shape: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Shape, ...]: ...
    def __getitem__(self, at: int | slice) -> Shape | tuple[Shape, ...]:
        return self._all()[at]


@dataclass(slots=True)
class _TakenUp:
    """The site's own sources as this process holds them; ``generation`` changes with them."""

    generation: object = None
    sources: Mapping[str, Source] | None = None


_taken = _TakenUp()


@cache
def shipped() -> Mapping[str, Source]:
    """Every source of a file by its code, its shapes understood when its first alert comes."""
    found = [load(file, later=True) for file in sorted(FOLDER.glob("*/source.yaml"))]
    return {source.code: source for source in found}


def of_kind(kind: str) -> Sequence[str]:
    """The codes of shipped sources that say they are of this kind. One that a site mended keeps its code."""
    return [source.code for source in shipped().values() if kind and source.kind == kind]


def sources() -> Mapping[str, Source]:
    """Every source by its code, the site's own in the place of shipped ones. Raises BadSource."""
    return shipped() if _taken.sources is None else _taken.sources


def generation() -> object:
    """Of the site's own sources; None while there are none."""
    return _taken.generation


def take_up(generation: object, own: Mapping[str, Source]) -> None:
    """From now on this process reads with these. Whoever holds a source already finishes with it."""
    _taken.sources = {**shipped(), **own} if own else None
    _taken.generation = generation


def source(code: str) -> Source:
    """Raises KeyError."""
    return sources()[code]


def load(file: Path, *, later: bool = False) -> Source:
    """Raises BadSource; ``later``: for what is wrong with its shapes not before they are asked for."""
    try:
        data, text = written(file), digest_of(file.read_text(encoding="utf-8"))
        if later:
            return replace(built({**data, "shapes": []}), shapes=_Later(file), text=text)
        return replace(built(data), text=text)
    except (BadMapping, KeyError, TypeError, ValueError, AttributeError, yaml.YAMLError) as error:
        raise BadSource(f"{file}: {error}") from error


def digest_of(*said: str) -> str:
    return blake2b("\0".join(said).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def written(file: Path) -> dict[str, object]:
    """What the file says, not understood yet."""
    data: dict[str, object] = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return data


def built(data: Mapping[str, object]) -> Source:
    """Raises BadMapping, and KeyError, TypeError, ValueError or AttributeError for what is no source at all."""
    _only(data, _SOURCE_KEYS, "the file")
    if data.get("kind", "") not in {"", *KINDS}:
        raise BadMapping(f"kind is one of {sorted(KINDS)}")
    return Source(
        code=str(data["source"]),
        name=str(data["name"]),
        vendor=str(data["vendor"]),
        version=int(str(data["version"])),
        documentation=str(data["documentation"]),
        reads=str(data["reads"]),
        unwrap=tuple(unwrapping.step(str(text)) for text in _list(data.get("unwrap", []))),
        respell=spelling.WAYS[str(data["keys"])] if "keys" in data else None,
        shapes=_shapes(data),
        kind=str(data.get("kind", "")),
    )


def _shapes(data: Mapping[str, object]) -> tuple[Shape, ...]:
    own = tuple(_shape(_table(shape)) for shape in _list(data["shapes"]))
    lines = own and data.get("keys") in spelling.LINES and data["source"] != SYSLOG
    return (*own, *shipped()[SYSLOG].shapes) if lines else own


def _shape(data: Mapping[str, object]) -> Shape:
    _only(data, _SHAPE_KEYS, f"shape {data.get('name')}")
    times = _table(data.get("times", {}))
    _only(times, _TIMES, "times")
    first = expression(times.get("first", "'@received'"))
    last = expression(times["last"]) if "last" in times else first
    identity = data["identity"]
    return Shape(
        name=str(data["name"]),
        applies=_condition(_table(data.get("when", {}))),
        identity=tuple(expression(item) for item in (identity if isinstance(identity, list) else [identity])),
        severity=expression(data["severity"]),
        state=expression(data.get("state", "'firing'")),
        times=Times(
            first=first,
            last=last,
            changed=expression(times["changed"]) if "changed" in times else last,
            resolved=expression(times["resolved"]) if "resolved" in times else lambda document, envelope: None,
        ),
        normal=builder(_table(data["normal"])),
        observables=Likely(
            (roots(each), (ObservableType(key).value, expression(each)))
            for key, value in _table(data.get("observables", {})).items()
            for each in (value if isinstance(value, list) else [value])
        ),
        unmapped=Likely(
            (roots(value), (key, expression(value))) for key, value in _table(data.get("unmapped", {})).items()
        ),
        follows=str(data.get("follows", "")),
        **_repeating(data, times),
    )


class _Repeating(TypedDict):
    read: Tree
    once: frozenset[Place]
    but: Tree
    around: frozenset[str]
    repeats: bool


def _repeating(data: Mapping[str, object], times: Mapping[str, object]) -> _Repeating:
    of_times = reads(list(times.values()))
    settling = reads([data["identity"], data["severity"], data.get("state", [])])
    spoken = reads(list(_spoken(data)))
    once = reads(_list(data.get("once", []))).inside
    missed = {place for place in once if not any(_lies(place, other) for other in spoken.inside)}
    missed |= {place for place in once if any(_meet(place, other) for other in settling.inside)}
    if missed:
        raise BadMapping(f"once names what is shown and settles nothing; not so {sorted(missed)}")
    inside = settling.inside | spoken.inside - once
    return {
        "read": tree(inside),
        "once": once,
        "but": tree(place for place in once if any(_lies(place, other) for other in inside)),
        "around": frozenset(place[0] for each in (of_times, settling, spoken) for place in each.around if place),
        "repeats": not any(_meet(place, other) for place in of_times.inside - once for other in inside),
    }


def _spoken(data: Mapping[str, object]) -> Iterator[object]:
    for part in ("normal", "observables", "unmapped"):
        yield from _table(data.get(part, {})).values()


def _lies(one: Place, other: Place) -> bool:
    """Whether one lies in the other, or is it."""
    return one[: len(other)] == other


def _meet(one: Place, other: Place) -> bool:
    """Whether either lies in the other."""
    return all(key == same for key, same in zip(one, other, strict=False))


def _condition(when: Mapping[str, object]) -> Callable[[Document], bool]:
    """``{event_type: alert, evidence: present}``: all must hold; a list of values means any of them."""
    tests = [(path(key), _words(value)) for key, value in when.items()]

    def applies(document: Document) -> bool:
        for getter, words in tests:
            value = getter(document, None)
            if empty(value) or (words is not None and folded(value) not in words):
                return False
        return True

    return applies


def _words(value: object) -> frozenset[str] | None:
    if value == "present":
        return None
    return frozenset(folded(item) for item in (value if isinstance(value, list) else [value]))


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise BadMapping(f"a list is expected, not {value!r}")
    return value


def _table(value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        raise BadMapping(f"a table is expected, not {value!r}")
    return {str(key): item for key, item in value.items()}


def _only(data: Mapping[str, object], allowed: set[str], where: str) -> None:
    unknown = set(data) - allowed
    if unknown:
        raise BadMapping(f"{where} has unknown keys {sorted(unknown)}")

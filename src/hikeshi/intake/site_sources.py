"""Sources that a site maps on its pages: what one says, and what becomes of it. Pure.

A mapping is the text of a `source.yaml` without its head: `unwrap`, `keys` and `shapes` (see `sources.mapping`).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from functools import lru_cache
from typing import Final

import yaml

from hikeshi.intake import field_names, sigma_text
from hikeshi.intake.bad_rule import BadRule
from hikeshi.intake.sources import book, ocsf, spelling, unwrapping
from hikeshi.intake.sources.book import Source
from hikeshi.intake.sources.mapping import BadMapping, expression, path
from hikeshi.intake.sources.observables import ObservableType

NAME: Final = "mapping"
"""Stands where the name of a file does."""
TITLE: Final = "finding_info.title"
PARTS: Final = ("unwrap", "keys", "shapes")
_SHAPE: Final = frozenset(
    {"name", "when", "identity", "once", "severity", "state", "times", "normal", "observables", "unmapped", "follows"}
)
_TIMES: Final = frozenset({"first", "last", "changed", "resolved"})
QUIET_DAYS: Final = 7
"""A source that sent before and says nothing for longer is silent, unless the site says otherwise."""
_MOST_SHAPES: Final = 50
LONGEST: Final = 64_000
"""Characters: the longest of the shipped ones, written out, has 34,000."""


class SourceState(StrEnum):
    ON = "on"  # its newest version reads what comes
    OFF = "off"  # the shipped source of this code reads again, or the door is shut


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapped:
    """One version of a source."""

    title_en: str
    title_ja: str
    text: str


TERMS: Final = tuple(one.name for one in fields(Mapped))


def content(terms: Mapped) -> str:
    """All of it as one text, as the ledger commits to it."""
    return "\n".join(f"{name}: {getattr(terms, name)}" for name in TERMS)


@lru_cache(maxsize=512)
def compiled(code: str, version: int, terms: Mapped) -> Source:
    """Raises BadRule with the line and the field that cannot be used."""
    data = document(terms.text)
    _check(data, terms.text)
    head = {"source": code, "name": terms.title_en, "vendor": terms.title_en, "version": version}
    try:
        source = book.built({**head, "documentation": "", "reads": "", **data})
    except (BadMapping, KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise BadRule(NAME, 1, str(error), "source_unusable") from None
    text = book.digest_of(terms.title_en, str(version), terms.text)
    return replace(source, name_ja=terms.title_ja, text=text)


def unreadable(code: str, version: int, terms: Mapped) -> Source:
    """Takes in what comes and reads none of it: all is put aside until somebody mends the mapping."""
    return Source(code, terms.title_en, terms.title_en, version, "", "", (), None, (), terms.title_ja)


def steps(unwrap: tuple[str, ...]) -> tuple[unwrapping.Step, ...]:
    return tuple(unwrapping.step(text) for text in unwrap if text.strip())


def terms_of_file(code: str) -> Mapped | None:
    """What a shipped source says, to begin a site's own from; its comments stay in the file."""
    shipped = book.shipped().get(code)
    if shipped is None:
        return None
    data = book.written(book.FOLDER / code / "source.yaml")
    text = dumped({name: data[name] for name in PARTS if name in data})
    return Mapped(title_en=shipped.name, title_ja=shipped.name, text=text)


class _Plain(yaml.SafeDumper):
    """Writes everything out: a reference would be refused when it is read again."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def dumped(data: Mapping[str, object]) -> str:
    text: str = yaml.dump(dict(data), Dumper=_Plain, allow_unicode=True, sort_keys=False, width=10_000)
    return text


def document(text: str) -> dict[str, object]:
    """The table the text holds. Raises BadRule."""
    try:
        return sigma_text.document(text, NAME, LONGEST)
    except BadRule as problem:
        if problem.code == "rule_no_table":
            raise BadRule(NAME, problem.line, problem.why, "source_no_table") from None
        raise


def _check(data: Mapping[str, object], text: str) -> None:
    """What compiling would refuse in words for programmers, refused in a reader's, with its line."""
    for name in data.keys() - set(PARTS):
        raise _wrong(text, name, "source_key")
    if "keys" in data and data["keys"] not in spelling.WAYS:
        raise _wrong(text, "keys", "source_spelling", choices=", ".join(spelling.WAYS))
    _check_steps(data, text)
    shapes = data.get("shapes")
    if not isinstance(shapes, list) or not shapes or len(shapes) > _MOST_SHAPES:
        raise _wrong(text, "shapes", "source_no_shape")
    for shape in shapes:
        _check_shape(shape, text)
    names = {str(shape["name"]) for shape in shapes}
    if not all(str(shape.get("follows", shape["name"])) in names for shape in shapes):
        raise _wrong(text, "follows", "source_no_shape")


def _check_steps(data: Mapping[str, object], text: str) -> None:
    unwrap = data.get("unwrap", [])
    if not isinstance(unwrap, list) or not all(isinstance(one, str) and one.strip("?![]. ") for one in unwrap):
        raise _wrong(text, "unwrap", "source_unwrap")


def _check_shape(shape: object, text: str) -> None:
    if not isinstance(shape, dict):
        raise _wrong(text, "shapes", "source_no_shape")
    for name in {str(key) for key in shape} - _SHAPE:
        raise _wrong(text, name, "source_key")
    missing = next((name for name in ("name", "identity", "severity", "normal") if name not in shape), None)
    if missing:
        raise _wrong(text, missing, "source_part")
    for name in ("when", "times", "normal", "observables", "unmapped"):
        if not isinstance(shape.get(name, {}), dict):
            raise _wrong(text, name, "source_table")
    if TITLE not in shape["normal"]:
        raise _wrong(text, TITLE, "source_title")
    _check_names(shape, text)
    _check_expressions(shape, text)


def _check_expressions(shape: Mapping[str, object], text: str) -> None:
    for name, spec in _specs(shape):
        try:
            expression(spec)
        except (BadMapping, TypeError, ValueError, RecursionError) as error:
            raise _wrong(text, name, "source_expression", str(error)) from None


def _check_names(shape: Mapping[str, dict[object, object]], text: str) -> None:
    for name in map(str, shape["normal"]):
        if not ocsf.known(name):
            meant = field_names.nearest(name)
            raise _wrong(text, name, "source_name_near" if meant else "source_name", meant=meant)
    kinds = [kind.value for kind in ObservableType]
    for name in set(map(str, shape.get("observables", {}))) - set(kinds):
        raise _wrong(text, name, "source_observable", choices=", ".join(kinds))
    for name in set(map(str, shape.get("times", {}))) - _TIMES:
        raise _wrong(text, name, "source_key")
    for name in map(str, shape.get("when", {})):
        try:
            path(name)
        except BadMapping as error:
            raise _wrong(text, name, "source_expression", str(error)) from None


def _specs(shape: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    for name in ("identity", "severity", "state"):
        if name in shape:
            yield name, shape[name]
    for part in ("times", "normal", "observables", "unmapped"):
        inside = shape.get(part, {})
        for name, spec in inside.items() if isinstance(inside, dict) else ():
            yield str(name), spec


def _wrong(text: str, name: str, code: str, why: str = "", **params: str) -> BadRule:
    found = re.search(rf"(?:^|[\s{{,-])[\"']?{re.escape(name)}[\"']?\s*:", text, re.MULTILINE)
    line = text.count("\n", 0, found.end()) + 1 if found else 1
    return BadRule(NAME, line, why or f"{name}: {code}", code, **{"name": name, **params})

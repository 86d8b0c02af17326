"""The fields of a body, each with the path a mapping would write for it and a value to know it by. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from hikeshi.intake.sources.mapping import Document

MOST: Final = 400
DEEPEST: Final = 12
_ITEMS: Final = 5
"""Items of a list that are looked at: what they have in common is one field."""
_SHORT: Final = 120
_NEEDS_QUOTES = re.compile(r'[.\[\]"{}|\s]|^[\'@^]')


@dataclass(frozen=True, slots=True)
class Field:
    """``path`` is empty for what no path can name: a key with a quotation mark in it."""

    path: str
    name: str
    value: str
    depth: int
    leaf: bool


@dataclass(frozen=True, slots=True)
class Tree:
    fields: tuple[Field, ...]
    whole: bool  # whether all fields are there

    @property
    def leaves(self) -> tuple[Field, ...]:
        return tuple(one for one in self.fields if one.leaf and one.path)


def tree(document: Document, envelope: Document | None = None) -> Tree:
    """Fields of the alert first, then those of the body around it."""
    found: list[Field] = []
    for one in _all(document, envelope):
        if len(found) == MOST:
            return Tree(tuple(found), whole=False)
        found.append(one)
    return Tree(tuple(found), whole=True)


def lists(document: object) -> tuple[str, ...]:
    """Where lists of objects stand: one of them may hold the alerts."""
    return tuple(_lists(document, "", 0)) if isinstance(document, dict) else ()


def _lists(table: Document, above: str, depth: int) -> Iterator[str]:
    for key, value in list(table.items())[:MOST]:
        here = f"{above}.{key}" if above else key
        if "." in key or not key.strip():
            continue
        if isinstance(value, list) and value and all(isinstance(item, dict) for item in value[:_ITEMS]):
            yield here
        elif isinstance(value, dict) and depth < 3:
            yield from _lists(value, here, depth + 1)


def _all(document: Document, envelope: Document | None) -> Iterator[Field]:
    yield from _inside(document, "", 0)
    if envelope is not None:
        around = {key: value for key, value in envelope.items() if not _holds(value, document)}
        yield from _inside(around, "^", 0)


def _holds(value: object, document: Document) -> bool:
    return value is document or (isinstance(value, list) and any(item is document for item in value))


def _inside(table: Document, above: str | None, depth: int) -> Iterator[Field]:
    for key, value in table.items():
        yield from _field(key, value, _joined(above, key), depth)


def _field(key: str, value: object, path: str | None, depth: int) -> Iterator[Field]:
    if isinstance(value, dict) and value and depth < DEEPEST:
        yield Field("", key, "", depth, leaf=False)
        yield from _inside(value, path, depth + 1)
    elif isinstance(value, list) and value and isinstance(value[0], dict) and depth < DEEPEST:
        yield Field("", f"{key}[]", "", depth, leaf=False)
        common: Document = {}
        for item in reversed(value[:_ITEMS]):
            common |= item if isinstance(item, dict) else {}
        yield from _inside(common, None if path is None else f"{path}[]", depth + 1)
    else:
        many = isinstance(value, list) and bool(value)
        yield Field("" if path is None else f"{path}[]" if many else path, key, _short(value), depth, leaf=True)


def _joined(above: str | None, key: str) -> str | None:
    if above is None or '"' in key or not key:
        return None
    written = f'"{key}"' if _NEEDS_QUOTES.search(key) else key
    if any(mark in key for mark in ("{", "}", " | ")):
        return None  # would be read as a template or as alternatives
    return f"{above}.{written}" if above else written


def _short(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(_short(item) for item in value[:_ITEMS])[:_SHORT]
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "null"
    return str(value)[:_SHORT] if not isinstance(value, str) else value[:_SHORT]

"""The columns of a file of people, and the words people write in them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import msgspec
import yaml

from hikeshi.documents import tables
from hikeshi.kernel.texts import folded

DATA: Final = Path(__file__).parent / "data" / "people.yaml"
_APART: Final = re.compile(r"[;,、\n；]")  # as Japanese offices write lists
_LEVELS: Final = re.compile(r"\s*[/／>＞]\s*")  # as above: parent / child


@dataclass(frozen=True, slots=True)
class Sheet(tables.Sheet):
    """``languages``: how people write each, by its code."""

    languages: Mapping[str, tuple[str, ...]]


@cache
def sheet() -> Sheet:
    return msgspec.convert(yaml.load(DATA.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader), Sheet)


def listed(cell: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(folded(part) for part in _APART.split(cell) if part.strip()))


def levels(cell: str) -> tuple[str, ...]:
    """``Group / Plant``, from above down to the organisation meant."""
    return tuple(folded(part) for part in _LEVELS.split(cell.strip()) if part)


def language(cell: str) -> str | None:
    """The code; empty where nothing is said, None where it is no language."""
    if not cell.strip():
        return ""
    known = {folded(word): code for code, words in sheet().languages.items() for word in words}
    return known.get(folded(cell))

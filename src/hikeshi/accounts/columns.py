"""The columns of a file of people, and the words people write in them."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import msgspec
import yaml

from hikeshi.documents import tables

DATA: Final = Path(__file__).parent / "data" / "people.yaml"
_APART: Final = re.compile(r"[;,、\n；]")  # as Japanese offices write lists
_LEVELS: Final = re.compile(r"\s*[/／>＞]\s*")  # as above: parent / child


@dataclass(frozen=True, slots=True)
class Words:
    ja: str
    en: str


@dataclass(frozen=True, slots=True)
class Column:
    ja: str
    en: str
    hint: Words
    others: tuple[str, ...] = ()
    required: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    columns: Mapping[str, Column]
    languages: Mapping[str, tuple[str, ...]]

    @property
    def fields(self) -> tuple[tables.Field, ...]:
        return tuple(tables.Field(code, one.ja, one.en, one.others, one.required) for code, one in self.columns.items())


@cache
def sheet() -> Sheet:
    return msgspec.convert(yaml.load(DATA.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader), Sheet)


def folded(text: str) -> str:
    """Two writings of one name meet, whatever their width, case and spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


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

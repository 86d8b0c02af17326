"""Cells of an import, as people write them, become particulars; and particulars become cells again."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

import msgspec
import yaml

from hikeshi.assets.codes import Data, IdentifierType, Kind
from hikeshi.assets.identifiers import Identifier
from hikeshi.documents import tables
from hikeshi.kernel.refusals import Invalid
from hikeshi.kernel.texts import folded

DATA: Final = Path(__file__).parent / "data" / "columns.yaml"
IDENTIFIERS: Final[Mapping[str, IdentifierType]] = {
    "names": IdentifierType.NAME,
    "addresses": IdentifierType.ADDRESS,
    "macs": IdentifierType.MAC,
    "ids": IdentifierType.ID,
    "domains": IdentifierType.DOMAIN,
    "accounts": IdentifierType.ACCOUNT,
}
TEXTS: Final = (
    "number", "name", "place", "minimum_level", "substitute", "restored_by", "restore_note", "note",
)  # fmt: skip
NUMBERS: Final = ("persons", "rto", "rpo")
_APART: Final = re.compile(r"[;、\n；]")  # as Japanese offices write lists
_SPACED: Final = re.compile(r"[;,、\s；，]+")  # as above; these values hold no spaces
_SPAN: Final = re.compile(r"(\d{1,7})\s*(\S*)")
_DAY: Final = re.compile(r"(\d{4})\D(\d{1,2})\D(\d{1,2})(\D|$)")
_MINUTES: Final = {"minutes": 1, "hours": 60, "days": 1_440}


@dataclass(frozen=True, slots=True)
class Cells:
    """How people write codes, by the code."""

    kind: Mapping[str, tuple[str, ...]]
    criticality: Mapping[str, tuple[str, ...]]
    data: Mapping[str, tuple[str, ...]]
    yes_no: Mapping[str, tuple[str, ...]]
    none: tuple[str, ...]
    units: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Sheet(tables.Sheet):
    version: int
    words: Cells


@cache
def sheet() -> Sheet:
    return msgspec.convert(yaml.load(DATA.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader), Sheet)


@cache
def _known(group: str) -> Mapping[str, str]:
    known: Mapping[str, tuple[str, ...]] = getattr(sheet().words, group)
    return {folded(word): code for code, words in known.items() for word in (code, *words)}


@cache
def _nothing() -> frozenset[str]:
    return frozenset(folded(word) for word in sheet().words.none)


def is_nothing(cell: str) -> bool:
    return not cell.strip() or folded(cell) in _nothing()


def code_of(group: str, cell: str) -> str:
    """Raises Invalid."""
    found = _known(group).get(folded(cell))
    if found is None:
        raise Invalid(group, "unknown_word", word=cell[:60])
    return found


def kind_of(cell: str) -> Kind:
    return Kind(code_of("kind", cell))


def data_of(cell: str) -> tuple[Data, ...]:
    parts = [part.strip() for part in _APART.split(cell.replace(",", ";")) if not is_nothing(part)]
    return tuple(dict.fromkeys(Data(code_of("data", part)) for part in parts))


def minutes_of(name: str, cell: str) -> int:
    """``90``, ``4h``, ``2日``. Raises Invalid."""
    found = _SPAN.fullmatch(folded(cell).replace(",", ""))
    unit = _known("units").get(found[2] or "minutes") if found else None
    if found is None or unit is None:
        raise Invalid(name, "not_a_span", word=cell[:60])
    return int(found[1]) * _MINUTES[unit]


def count_of(name: str, cell: str) -> int:
    """``1,204``, ``1204名``. Raises Invalid."""
    found = re.fullmatch(r"(\d{1,10})\D{0,2}", folded(cell).replace(",", ""))
    if found is None:
        raise Invalid(name, "not_a_number", word=cell[:60])
    return int(found[1])


def day_of(name: str, cell: str) -> date:
    """``2026-11-21``, ``2026/11/21``, with or without a time behind. Raises Invalid."""
    found = _DAY.match(folded(cell))
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else date.fromisoformat(cell.strip())
    except ValueError as error:
        raise Invalid(name, "not_a_date") from error


def identifiers_of(said: Mapping[str, str]) -> tuple[Identifier, ...]:
    """Of the columns that name identifiers. Raises Invalid with the column's name."""
    found = []
    for column, kind in IDENTIFIERS.items():
        cell = said.get(column, "")
        split = _APART if kind in {IdentifierType.ID, IdentifierType.ACCOUNT} else _SPACED
        for value in (part.strip() for part in split.split(cell)):
            if value and not is_nothing(value):
                one = Identifier(kind, value)
                try:
                    one.key  # noqa: B018  # whoever reads a cell wants to know at once that it cannot be read
                except Invalid as refusal:
                    raise Invalid(column, refusal.reason, **refusal.params) from refusal
                found.append(one)
    return tuple(found)


def names_in(cell: str) -> tuple[str, ...]:
    """Names or numbers of other assets."""
    return tuple(dict.fromkeys(part.strip() for part in _APART.split(cell) if not is_nothing(part)))


def joined(values: Iterable[str]) -> str:
    return "; ".join(values)

"""Which column is which field: by the names of any language, whatever their width, case and spaces."""

import difflib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from hikeshi.documents.tables.shapes import Row

LOOKED_THROUGH: Final = 10
_ORNAMENT: Final = re.compile(r"[\W_]+")
_REMARK: Final = re.compile(r"\([^)]*\)|\[[^\]]*\]|【[^】]*】")


@dataclass(frozen=True, slots=True)
class Field:
    """A column somebody may bring. ``ja`` and ``en`` are its names in the templates, ``others`` what else it is
    called elsewhere.
    """

    code: str
    ja: str
    en: str
    others: tuple[str, ...] = ()
    required: bool = False

    def name(self, language: str) -> str:
        return self.ja if language == "ja" else self.en

    def spellings(self) -> frozenset[str]:
        return frozenset(folded(name) for name in (self.code, self.ja, self.en, *self.others))


@dataclass(frozen=True, slots=True)
class Unknown:
    """A heading that is no field, and the field it may have meant; None where nothing comes near."""

    heading: str
    meant: Field | None


@dataclass(frozen=True, slots=True)
class Fit:
    """``columns``: field code to column. ``doubled``: fields that two headings name."""

    columns: Mapping[str, int]
    unknown: tuple[Unknown, ...]
    missing: tuple[Field, ...]
    doubled: tuple[Field, ...]

    @property
    def usable(self) -> bool:
        return not self.missing and not self.doubled

    def value(self, row: Row, code: str) -> str:
        """The row's text for that field; empty where the file has no such column."""
        column = self.columns.get(code)
        return "" if column is None else row.cell(column)

    def faults(self, row: Row) -> dict[str, str]:
        """Fields whose cell in this row cannot be used, with the code of the reason."""
        by_column = {column: code for code, column in self.columns.items()}
        return {by_column[column]: reason for column, reason in row.faults if column in by_column}


def folded(name: str) -> str:
    """Full-width, upper-case, spaced and decorated writings of one heading are one heading."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    return _ORNAMENT.sub("", _REMARK.sub("", plain)) or _ORNAMENT.sub("", plain)


def fit(headings: Row, fields: Sequence[Field]) -> Fit:
    known = {spelling: field for field in fields for spelling in field.spellings()}
    columns: dict[str, int] = {}
    unknown, doubled = [], []
    for column, heading in enumerate(headings.cells):
        field = known.get(folded(heading))
        if field is None:
            unknown += [Unknown(heading, _nearest(heading, known))] if heading else []
        elif field.code in columns:
            doubled.append(field)
        else:
            columns[field.code] = column
    missing = tuple(field for field in fields if field.required and field.code not in columns)
    return Fit(columns, tuple(unknown), missing, tuple(doubled))


def find(rows: Sequence[Row], fields: Sequence[Field]) -> int:
    """Which row holds the headings: the first of those that name the most fields, so that a title above is no harm."""
    known = frozenset(spelling for field in fields for spelling in field.spellings())
    named = [sum(folded(cell) in known for cell in row.cells if cell) for row in rows[:LOOKED_THROUGH]]
    return named.index(max(named)) if named else 0


def _nearest(heading: str, known: Mapping[str, Field]) -> Field | None:
    close = difflib.get_close_matches(folded(heading), known, n=1, cutoff=0.6)
    return known[close[0]] if close else None

"""The columns a file may bring, as the data folder of their domain describes them."""

from collections.abc import Mapping
from dataclasses import dataclass

from hikeshi.documents.tables.headings import Field


@dataclass(frozen=True, slots=True)
class Words:
    ja: str
    en: str

    def said(self, language: str) -> str:
        return self.ja if language == "ja" else self.en


@dataclass(frozen=True, slots=True)
class Column:
    """``hint``: what is written there, for whoever makes the file."""

    ja: str
    en: str
    hint: Words
    others: tuple[str, ...] = ()
    required: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    columns: Mapping[str, Column]

    @property
    def fields(self) -> tuple[Field, ...]:
        return tuple(Field(code, one.ja, one.en, one.others, one.required) for code, one in self.columns.items())

"""The categories of data there are, from the data file: what each is for and how long it is kept by default."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

import msgspec
import yaml

DATA: Final = Path(__file__).parent / "data" / "categories.yaml"


@dataclass(frozen=True, slots=True)
class Least:
    """A minimum that a law, standard or contract asks of those it applies to, and which. ``checked``: the day the data
    file was compared with what the source says.
    """

    days: int
    checked: date
    ja: str
    en: str

    def source(self, language: str) -> str:
        return self.ja if language == "ja" else self.en


@dataclass(frozen=True, slots=True)
class Category:
    """``days`` None: kept until somebody decides. ``floor``: nothing younger can be deleted, whoever asks."""

    ja: str
    en: str
    why_ja: str
    why_en: str
    from_ja: str
    from_en: str
    days: int | None = None
    least: Least | None = None
    floor: int = 1

    def name(self, language: str) -> str:
        return self.ja if language == "ja" else self.en

    def why(self, language: str) -> str:
        return self.why_ja if language == "ja" else self.why_en

    def counted(self, language: str) -> str:
        """From when on the period counts."""
        return self.from_ja if language == "ja" else self.from_en


class _File(msgspec.Struct, frozen=True):
    categories: dict[str, Category]


@cache
def categories() -> Mapping[str, Category]:
    text = DATA.read_text(encoding="utf-8")
    return msgspec.convert(yaml.load(text, Loader=yaml.CSafeLoader), _File).categories

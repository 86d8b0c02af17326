"""One writing for what people write in several: width, case, old forms of kanji. Pure."""

import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

import yaml

_HIRAGANA_FIRST: Final = 0x3041
_HIRAGANA_LAST: Final = 0x3096
_TO_KATAKANA: Final = {code: code + 0x60 for code in range(_HIRAGANA_FIRST, _HIRAGANA_LAST + 1)}


@cache
def old_forms() -> dict[int, str]:
    """Old and rare forms of kanji to those of today."""
    read: dict[str, str] = yaml.safe_load(files("hikeshi.search").joinpath("data/kanji.yaml").read_text("utf-8"))
    return {ord(old): new for new, olds in read.items() for old in olds}


def folded(text: str) -> str:
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text).translate(old_forms())
    return plain.casefold()


def katakana(text: str) -> str:
    return text.translate(_TO_KATAKANA)


@dataclass(frozen=True, slots=True)
class Folded:
    """``origin``: for each letter of ``text``, the place in what was folded; one more for its end."""

    text: str
    origin: tuple[int, ...]


def folded_in_place(text: str) -> Folded:
    """Letter by letter, so that what is found can be shown where it stands."""
    letters: list[str] = []
    origin: list[int] = []
    for place, letter in enumerate(text):
        plain = folded(letter)
        letters.append(plain)
        origin.extend([place] * len(plain))
    return Folded("".join(letters), (*origin, len(text)))

"""Groups of words that mean the same, as a person writes them: a line each, commas between. Pure."""

import hashlib
import re
from collections.abc import Callable, Sequence
from functools import cache
from importlib.resources import files
from typing import Final

import yaml

from hikeshi.kernel.refusals import Invalid
from hikeshi.search.folding import folded
from hikeshi.search.matching import Book

FIELD: Final = "groups"
MOST_GROUPS: Final = 500
MOST_WORDS: Final = 12
LONGEST: Final = 60
_COMMA: Final = re.compile(r"[,\u3001\uff0c\uff64\t]")


@cache
def shipped() -> str:
    groups = yaml.safe_load(files("hikeshi.finding").joinpath("data/synonyms.yaml").read_text("utf-8"))
    return "\n".join(", ".join(words) for words in groups)


def groups_of(content: str) -> list[list[str]]:
    return [line.split(", ") for line in content.splitlines()]


def tidy(text: str) -> str:
    """As it is kept: a line for each group, in the order given. Raises Invalid, with the line."""
    lines: list[str] = []
    seen: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        words = list(dict.fromkeys(" ".join(word.split()) for word in _COMMA.split(line) if word.strip()))
        if words:
            _must_be_fit(words, number, seen)
            lines.append(", ".join(words))
    if len(lines) > MOST_GROUPS:
        raise Invalid(FIELD, "too_many_groups", limit=MOST_GROUPS)
    return "\n".join(lines)


def _must_be_fit(words: Sequence[str], number: int, seen: dict[str, int]) -> None:
    if len(words) < 2:
        raise Invalid(FIELD, "group_of_one", line=number)
    if len(words) > MOST_WORDS:
        raise Invalid(FIELD, "group_too_large", line=number, limit=MOST_WORDS)
    for word in words:
        if len(word) > LONGEST or not any(letter.isalnum() for letter in word):
            raise Invalid(FIELD, "word_not_usable", line=number, word=word[:LONGEST])
        first = seen.setdefault(folded(word), number)
        if first != number:
            raise Invalid(FIELD, "word_twice", line=number, word=word, first=first)


def digest(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()


def book(content: str, key: Callable[[str], tuple[str, ...]]) -> Book:
    """``key``: what spellings of a word have in common. A word the reader makes nothing of is left out."""
    found: dict[tuple[str, ...], tuple[str, ...]] = {}
    for words in groups_of(content):
        keys = {word: key(word) for word in words}
        for known in keys.values():
            if known:
                found[known] = tuple(other for other in words if keys[other] != known)
    return Book(found)

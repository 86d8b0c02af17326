"""How alike two short texts are, in any language: shared pairs of letters. Pure."""

import unicodedata
from typing import Final

ALIKE: Final = 0.34
"""From here on a person would look twice."""


def pairs(text: str) -> frozenset[str]:
    """Pairs of letters within words, width and case aside."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    words = "".join(one if one.isalnum() else " " for one in plain).split()
    return frozenset(word[at : at + 2] for word in words for at in range(max(len(word) - 1, 1)))


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """0 to 1: twice what they share against all they have."""
    total = len(one) + len(other)
    return 2 * len(one & other) / total if total else 0.0

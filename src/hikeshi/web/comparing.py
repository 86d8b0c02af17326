"""Two versions of something beside each other: what went, what came, and enough around it to see where."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import unified_diff


@dataclass(frozen=True, slots=True)
class Change:
    sign: str  # "+", "-", " ", or "@" between places
    text: str


@dataclass(frozen=True, slots=True)
class Part:
    name: str
    changes: tuple[Change, ...]


def differing(before: Mapping[str, str], after: Mapping[str, str]) -> list[Part]:
    """The parts, by the name they have for the reader, that are not the same."""
    names = list(dict.fromkeys([*before, *after]))
    return [
        Part(name, tuple(_changes(before.get(name, ""), after.get(name, ""))))
        for name in names
        if before.get(name, "") != after.get(name, "")
    ]


def _changes(before: str, after: str) -> Iterator[Change]:
    for line in list(unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=3))[2:]:
        sign = line[0]
        yield Change(sign, "" if sign == "@" else line[1:])

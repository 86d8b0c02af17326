"""Two versions of something beside each other: what went, what came, and enough around it to see where."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import unified_diff

from django.http import QueryDict

from hikeshi.kernel.refusals import NotFound


@dataclass(frozen=True, slots=True)
class Change:
    sign: str  # "+", "-", " ", or "@" between places
    text: str


@dataclass(frozen=True, slots=True)
class Part:
    name: str
    changes: tuple[Change, ...]


def two(numbers: Sequence[int], asked: QueryDict, *, before: int | None = None) -> tuple[int, int]:
    """The versions the address names; without, ``before`` or the newest but one, and the newest. ``numbers``: from the
    newest on. Raises NotFound.
    """
    given = [asked.get(name, "") for name in ("from", "to")]
    one, other = (int(text) if text.isdecimal() and len(text) < 9 else None for text in given)
    pair = (one if one is not None else before or numbers[:2][-1], other if other is not None else numbers[0])
    if not set(pair) <= set(numbers):
        raise NotFound("version")
    return pair


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

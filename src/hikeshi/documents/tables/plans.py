"""What an import would do, line by line, before anything is done."""

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

T = TypeVar("T")


class Fate(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a line cannot be taken: the field (empty for the whole line) and the reason, as refusals code them."""

    field: str
    reason: str
    params: Mapping[str, str] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Planned(Generic[T]):
    """One line. ``changed`` names the fields that would become another; ``value`` is None where the line is wrong."""

    line: int
    name: str
    fate: Fate
    value: T | None = None
    changed: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan(Generic[T]):
    lines: tuple[Planned[T], ...]

    def count(self, fate: Fate) -> int:
        return sum(one.fate is fate for one in self.lines)

    def of(self, fate: Fate) -> tuple[Planned[T], ...]:
        return tuple(one for one in self.lines if one.fate is fate)

    @property
    def possible(self) -> bool:
        """Whether it may be carried out: all of it or nothing, so one wrong line holds the rest."""
        return bool(self.lines) and not self.count(Fate.WRONG)


def same_twice(keys: Iterable[tuple[int, str]]) -> dict[int, int]:
    """Lines whose key an earlier line has already, with that line. An empty key is nobody's."""
    first: dict[str, int] = {}
    twice: dict[int, int] = {}
    for line, key in keys:
        if key and first.setdefault(key, line) != line:
            twice[line] = first[key]
    return twice

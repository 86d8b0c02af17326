"""``name:value`` in the search box: how it may be written, in both languages. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Final, Protocol

import msgspec
import yaml

from hikeshi.kernel import clock
from hikeshi.kernel.refusals import Invalid
from hikeshi.search.folding import folded
from hikeshi.search.question import FIELD


class Named(Protocol):
    @property
    def ja(self) -> str: ...
    @property
    def en(self) -> str: ...


@dataclass(frozen=True, slots=True)
class _Spellings:
    names: Mapping[str, list[str]]
    values: Mapping[str, list[str]]


class UnknownValue(Exception):
    """The operator is known here and its value is not. ``choices`` are those that are."""

    def __init__(self, *choices: str) -> None:
        super().__init__(*choices)
        self.choices: Final = choices


@cache
def _spellings() -> _Spellings:
    text = files("hikeshi.finding").joinpath("data/operators.yaml").read_text("utf-8")
    return msgspec.convert(yaml.safe_load(text), _Spellings)


@cache
def names() -> Mapping[str, str]:
    """How each may be written -> what it is called."""
    return {folded(one): name for name, spelled in _spellings().names.items() for one in spelled}


def choice(value: str, known: Iterable[str]) -> str:
    """The value that is meant, of these. Raises UnknownValue."""
    wanted = folded(value)
    offered = tuple(known)
    for one in offered:
        if wanted in {folded(each) for each in (one, *_spellings().values.get(one, ()))}:
            return one
    raise UnknownValue(*offered)


def named(value: str, known: Mapping[str, Named]) -> str:
    """The code whose name, in either language, or that itself is meant. Raises UnknownValue."""
    wanted = folded(value)
    for code, one in known.items():
        if wanted in {folded(each) for each in (code, one.ja, one.en)}:
            return code
    raise UnknownValue(*known)


def day(value: str) -> date:
    """Raises Invalid."""
    try:
        year, month, number = (int(part) for part in value.replace("/", "-").split("-"))
        found = date(year, month, number)
    except ValueError as error:
        raise Invalid(FIELD, "not_a_day", value=value) from error
    if not clock.everywhere(found):
        raise Invalid(FIELD, "not_a_day", value=value)
    return found

"""Conditions on an alert as Alertmanager's matchers say them: ``host = db1``, one per line, all of them. Pure.

``= != =~ !~``; a pattern (RE2) must fit the whole value; what an alert does not have counts as empty; of several values
(addresses, users) one suffices for ``=`` and ``=~``, and none may fit for ``!=`` and ``!~``. Case does not matter.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

import re2

from hikeshi.intake.sources.mapping import said_of_pattern

MOST: Final = 20
LONGEST: Final = 500
_LINE: Final = re.compile(r'\s*([A-Za-z_][A-Za-z0-9_.-]{0,99})\s*(=~|!~|!=|=)\s*("(?:[^"\\]|\\.)*"|.*?)\s*')
_OF_OBSERVABLES: Final = {"ip": "address"}
_LABEL: Final = "label."


class Operator(StrEnum):
    IS = "="
    IS_NOT = "!="
    FITS = "=~"
    FITS_NOT = "!~"


class Name(StrEnum):
    """What may be asked of an alert; ``label.<name>`` asks for one of its labels."""

    SOURCE = "source"
    TITLE = "title"
    SEVERITY = "severity"  # 1 to 6
    HOST = "host"
    USER = "user"
    ADDRESS = "address"
    RULE = "rule"  # the detector's
    PRODUCT = "product"
    KEY = "key"  # the fingerprint: one alert


class BadMatcher(ValueError):
    """``code``: matcher_line, matcher_name, matcher_pattern, matcher_all, matcher_many; ``line`` counts from 1."""

    def __init__(self, code: str, line: int, text: str = "") -> None:
        super().__init__(code, line, text)
        self.code, self.line, self.text = code, line, text


@dataclass(frozen=True, slots=True)
class Subject:
    """An alert as matchers see it: every name with its values, in small letters."""

    values: Mapping[str, tuple[str, ...]]

    def of(self, name: str) -> tuple[str, ...]:
        return self.values.get(name) or ("",)


@dataclass(frozen=True, slots=True)
class Matcher:
    name: str
    operator: Operator
    value: str
    fits: Callable[[str], bool]

    def matches(self, subject: Subject) -> bool:
        found = any(self.fits(value) for value in subject.of(self.name))
        return found if self.operator in {Operator.IS, Operator.FITS} else not found


@dataclass(frozen=True, slots=True)
class Matchers:
    all: tuple[Matcher, ...]

    def match(self, subject: Subject) -> bool:
        return all(matcher.matches(subject) for matcher in self.all)


@lru_cache(maxsize=1_024)
def read(text: str) -> Matchers:
    """Raises BadMatcher. One that lets everything pass, the alert without any value too, is none."""
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if len(lines) > MOST:
        raise BadMatcher("matcher_many", lines[MOST][0])
    found = tuple(_matcher(number, line) for number, line in lines)
    if all(matcher.matches(Subject({})) for matcher in found):
        raise BadMatcher("matcher_all", lines[0][0] if lines else 1)
    return Matchers(found)


def is_name(name: str) -> bool:
    return name in set(Name) or name.startswith(_LABEL)


def _matcher(number: int, line: str) -> Matcher:
    said = _LINE.fullmatch(line[: LONGEST + 1])
    if said is None or len(line) > LONGEST:
        raise BadMatcher("matcher_line", number, line[:80])
    name, operator, value = said[1].lower(), Operator(said[2]), said[3]
    if not is_name(name):
        raise BadMatcher("matcher_name", number, name)
    if value.startswith('"') and value.endswith('"') and len(value) > 1:
        value = re.sub(r"\\(.)", r"\1", value[1:-1]) if operator in {Operator.IS, Operator.IS_NOT} else value[1:-1]
    return Matcher(name, operator, value, _fitting(number, operator, value))


def _fitting(number: int, operator: Operator, value: str) -> Callable[[str], bool]:
    if operator in {Operator.IS, Operator.IS_NOT}:
        wanted = value.casefold()
        return lambda given: given == wanted
    try:
        pattern = re2.compile(f"(?i:{value})")
    except re2.error as error:
        raise BadMatcher("matcher_pattern", number, said_of_pattern(error)[:200]) from None
    return lambda given: pattern.fullmatch(given) is not None


def exactly(name: Name, value: str) -> str:
    """A line that asks for this very value."""
    quoted = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'{name} = "{quoted}"'


def fitting(name: Name, pattern: str) -> str:
    """A line that asks for what the pattern fits."""
    return f'{name} =~ "{pattern}"'


@dataclass(frozen=True, slots=True)
class Told:
    """What an alert says, from the digest or from its row."""

    source: str
    title: str
    severity: int
    fingerprint: str
    normal: Mapping[str, object]
    observables: Sequence[Mapping[str, str]]


def subject(told: Told) -> Subject:
    seen: dict[str, list[str]] = {}
    for one in told.observables:
        seen.setdefault(_OF_OBSERVABLES.get(one["type"], one["type"]), []).append(one["value"])
    seen.setdefault("host", []).append(_at(told.normal, "device", "hostname"))
    values: dict[str, Sequence[str]] = {
        Name.SOURCE: [told.source],
        Name.TITLE: [told.title],
        Name.SEVERITY: [str(told.severity)],
        Name.HOST: seen["host"],
        Name.USER: seen.get("user", []),
        Name.ADDRESS: seen.get("address", []),
        Name.RULE: [_at(told.normal, "finding_info", "analytic", key) for key in ("name", "uid")],
        Name.PRODUCT: [_at(told.normal, "metadata", "product", "name")],
        Name.KEY: [told.fingerprint],
        **{f"{_LABEL}{name.lower()}": [value] for name, value in _labels(told.normal).items()},
    }
    return Subject({name: tuple(one.casefold() for one in given if one) for name, given in values.items()})


def _labels(normal: Mapping[str, object]) -> Mapping[str, str]:
    unmapped = normal.get("unmapped")
    labels = unmapped.get("labels") if isinstance(unmapped, dict) else None
    if not isinstance(labels, dict):
        return {}
    return {str(name): str(value) for name, value in labels.items() if not isinstance(value, dict | list)}


def _at(value: object, *keys: str) -> str:
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, str) else ""

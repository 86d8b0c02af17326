"""A form as somebody at the site made it: what it asks, of whom, and where what is answered goes. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

import msgspec

from hikeshi.kernel.facts import JSON

MOST_FIELDS: Final = 40
MOST_CHOICES: Final = 100
MOST_FILES: Final = 5
LINE: Final = 200
HELP: Final = 500
LANGUAGES: Final = ("ja", "en")


class FieldKind(StrEnum):
    SHORT = "short"
    LONG = "long"
    ONE = "one"
    SEVERAL = "several"
    YES_NO = "yes_no"
    MOMENT = "moment"
    NUMBER = "number"
    MAIL = "mail"
    PHONE = "phone"
    ASSET = "asset"
    DEPARTMENT = "department"
    PERSON = "person"
    FILE = "file"


class Use(StrEnum):
    """What it is for: one of the three ways to report, or what the desk asks a caller."""

    ODD = "odd"
    NEAR_MISS = "near_miss"
    REQUEST = "request"
    PHONE = "phone"


class Audience(StrEnum):
    """Who may fill it in. EVERYONE reaches strangers only where the site takes reports without an account."""

    EVERYONE = "everyone"
    SIGNED_IN = "signed_in"
    ORGANISATION = "organisation"


CHOOSING: Final = frozenset({FieldKind.ONE, FieldKind.SEVERAL})
DECIDING: Final = CHOOSING | {FieldKind.YES_NO}
"""On what these answer, other fields may depend."""
NAMING: Final = frozenset({FieldKind.ASSET, FieldKind.DEPARTMENT, FieldKind.PERSON})
"""What these answer is a thing of the site: `{"asset": its uuid, "name": as it was called then}`; words alone where
nothing of the site was meant.
"""
YES: Final = "yes"
NO: Final = "no"


@dataclass(frozen=True, slots=True)
class Text:
    ja: str = ""
    en: str = ""

    def said(self, language: str) -> str:
        """In this language, else in the other."""
        return (self.en or self.ja) if language == "en" else (self.ja or self.en)


@dataclass(frozen=True, slots=True)
class Choice:
    code: str
    label: Text


@dataclass(frozen=True, slots=True)
class When:
    """That field was answered so."""

    field: str
    value: str


@dataclass(frozen=True, slots=True)
class Field:
    """``when``: shown only where one of them holds; empty: always. ``low`` and ``high`` bound a number."""

    key: str
    kind: FieldKind
    label: Text
    help: Text = Text()
    required: bool = False
    choices: tuple[Choice, ...] = ()
    when: tuple[When, ...] = ()
    low: int | None = None
    high: int | None = None

    @property
    def values(self) -> tuple[str, ...]:
        """What it can be answered with, where that is known beforehand."""
        return (YES, NO) if self.kind is FieldKind.YES_NO else tuple(one.code for one in self.choices)


@dataclass(frozen=True, slots=True)
class Definition:
    """``question``: asked first, in place of the usual words. ``kind``, ``urgency`` and ``record_class`` of what comes
    of it, and ``place`` where it belongs; empty: as for any report.
    """

    title: Text
    use: Use
    audience: Audience = Audience.EVERYONE
    organisation: str = ""
    intro: Text = Text()
    question: Text = Text()
    kind: str = ""
    urgency: int | None = None
    record_class: str = ""
    place: str = ""
    fields: tuple[Field, ...] = ()


def written(definition: Definition) -> dict[str, JSON]:
    """As it is kept."""
    found: dict[str, JSON] = msgspec.to_builtins(definition)
    return found


def read(kept: Mapping[str, JSON]) -> Definition:
    return msgspec.convert(kept, Definition)


def parts_of(definition: Definition) -> dict[str, str]:
    """What two people who change it compare: every part as text."""
    said = written(replace(definition, fields=()))
    plain = {name: "" if value is None else str(value) for name, value in said.items() if not isinstance(value, list)}
    for name in ("title", "intro", "question"):
        text: Text = getattr(definition, name)
        plain |= {f"{name}_ja": text.ja, f"{name}_en": text.en}
        del plain[name]
    return {**plain, "questions": "\n\n".join(map(_spelled, definition.fields))}


def _spelled(one: Field) -> str:
    marks = [one.kind.value, "*" if one.required else "", *(f"{pair.field}={pair.value}" for pair in one.when)]
    lines = [f"{one.label.ja} / {one.label.en} [{' '.join(filter(None, marks))}]"]
    lines += [f"- {each.label.ja} / {each.label.en}" for each in one.choices]
    bounds = "" if one.low is None and one.high is None else f"{one.low}..{one.high}"
    return "\n".join(filter(None, [*lines, one.help.ja, one.help.en, bounds]))


def content_of(definition: Definition) -> str:
    """What the ledger commits to."""
    return msgspec.json.encode(definition, order="deterministic").decode()

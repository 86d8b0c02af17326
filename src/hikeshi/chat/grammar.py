"""What somebody typed after the desk's name. One grammar for every tool, in both languages. Pure."""

import html
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Final

import msgspec
import yaml

DATA: Final = Path(__file__).parent / "data" / "words.yaml"
_TAG: Final = re.compile(r"<[^<>]*>")
_MENTION: Final = re.compile(r"<at>[^<>]*</at>", re.IGNORECASE)
_NAME: Final = re.compile(r"^\s*[/@]?hikeshi\b[:,]?\s*", re.IGNORECASE)


class Command(StrEnum):
    DECLARE = "declare"
    ACKNOWLEDGE = "acknowledge"
    NOTE = "note"
    MARK = "mark"
    WHO = "who"
    LIST = "list"
    STATUS = "status"
    REPORT = "report"
    LINK = "link"
    HELP = "help"


URGENT: Final = "urgent"
ALL: Final = "all"
"""Words that are no commands by themselves."""


@dataclass(frozen=True, slots=True)
class Typed:
    """``command`` is None where the first word is none of ours; ``words`` is the rest, as it was typed."""

    command: Command | None
    words: str
    first: str = ""


@cache
def spoken() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """Words by command and language."""
    return msgspec.convert(yaml.safe_load(DATA.read_text(encoding="utf-8")), dict[str, dict[str, tuple[str, ...]]])


@cache
def _known() -> Mapping[str, str]:
    return {folded(word): code for code, said in spoken().items() for words in said.values() for word in words}


def folded(word: str) -> str:
    return unicodedata.normalize("NFKC", word).casefold()


def word(command: str, language: str) -> str:
    """The word the help shows."""
    said = spoken()[command]
    return (said.get(language) or said["en"])[0]


def plain(text: str) -> str:
    """Words of a message as people typed them: without the mention of the desk, without markup."""
    bare = _TAG.sub(" ", _MENTION.sub(" ", text)) if "<at" in text.casefold() else text
    bare = html.unescape(bare).replace("\u00a0", " ").replace("\u3000", " ")
    return _NAME.sub("", bare, count=1).strip()


def is_addressed(text: str) -> bool:
    return _NAME.match(text) is not None


def read(text: str) -> Typed:
    """Nothing typed asks for help."""
    first, rest = split(text)
    if not first:
        return Typed(Command.HELP, "")
    code = _known().get(folded(first), "")
    if code == URGENT:
        return Typed(Command.DECLARE, text.strip())
    if code == ALL:
        return Typed(None, rest, first)
    return Typed(Command(code) if code else None, rest, first)


def split(text: str) -> tuple[str, str]:
    """The first word, and the rest with its own lines."""
    parts = text.strip().split(maxsplit=1)
    return (parts[0] if parts else "", parts[1] if len(parts) > 1 else "")


def is_urgent(first: str) -> bool:
    return _known().get(folded(first)) == URGENT


def is_all(first: str) -> bool:
    return _known().get(folded(first)) == ALL

"""How the sentence of a fact is written down."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from django.utils.translation import gettext, pgettext

_OPEN, _SHUT = "\ue000", "\ue001"  # around what fills a placeholder; of the private area, so in no text of ours
_WIDE: Final = r"[\u3001-\u30ff\u3400-\u9fff\uf900-\ufaff\uff01-\uff60]"
_APART: Final = re.compile(f"(?<={_WIDE}) (?={_OPEN}{_WIDE})|(?<={_WIDE}{_SHUT}) (?={_WIDE})")


@dataclass(frozen=True, slots=True)
class Sentence:
    """``message`` is the English message with named placeholders; ``labels`` says which fields hold codes, and of what
    group; ``otherwise`` is said instead where one of the placeholders has nothing to say. ``without``: what is said
    where just these have nothing to say, by their names in order, a blank between. ``kept`` is said where what was
    before (``was``) is what is now.
    """

    message: str
    labels: Mapping[str, str] = field(default_factory=dict)
    otherwise: str = ""
    without: Mapping[str, str] = field(default_factory=dict)
    kept: str = ""


def noted(message: str) -> str:
    """Marks a message for the catalogue, to be translated when it is said. Django's own asks for settings, and the
    command line reads these words before there are any.
    """
    return message


def filling(value: str) -> str:
    """Marks what fills a placeholder, for ``close``."""
    return f"{_OPEN}{value.translate({ord(_OPEN): None, ord(_SHUT): None})}{_SHUT}"


def close(text: str) -> str:
    """Japanese sets a number or a Latin name off by blanks, never a Japanese name; names keep the blanks within."""
    return _APART.sub("", text).replace(_OPEN, "").replace(_SHUT, "")


def told(message: str, **values: object) -> str:
    """A translated message with its placeholders filled, set as the letters ask."""
    return close(message % {name: filling(str(value)) for name, value in values.items()})


def leading(text: object) -> str:
    """What stands within a sentence elsewhere, where it stands by itself."""
    said = str(text)
    return said[:1].upper() + said[1:]


def bracketed(text: object) -> str:
    """Set beside a word before it, in the brackets of the language with their blank."""
    return pgettext("bracketed", " (%(what)s)") % {"what": text}


def listed(words: Iterable[str]) -> str:
    """One after the other, with the comma of the language."""
    return gettext(", ").join(words)

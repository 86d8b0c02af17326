"""What a document is made of, whatever it is written as afterwards. Texts are plain: no markup means anything."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias


class Tone(StrEnum):
    PLAIN = "plain"
    QUIET = "quiet"
    STRONG = "strong"
    GAP = "gap"
    """Something is missing here, and says so."""


@dataclass(frozen=True, slots=True)
class Span:
    text: str
    tone: Tone = Tone.PLAIN


Text: TypeAlias = "str | Span"
Cell: TypeAlias = "str | Span | tuple[Text, ...]"
"""Several texts in a cell stand under each other."""


@dataclass(frozen=True, slots=True)
class Heading:
    """``level`` 1 or 2; numbers are given when it is rendered."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, slots=True)
class Notice:
    """A framed sentence that must not be overlooked."""

    text: str


@dataclass(frozen=True, slots=True)
class Pairs:
    """Name and value, one under the other, ruled."""

    rows: tuple[tuple[str, Cell], ...]
    title: str = ""
    """What the table is, for whoever has it read out."""


@dataclass(frozen=True, slots=True)
class Column:
    """``share`` of the width, against the other columns'."""

    title: str
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class Table:
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    title: str = ""


@dataclass(frozen=True, slots=True)
class Bullets:
    items: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Bars:
    """For each row its name, how long its bar is (of one), and what stands beside it."""

    rows: tuple[tuple[str, float, str], ...]


@dataclass(frozen=True, slots=True)
class Break:
    """What follows begins on a new page."""


Block: TypeAlias = "Heading | Paragraph | Notice | Pairs | Table | Bullets | Bars | Break"


@dataclass(frozen=True, slots=True)
class Front:
    """The head of the first page: who sends it, number and date on the right, what it is, what it is about."""

    kind: str
    title: str
    state: str
    above: tuple[str, ...] = ()
    rows: tuple[tuple[str, Cell], ...] = ()


class Paper(StrEnum):
    A4 = "a4"
    A3 = "a3"


@dataclass(frozen=True, slots=True)
class Poster:
    """One page to hang up: set as small as can still be read until it fits. ``parted`` stands at its head where even
    that takes several, with ``{m}`` for how many.
    """

    paper: Paper
    parted: str


@dataclass(frozen=True, slots=True)
class Document:
    """``marking``, ``running``, ``foot`` stand on every page; ``page`` is how it is counted, with ``{n}``, ``{m}``.
    ``poster``: set as one page, as PDF alone.
    """

    title: str
    language: str
    front: Front
    blocks: tuple[Block, ...]
    author: str
    made_at: datetime
    marking: str = ""
    running: str = ""
    foot: str = ""
    page: str = "{n} / {m}"
    keywords: tuple[str, ...] = field(default=())
    poster: Poster | None = None


def spans(cell: Cell) -> tuple[Span, ...]:
    found = cell if isinstance(cell, tuple) else (cell,)
    return tuple(one if isinstance(one, Span) else Span(one) for one in found)


def numbers(blocks: tuple[Block, ...]) -> tuple[str, ...]:
    """For each block its number, empty for what is no heading: 1, 1.1, 1.2, 2."""
    first = second = 0
    found = []
    for block in blocks:
        if not isinstance(block, Heading):
            found.append("")
        elif block.level == 1:
            first, second = first + 1, 0
            found.append(f"{first}.")
        else:
            second += 1
            found.append(f"{first}.{second}")
    return tuple(found)

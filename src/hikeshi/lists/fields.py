"""By what a list can be narrowed, and how. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Field(StrEnum):
    PRIORITY = "priority"
    STATUS = "status"
    PHASE = "phase"
    KIND = "kind"
    CLASS = "class"
    OWNER = "owner"
    TEAM = "team"
    ORGANISATION = "organisation"
    WAITING = "waiting"
    LEFT = "left"
    OPENED = "opened"
    UPDATED = "updated"
    TITLE = "title"
    ANSWER = "answer"
    WORLD = "world"


class Op(StrEnum):
    IS = "is"
    NOT = "not"
    TO = "to"
    WAS = "was"
    CHANGED = "changed"
    UNDER = "under"
    OVER = "over"
    LAST = "last"
    BEFORE = "before"
    AFTER = "after"
    HAS = "has"
    LACKS = "lacks"
    FROM = "from"
    UPTO = "upto"


class Shape(StrEnum):
    """What is given beside the operator. CHOICES: one or several of them; DAY is written 2026-11-21."""

    NOTHING = "nothing"
    CHOICES = "choices"
    CHOICE = "choice"
    HOURS = "hours"
    DAYS = "days"
    DAY = "day"
    WORDS = "words"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Taking:
    """What an operator takes; ``when``: a period too, for it asks the history; ``of``: which question of which form
    first, `form.question.what is given`.
    """

    shape: Shape
    when: bool = False
    of: bool = False


_CHOSEN: Final = {Op.IS: Taking(Shape.CHOICES), Op.NOT: Taking(Shape.CHOICES)}
_KEPT: Final = {**_CHOSEN, Op.WAS: Taking(Shape.CHOICES, when=True), Op.CHANGED: Taking(Shape.NOTHING, when=True)}
_TIMED: Final = {Op.LAST: Taking(Shape.DAYS), Op.BEFORE: Taking(Shape.DAY), Op.AFTER: Taking(Shape.DAY)}
_ANSWERED: Final = {
    **_CHOSEN,
    Op.HAS: Taking(Shape.WORDS, of=True),
    Op.LACKS: Taking(Shape.WORDS, of=True),
    Op.FROM: Taking(Shape.NUMBER, of=True),
    Op.UPTO: Taking(Shape.NUMBER, of=True),
    Op.BEFORE: Taking(Shape.DAY, of=True),
    Op.AFTER: Taking(Shape.DAY, of=True),
}

FIELDS: Final[Mapping[Field, Mapping[Op, Taking]]] = {
    Field.PRIORITY: {Op.TO: Taking(Shape.CHOICE), **_KEPT},
    Field.STATUS: _KEPT,
    Field.PHASE: _KEPT,
    Field.KIND: _KEPT,
    Field.CLASS: _KEPT,
    Field.OWNER: _KEPT,
    Field.TEAM: _CHOSEN,
    Field.ORGANISATION: _CHOSEN,
    Field.WAITING: _CHOSEN,
    Field.LEFT: {Op.OVER: Taking(Shape.NOTHING), Op.UNDER: Taking(Shape.HOURS)},
    Field.OPENED: _TIMED,
    Field.UPDATED: _TIMED,
    Field.TITLE: {Op.HAS: Taking(Shape.WORDS), Op.LACKS: Taking(Shape.WORDS)},
    Field.ANSWER: _ANSWERED,
    Field.WORLD: _CHOSEN,
}
"""In the order in which they are offered."""

REMEMBERED: Final = frozenset(one for one, ops in FIELDS.items() if Op.WAS in ops)

"""For whom a filter is kept, and how a list can be arranged. Pure."""

import re
from enum import StrEnum
from typing import Final


class Audience(StrEnum):
    MINE = "mine"
    TEAM = "team"
    EVERYONE = "everyone"


class Column(StrEnum):
    """Beside priority and title, which every list has."""

    PHASE = "phase"
    OWNER = "owner"
    LEFT = "left"
    OPENED = "opened"
    UPDATED = "updated"
    KIND = "kind"
    CLASS = "class"
    ORGANISATION = "organisation"
    WAITING = "waiting"


class Order(StrEnum):
    PRIORITY = "priority"
    DUE = "due"
    UPDATED = "updated"
    NEWEST = "newest"
    OLDEST = "oldest"


class Group(StrEnum):
    OWNER = "owner"
    KIND = "kind"
    PHASE = "phase"
    PRIORITY = "priority"


class Board(StrEnum):
    """What the columns of a board stand for."""

    PHASE = "phase"
    STATUS = "status"
    OWNER = "owner"


ANSWER: Final = re.compile(r"answer\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.([a-z][a-z0-9_]{0,7})", re.ASCII)
"""A column that shows what a form of the site was answered: which form, which question."""


def is_column(code: str) -> bool:
    return code in set(Column) or ANSWER.fullmatch(code) is not None


USUAL: Final = (Column.PHASE, Column.OWNER, Column.OPENED, Column.UPDATED)

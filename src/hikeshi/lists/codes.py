"""For whom a filter is kept, and how a list can be arranged. Pure."""

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


USUAL: Final = (Column.PHASE, Column.OWNER, Column.OPENED, Column.UPDATED)

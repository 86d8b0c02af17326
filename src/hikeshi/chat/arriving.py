"""What may arrive at the door, whichever tool it comes from. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

import msgspec


class Kind(StrEnum):
    COMMAND = "command"
    CHALLENGE = "challenge"  # the tool asks whether anybody is there
    MARK = "mark"  # a message somebody wants in the timeline
    POINTED = "pointed"  # a reaction on a message: the same, its words are asked for
    CHANGED = "changed"  # a message was changed there
    DELETED = "deleted"
    NOTHING = "nothing"  # of no interest


@dataclass(frozen=True, slots=True)
class Arrived:
    """``key`` is the same when the tool delivers it again. ``who`` is the account, ``place`` the channel. ``message``
    is which message is meant, where one is.
    """

    kind: Kind
    key: str = ""
    who: str = ""
    place: str = ""
    text: str = ""
    message: str = ""
    author: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """``headers`` in small letters."""

    headers: Mapping[str, str]
    content_type: str
    body: bytes
    now: datetime

    def header(self, name: str) -> str:
        return self.headers.get(name, "")


class Unusable(Exception):
    """Not believed, or not to be understood. ``status`` is what the door answers; ``code`` says why."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status = status
        self.code = code


Tree: TypeAlias = dict[str, object]


def tree(body: bytes) -> Tree:
    """Raises Unusable."""
    try:
        return msgspec.json.decode(body, type=dict[str, object])
    except (msgspec.DecodeError, RecursionError):
        raise Unusable(400, "not_json") from None


def words(found: object, *path: str) -> str:
    """The text at that place; empty where there is none."""
    for step in path:
        found = found.get(step) if isinstance(found, dict) else None
    return found if isinstance(found, str) else ""

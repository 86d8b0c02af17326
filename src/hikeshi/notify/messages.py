"""What is to be told, before there are words for it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from hikeshi.kernel.worlds import World


class Purpose(StrEnum):
    """Why somebody hears of something; decides whether an unknown outcome is sent again."""

    PAGE = "page"  # come: an answer is expected
    TOLD = "told"  # for information
    CHECK = "check"  # does this way still reach you
    REMINDER = "reminder"
    CLOCK = "clock"  # a time is running out
    CANARY = "canary"  # the desk tries its own way out


ANSWERED: Final = frozenset({Purpose.PAGE, Purpose.CHECK, Purpose.CANARY})
"""Those that ask for an answer. May reach somebody twice, and never not at all."""


@dataclass(frozen=True, slots=True)
class Message:
    """``to``: ``person:<ref>`` or ``party:<ref>``. ``key`` makes queueing it twice the same as once. ``about`` holds
    refs and codes, never personal text: words are made when it is sent. ``urgency`` 1 is the most urgent.

    ``ways``: refs of the ways to take, all of them; none: as the person's own rules say. ``due_at``: not before.
    """

    purpose: Purpose
    subject: str
    world: World
    to: str
    key: str
    about: Mapping[str, str] = field(default_factory=dict)
    urgency: int = 2
    ways: tuple[str, ...] = ()
    due_at: datetime | None = None
    repeat_until_answered: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Queued:
    """A message that was queued, as writers and answers see it."""

    ref: str
    purpose: Purpose
    subject: str
    world: World
    to: str
    about: Mapping[str, str]
    urgency: int
    queued_at: datetime

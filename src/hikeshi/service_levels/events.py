"""What in a record's history moves its clocks, as the reckoning wants to hear it. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class What(StrEnum):
    OPENED = "opened"
    REOPENED = "reopened"
    PRIORITY = "priority"
    CLASS = "class"
    KIND = "kind"
    LINKED = "linked"
    UNLINKED = "unlinked"
    HELD = "held"
    LEFT = "left"
    WAITED = "waited"
    RESUMED = "resumed"
    TIME = "time"
    ASKED = "asked"
    ANSWERED = "answered"
    RESOLVED = "resolved"
    CLOSED = "closed"
    RENEWED = "renewed"
    MERGED = "merged"
    UNMERGED = "unmerged"


DECIDING = frozenset(
    {
        What.OPENED,
        What.REOPENED,
        What.PRIORITY,
        What.CLASS,
        What.KIND,
        What.LINKED,
        What.UNLINKED,
        What.HELD,
        What.LEFT,
        What.RENEWED,
    }
)
"""After these it is asked anew which targets count."""


@dataclass(frozen=True, slots=True)
class Event:
    """``number`` is the ledger's entry. ``code``: the class, the kind, the owner, the wait's reason or the moment;
    ``codes``: assets; ``moment``: when it really was, where that is something else than when it was said.
    """

    number: int
    at: datetime
    what: What
    code: str = ""
    kind: str = ""
    priority: int = 0
    codes: tuple[str, ...] = ()
    moment: datetime | None = None


@dataclass(frozen=True, slots=True)
class Noted:
    """What was looked up outside the record: ``places`` it belongs to, ``teams`` of owners, and for each choice of
    hours the digest of the calendar that stood there. Holds from that entry on.
    """

    entry: int
    places: tuple[str, ...] = ()
    teams: Mapping[str, str] = field(default_factory=dict)
    hours: Mapping[str, str] = field(default_factory=dict)


def standing(events: Iterable[Event]) -> list[Event]:
    """In order. A merge that was taken back never was: what was promised before still holds, and the time counts."""
    found: list[Event] = []
    for event in sorted(events, key=lambda one: one.number):
        if event.what is What.UNMERGED:
            found = [one for one in found if one.what is not What.MERGED]
        else:
            found.append(event)
    return found

"""The incident's fixed vocabularies. Kinds, courses, phases, gates, sheet items and roles are data (see catalogue)."""

from enum import IntEnum, StrEnum
from typing import Final

from hikeshi.assets.intelligence.codes import Tlp as Tlp  # a list of indicators is marked as a record is

LEARN: Final = "learn"
"""The phase of lessons: its tasks are measures that keep it from happening again."""


class RecordClass(StrEnum):
    """What the record is, as a person decided: an accident is an incident that did real harm."""

    REQUEST = "request"
    EVENT = "event"
    NEAR_MISS = "near_miss"
    INCIDENT = "incident"
    ACCIDENT = "accident"


SUSPECTED: Final = "suspected"
"""Shown in place of the class of an open record that a rule opened, until a person has said what it is."""
BY_RULES: Final = "system:rules"
"""Who opens what rules ask for."""
GRAVE = frozenset({RecordClass.INCIDENT, RecordClass.ACCIDENT})


class Status(StrEnum):
    OPEN = "open"
    RESOLVED = "resolved"
    CLOSED = "closed"


class Waiting(StrEnum):
    """What an open record waits for: the desk can do nothing until then."""

    REPORTER = "reporter"
    SUPPLIER = "supplier"
    PLANNED = "planned"


class WaitOver(StrEnum):
    """What ended a wait."""

    SAID = "said"
    ANSWERED = "answered"
    DUE = "due"
    RESOLVED = "resolved"


class PhaseState(StrEnum):
    PENDING = "pending"
    OPEN = "open"
    DONE = "done"
    SKIPPED = "skipped"


class Level(IntEnum):
    """Impact, effect and urgency."""

    HIGH = 1
    MEDIUM = 2
    LOW = 3


class Certainty(StrEnum):
    CONFIRMED = "confirmed"
    ESTIMATED = "estimated"
    UNCONFIRMED = "unconfirmed"
    UNKNOWN = "unknown"


class MomentKind(StrEnum):
    """The times of an incident, in the order they are expected."""

    OCCURRED = "occurred"
    DETECTED = "detected"
    REPORTED = "reported"
    ACKNOWLEDGED = "acknowledged"
    DECLARED = "declared"
    CONTAINED = "contained"
    ERADICATED = "eradicated"
    RESTORED = "restored"
    RESOLVED = "resolved"
    CLOSED = "closed"


class CostKind(StrEnum):
    """What an incident costs money for. ``RESPONSE``: work of one's own people; ``LOSS``: business that did not happen,
    and what was paid to those who were hurt.
    """

    RESPONSE = "response"
    RESTORING = "restoring"
    OUTSIDE = "outside"
    LOSS = "loss"


class MomentSource(StrEnum):
    """Where a time comes from. ``ACT`` is an act on the desk itself, stamped by its clock."""

    ALERT = "alert"
    PERSON = "person"
    ACT = "act"

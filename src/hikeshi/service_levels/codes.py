"""The fixed vocabularies of service levels."""

from enum import StrEnum


class Measure(StrEnum):
    """What a clock measures, in the order people meet them."""

    OWN = "own"  # until somebody owns it
    ANSWER = "answer"  # until the reporter's oldest unanswered message is answered
    CONTAIN = "contain"
    RESTORE = "restore"
    RESOLVE = "resolve"
    HOLD = "hold"  # how long one team has it: what teams owe each other


class State(StrEnum):
    """``DROPPED``: no target asks for it any more, or the record ended without it. ``NEVER``: it can never run out,
    since its calendar has no open hour.
    """

    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"
    MISSED = "missed"
    DROPPED = "dropped"
    NEVER = "never"


GOING = frozenset({State.RUNNING, State.PAUSED, State.NEVER})


class Because(StrEnum):
    """What changed a clock."""

    OPENED = "opened"
    REOPENED = "reopened"
    PRIORITY = "priority"
    CLASS = "class"
    KIND = "kind"
    ASSET = "asset"
    OWNER = "owner"
    WAITING = "waiting"
    RESUMED = "resumed"
    ASKED = "asked"
    ANSWERED = "answered"
    MOMENT = "moment"
    RESOLVED = "resolved"
    RENEWED = "renewed"
    MERGED = "merged"


class Act(StrEnum):
    """What is done when so much of the time is used up."""

    TELL_OWNER = "tell_owner"
    TELL_TEAM = "tell_team"
    TELL_LEAD = "tell_lead"
    ESCALATE = "escalate"
    RAISE = "raise"


class Stuck(StrEnum):
    """Why a record is taken to be stuck."""

    NO_MOVE = "no_move"
    NO_OWNER = "no_owner"
    WAITING = "waiting"


class Deed(StrEnum):
    """What made this version of the book different from the one before."""

    TARGET_ADDED = "target_added"
    TARGET_CHANGED = "target_changed"
    TARGET_ON = "target_on"
    TARGET_OFF = "target_off"
    TARGET_REMOVED = "target_removed"
    ORDERED = "ordered"
    STUCK_SET = "stuck_set"


ALWAYS = "always"
"""Stands for a calendar that is always open."""
OWN_HOURS = ""
"""The calendar of the record's organisation."""

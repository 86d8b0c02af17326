"""The fixed vocabularies of load."""

from enum import StrEnum


class Shift(StrEnum):
    """What a rule asks of whoever is given a record."""

    REQUIRED = "required"
    PREFERRED = "preferred"
    ALIKE = "alike"


class Passed(StrEnum):
    """Why somebody is not given a record, in the order it is asked."""

    NO_RIGHT = "no_right"  # may not work there, or has left
    NOT_LET_IN = "not_let_in"  # the record is restricted
    AWAY = "away"
    NO_SKILL = "no_skill"
    OFF_SHIFT = "off_shift"


class Mark(StrEnum):
    """Why somebody's queue is said to be too much."""

    TOO_MANY = "too_many"
    OVERLOADED = "overloaded"
    UNTOUCHED = "untouched"
    GONE = "gone"  # they have left and still own records
    AWAY = "away"  # for hours to come, and their records wait for nobody else


class Deed(StrEnum):
    """What made this version of the settings different from the one before."""

    SKILLS_SET = "skills_set"
    LIMITS_SET = "limits_set"
    RULE_ADDED = "rule_added"
    RULE_CHANGED = "rule_changed"
    RULE_ON = "rule_on"
    RULE_OFF = "rule_off"
    RULE_REMOVED = "rule_removed"
    ORDERED = "ordered"
    AUTOMATIC_ON = "automatic_on"
    AUTOMATIC_OFF = "automatic_off"

from enum import StrEnum


class Verb(StrEnum):
    """What somebody may do with the duty of an organisation: who is on call, and who is called after whom."""

    VIEW = "oncall.view"
    MANAGE = "oncall.manage"

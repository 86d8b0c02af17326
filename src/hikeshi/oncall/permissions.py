from enum import StrEnum


class Verb(StrEnum):
    """What somebody may do with the duty of an organisation: who is on call, and who is called after whom.

    ``ANSWER``: answer a call for help that was meant for others; whoever was called may always answer.
    """

    VIEW = "oncall.view"
    MANAGE = "oncall.manage"
    ANSWER = "oncall.answer"

from enum import StrEnum


class Verb(StrEnum):
    VIEW = "intake.view"
    SEND = "intake.send"
    JUDGE = "intake.judge"
    MANAGE = "intake.manage"

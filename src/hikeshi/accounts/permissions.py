from enum import StrEnum


class Verb(StrEnum):
    VIEW = "accounts.view"
    MANAGE = "accounts.manage"

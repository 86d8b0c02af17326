from enum import StrEnum


class Verb(StrEnum):
    VIEW = "ledger.view"

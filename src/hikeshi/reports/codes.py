from enum import StrEnum


class Format(StrEnum):
    PDF = "pdf"
    WORD = "docx"


class State(StrEnum):
    """``DRAFT`` is a copy for reading; the others are issued, and stand in the ledger with their hash."""

    DRAFT = "draft"
    INTERIM = "interim"
    FINAL = "final"

    @classmethod
    def of_issue(cls, status: str) -> "State":
        """What a report issued now is: final once the record is closed, and not before."""
        return cls.FINAL if status == "closed" else cls.INTERIM


class ReportLanguage(StrEnum):
    JA = "ja"
    EN = "en"

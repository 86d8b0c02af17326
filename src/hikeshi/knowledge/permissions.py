from enum import StrEnum


class Verb(StrEnum):
    """WRITE: answers to common questions. Who reads them is said in each."""

    WRITE = "knowledge.write"

from enum import StrEnum


class Verb(StrEnum):
    """CONFIGURE: say which words mean the same here. Searching asks for nothing: everybody finds what they may see."""

    CONFIGURE = "finding.configure"

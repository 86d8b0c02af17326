from enum import StrEnum


class Verb(StrEnum):
    """PUBLISH: tell people outside the desk of an outage."""

    PUBLISH = "notices.publish"

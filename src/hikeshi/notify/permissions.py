from enum import StrEnum


class Verb(StrEnum):
    """What somebody may do with messages out."""

    VIEW = "notify.view"
    CONFIGURE = "notify.configure"

from enum import StrEnum


class Verb(StrEnum):
    """What somebody may do with chat tools. What they may do *in* chat comes from their other grants alone."""

    CONFIGURE = "rooms.configure"

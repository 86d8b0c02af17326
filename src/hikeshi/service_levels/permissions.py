from enum import StrEnum


class Verb(StrEnum):
    """What somebody may do with targets. The clocks of a record are seen by whoever sees the record."""

    VIEW = "service_levels.view"
    CONFIGURE = "service_levels.configure"

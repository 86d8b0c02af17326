from enum import StrEnum


class Step(StrEnum):
    """What somebody is asked for on the way in. Throttling counts each by itself."""

    PASSWORD = "password"  # noqa: S105  # the name of a step, not a password
    SECOND_FACTOR = "second_factor"

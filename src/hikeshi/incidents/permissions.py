from enum import StrEnum


class Verb(StrEnum):
    """What somebody may do with incidents of an organisation."""

    VIEW = "incidents.view"
    OPEN = "incidents.open"
    WORK = "incidents.work"
    COMMAND = "incidents.command"
    BREAK_GLASS = "incidents.break_glass"
    CONFIGURE = "incidents.configure"

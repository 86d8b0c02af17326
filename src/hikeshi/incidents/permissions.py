from enum import StrEnum
from uuid import UUID


class Verb(StrEnum):
    """What somebody may do with incidents of an organisation."""

    VIEW = "incidents.view"
    OPEN = "incidents.open"
    WORK = "incidents.work"
    DECIDE = "incidents.decide"
    COMMAND = "incidents.command"
    BREAK_GLASS = "incidents.break_glass"
    CONFIGURE = "incidents.configure"


def own_report(incident: UUID) -> str:
    """What somebody holds who reported this one record and has proved it: to add to it, and to see nothing of it.

    The portal grants it for the record's organisation to an actor ``reporter:<uuid>``; no role holds it.
    """
    return f"incidents.report:{incident}"

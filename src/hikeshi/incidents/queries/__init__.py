"""What may be read of incidents. Every answer is bounded by the reader's organisations and by need to know."""

from hikeshi.incidents.models import Incident, Task
from hikeshi.incidents.queries.choices import owner_choices, person_choices
from hikeshi.incidents.queries.files import (
    FileView,
    attached,
    file_limit,
    files,
    files_page,
    may_attach,
    open_file,
    open_sample,
    view_of,
)
from hikeshi.incidents.queries.lists import BADGE, ORDERS, Counts, brief, counts, incident, incidents
from hikeshi.incidents.queries.matrix import InForce, matrix
from hikeshi.incidents.queries.reports import (
    Conversation,
    OwnLine,
    OwnReport,
    Reporting,
    conversation,
    conversation_with,
    open_to_all,
    own_report,
    own_reports,
    reporter_with,
    reporting,
    reports_of,
    unread,
)
from hikeshi.incidents.queries.room import GateView, MomentLine, PhaseView, Room, SheetLine, room
from hikeshi.incidents.queries.timeline import Only, TimelineLine, timeline, timeline_of
from hikeshi.incidents.queries.visibility import visible

__all__ = [
    "BADGE",
    "ORDERS",
    "Conversation",
    "Counts",
    "FileView",
    "GateView",
    "InForce",
    "Incident",
    "MomentLine",
    "Only",
    "OwnLine",
    "OwnReport",
    "PhaseView",
    "Reporting",
    "Room",
    "SheetLine",
    "Task",
    "TimelineLine",
    "attached",
    "brief",
    "conversation",
    "conversation_with",
    "counts",
    "file_limit",
    "files",
    "files_page",
    "incident",
    "incidents",
    "matrix",
    "may_attach",
    "open_file",
    "open_sample",
    "open_to_all",
    "own_report",
    "own_reports",
    "owner_choices",
    "person_choices",
    "reporter_with",
    "reporting",
    "reports_of",
    "room",
    "timeline",
    "timeline_of",
    "unread",
    "view_of",
    "visible",
]

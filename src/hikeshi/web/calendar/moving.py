"""The end of a wait that was put on another day."""

from datetime import time
from typing import Final

from django.http import QueryDict

from hikeshi.incidents.queries import Incident
from hikeshi.web.gantt.forms import moved

MORNING: Final = time(9)


def prolonged(sent: QueryDict, record: Incident) -> QueryDict:
    """A day as the act's own form takes it: the hour stays, and what is waited for. That form, filled in, is left."""
    said = sent.copy()
    if "until" not in said:
        said["until"] = moved(str(said.get("due", "")), record.waiting_until, MORNING)
        said["waiting"] = record.waiting
    return said

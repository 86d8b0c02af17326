"""How long before their duty people want to hear of it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from hikeshi.kernel.acting import Actor
from hikeshi.oncall.models import DutyNotice

USUAL: Final = 24
"""Hours, where somebody chose nothing else."""
MOST: Final = 7 * 24


def of_mine(by: Actor) -> tuple[int, int]:
    """Hours, and the version of what they were chosen in; 0 before anything was."""
    row = DutyNotice.objects.filter(person=by.person_id).first() if by.person_id is not None else None
    return (row.hours, row.version) if row is not None else (USUAL, 0)


def leads() -> Mapping[str, timedelta]:
    """By ``person:<uuid>``, of those who chose; none at all is no time."""
    rows = DutyNotice.objects.values_list("person__uuid", "hours")
    return {f"person:{uuid}": timedelta(hours=hours) for uuid, hours in rows}

"""How much work is left: on the record itself, and on each of its tasks."""

from typing import Final
from uuid import UUID

from hikeshi.incidents import facts
from hikeshi.incidents.actions import saving
from hikeshi.incidents.actions.tasks import task_of
from hikeshi.incidents.models import Incident, Task
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Conflict, Invalid
from hikeshi.ledger.acts import action

MOST: Final = 2_000 * 60
"""Minutes. More than a person works in a year is a typing mistake."""


@action
def estimate(*, by: Actor, ref: str, minutes: int | None, version: int | None = None) -> Incident:
    """Work left on the record beside its tasks; None: not known. Raises NotFound, NotAllowed, Invalid, Conflict."""
    incident = saving.hold(by, ref)
    _plausible(minutes)
    if incident.estimate == minutes:
        return incident
    if version is not None and incident.changed_at.get("estimate", 0) > version:
        raise _differing(minutes, incident.estimate, incident.version)

    was = incident.estimate
    saving.save(incident, estimate=minutes)
    saving.tell(incident, by, facts.Estimated(incident=incident.uuid, minutes=minutes, was=was))
    return incident


@action
def estimate_task(*, by: Actor, ref: str, task: UUID, minutes: int | None, version: int | None = None) -> Task:
    """Work left on the task; None: not known. Raises NotFound, NotAllowed, Invalid, Conflict."""
    incident = saving.hold(by, ref)
    row = task_of(incident, task)
    _plausible(minutes)
    if row.estimate == minutes:
        return row
    if version is not None and row.version > version:
        raise _differing(minutes, row.estimate, row.version)

    was, row.estimate = row.estimate, minutes
    row.version += 1
    row.save(update_fields=["estimate", "version"])
    saving.save(incident)
    saving.tell(incident, by, facts.TaskEstimated(incident=incident.uuid, task=row.uuid, minutes=minutes, was=was))
    return row


def _plausible(minutes: int | None) -> None:
    if minutes is not None and not 0 <= minutes <= MOST:
        raise Invalid("minutes", "out_of_range", low=0, high=MOST)


def _differing(yours: int | None, theirs: int | None, version: int) -> Conflict:
    return Conflict(yours={"hours": _hours(yours)}, theirs={"hours": _hours(theirs)}, version=version)


def _hours(minutes: int | None) -> str:
    return "" if minutes is None else f"{minutes / 60:g}"

"""What is to be done, by whom, until when."""

from datetime import datetime
from uuid import UUID

from hikeshi.accounts.models import Person
from hikeshi.incidents import facts, names
from hikeshi.incidents.actions import saving
from hikeshi.incidents.actions.people import assignable
from hikeshi.incidents.models import Incident, Task, person_ref
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.facts import commit
from hikeshi.kernel.refusals import Conflict, Invalid, NotFound
from hikeshi.ledger.acts import action


def task_of(incident: Incident, task: UUID) -> Task:
    """Raises NotFound."""
    found = Task.objects.select_related("owner").filter(incident=incident, uuid=task).first()
    if found is None:
        raise NotFound("task")
    return found


@action
def add_task(
    *, by: Actor, ref: str, title: str, owner: str = "", due_at: datetime | None = None, phase: str = ""
) -> Task:
    """Raises NotFound, NotAllowed, Invalid."""
    incident = saving.hold(by, ref)
    words = saving.words(title, "title", most=saving.TITLE)
    if phase and phase not in names.in_use().courses.phases:
        raise Invalid("phase", "not_in_course")
    person = assignable(incident, owner) if owner else None

    row = Task.objects.create(
        incident=incident,
        title=words,
        owner=person,
        due_at=saving.planned(due_at, "due_at"),
        phase=phase,
        added_at=clock.now(),
    )
    saving.save(incident)
    fact = facts.TaskAdded(
        incident=incident.uuid,
        task=row.uuid,
        title=commit(words, row.secret),
        owner=person_ref(person),
        due_at=row.due_at,
        phase=phase,
    )
    saving.tell(incident, by, fact)
    return row


@action
def assign_task(
    *, by: Actor, ref: str, task: UUID, owner: str, due_at: datetime | None = None, version: int | None = None
) -> Task:
    """Owner and due time, both as given. Raises NotFound, NotAllowed, Invalid, Conflict."""
    incident = saving.hold(by, ref)
    row = task_of(incident, task)
    person = assignable(incident, owner) if owner else None
    due = saving.planned(due_at, "due_at")
    if version is not None and row.version > version and (row.owner, row.due_at) != (person, due):
        raise Conflict(yours=_shown(person, due), theirs=_shown(row.owner, row.due_at), version=row.version)

    row.owner, row.due_at = person, due
    row.version += 1
    row.save(update_fields=["owner", "due_at", "version"])
    saving.save(incident)
    fact = facts.TaskAssigned(incident=incident.uuid, task=row.uuid, owner=person_ref(person), due_at=due)
    saving.tell(incident, by, fact)
    return row


def _shown(owner: Person | None, due_at: datetime | None) -> dict[str, str]:
    return {"owner": owner.name if owner else "", "due_at": due_at.isoformat() if due_at else ""}


@action
def finish_task(*, by: Actor, ref: str, task: UUID) -> Task:
    """Doing it twice does it once. Raises NotFound, NotAllowed."""
    incident = saving.hold(by, ref)
    row = task_of(incident, task)
    if row.done_at is None:
        row.done_at, row.done_by = clock.now(), by.ref
        row.version += 1
        row.save(update_fields=["done_at", "done_by", "version"])
        saving.save(incident)
        saving.tell(incident, by, facts.TaskFinished(incident=incident.uuid, task=row.uuid))
    return row


@action
def reopen_task(*, by: Actor, ref: str, task: UUID) -> Task:
    """Raises NotFound, NotAllowed."""
    incident = saving.hold(by, ref)
    row = task_of(incident, task)
    if row.done_at is not None:
        row.done_at, row.done_by = None, ""
        row.version += 1
        row.save(update_fields=["done_at", "done_by", "version"])
        saving.save(incident)
        saving.tell(incident, by, facts.TaskReopened(incident=incident.uuid, task=row.uuid))
    return row

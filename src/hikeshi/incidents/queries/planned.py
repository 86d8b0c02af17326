"""What is to be done until when: tasks and waits of the records somebody sees, in the order of their time."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from hikeshi.accounts import queries as accounts
from hikeshi.incidents.codes import Status
from hikeshi.incidents.models import STANDING, Incident, Milestone, Task
from hikeshi.incidents.permissions import Verb
from hikeshi.incidents.queries import daily
from hikeshi.incidents.queries.lists import brief
from hikeshi.incidents.queries.visibility import visible
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import NotFound

_DUE: Final = (
    *("uuid", "title", "start_at", "due_at", "done_at", "version", "owner__uuid", "owner__name"),
    *("incident__uuid", "incident__ref", "incident__title", "incident__priority", "incident__organisation_id"),
    *("incident__standing", "incident__merged_into_id"),
)


def tasks_due(
    by: Actor, days: daily.Days, owners: Collection[int] | None = None
) -> tuple[list[Task], Mapping[int, int]]:
    """Those not done, of records that are not closed, and how many more each day has. ``owners``: of these only."""
    going = visible(by).exclude(standing=STANDING[Status.CLOSED]).filter(pk=OuterRef("incident"))
    rows = Task.objects.filter(Exists(going), done_at=None, due_at__isnull=False)
    found = daily.of_each(rows if owners is None else rows.filter(owner__in=owners), "due_at", days)
    kept = Task.objects.filter(pk__in=found.keys).select_related("incident", "owner")
    return list(kept.only(*_DUE).order_by("due_at", "id")), found.left


def waits_ending(
    by: Actor, days: daily.Days, owners: Collection[int] | None = None
) -> tuple[list[Incident], Mapping[int, int]]:
    """Open records whose wait ends by itself then, and how many more each day has."""
    rows = visible(by).filter(standing=0, waiting_until__isnull=False)
    found = daily.of_each(rows if owners is None else rows.filter(owner__in=owners), "waiting_until", days)
    return list(brief(Incident.objects.filter(pk__in=found.keys).order_by("waiting_until", "id"))), found.left


def milestones(kept: UUID | None = None) -> list[Milestone]:
    """Those of the site, the next first; ``kept``: this one too, though it was removed."""
    return list(Milestone.objects.filter(Q(removed_at=None) | Q(uuid=kept)))


def milestone(by: Actor, uuid: UUID | None) -> Milestone | None:
    """The one to be changed; None for a new one. Raises NotAllowed, NotFound."""
    by.must(Verb.COMMAND, accounts.root().pk)
    found = Milestone.objects.filter(uuid=uuid, removed_at=None).first() if uuid else None
    if uuid is not None and found is None:
        raise NotFound("milestone")
    return found


@dataclass(frozen=True, slots=True)
class Record:
    """As much of a record as its bar shows."""

    pk: int
    uuid: UUID
    ref: str
    title: str
    kind: str
    priority: int
    owner: str | None
    owner_key: int | None
    organisation: int
    opened_at: datetime
    updated_at: datetime
    standing: int
    merged_into: int | None


@dataclass(frozen=True, slots=True)
class Job:
    """As much of a task as its bar shows. ``record``: the key of its record."""

    uuid: UUID
    record: int
    title: str
    owner: str | None
    owner_key: int | None
    start_at: datetime | None
    due_at: datetime | None
    done_at: datetime | None
    added_at: datetime
    phase: str
    after: Sequence[str]
    milestone: UUID | None
    version: int


_RECORD: Final = (
    *("pk", "uuid", "ref", "title", "kind", "priority", "owner__name", "owner_id", "organisation_id"),
    *("opened_at", "updated_at", "standing", "merged_into_id"),
)
_JOB: Final = (
    *("uuid", "incident_id", "title", "owner__name", "owner_id", "start_at", "due_at", "done_at", "added_at", "phase"),
    *("after", "milestone", "version"),
)


def records_of(rows: QuerySet[Incident], most: int) -> list[Record]:
    """Of rows that were narrowed to what the reader sees."""
    return [Record(*values) for values in rows.select_related(None).values_list(*_RECORD)[:most]]


def jobs_of(records: Sequence[Record], most: int) -> list[Job]:
    """All tasks of these records, each record's in the order they were written down."""
    keys = [one.pk for one in records]
    rows = Task.objects.filter(incident__in=keys).order_by("incident_id", "added_at", "id")
    return [Job(*values) for values in rows.values_list(*_JOB)[:most]]

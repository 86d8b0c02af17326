"""From when until when a task is to be worked on, after which others, and the milestones plans lead to."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Final
from uuid import UUID

from hikeshi.accounts import queries as accounts
from hikeshi.incidents import facts
from hikeshi.incidents.actions import saving
from hikeshi.incidents.actions.tasks import task_of
from hikeshi.incidents.models import Incident, Milestone, Task
from hikeshi.incidents.permissions import Verb
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.facts import commit
from hikeshi.kernel.refusals import Conflict, Invalid, NotFound
from hikeshi.kernel.versions import must_be_current
from hikeshi.ledger.acts import action, record

BEFORE: Final = 20
"""So many tasks one may wait for."""
NAME: Final = 100
MILESTONES: Final = 200
TOPICS: Final = ("incidents",)


@action
def plan_task(
    *,
    by: Actor,
    ref: str,
    task: UUID,
    start_at: datetime | None,
    due_at: datetime | None,
    after: Collection[UUID] = (),
    milestone: UUID | None = None,
    version: int | None = None,
) -> Task:
    """The whole plan as given; ``after``: tasks of the same record. Raises NotFound, NotAllowed, Invalid, Conflict."""
    incident = saving.hold(by, ref)
    row = task_of(incident, task)
    _in_order(start_at, due_at)
    waits = _waits(row, after)
    _known(row, milestone)
    plan = (start_at, due_at, waits, milestone)
    if plan == _plan(row):
        return row
    if version is not None and row.version > version:
        raise Conflict(yours=_shown(plan), theirs=_shown(_plan(row)), version=row.version)

    row.start_at, row.due_at, row.after, row.milestone = start_at, due_at, list(waits), milestone
    row.version += 1
    row.save(update_fields=["start_at", "due_at", "after", "milestone", "version"])
    saving.save(incident)
    saving.tell(incident, by, _planned(incident, row))
    return row


def _planned(incident: Incident, row: Task) -> facts.TaskPlanned:
    return facts.TaskPlanned(
        incident=incident.uuid,
        task=row.uuid,
        start_at=row.start_at,
        due_at=row.due_at,
        after=tuple(UUID(one) for one in row.after),
        milestone=row.milestone,
    )


Plan = tuple[datetime | None, datetime | None, tuple[str, ...], UUID | None]


def _plan(row: Task) -> Plan:
    return (row.start_at, row.due_at, tuple(row.after), row.milestone)


def _shown(plan: Plan) -> dict[str, str]:
    """Tasks by their titles; those that are gone say nothing."""
    start_at, due_at, after, to = plan
    titles = Task.objects.filter(uuid__in=after).values_list("title", flat=True) if after else ()
    named = Milestone.objects.filter(uuid=to).values_list("name", flat=True).first() if to else None
    times = {"start_at": start_at.isoformat() if start_at else "", "due_at": due_at.isoformat() if due_at else ""}
    return {**times, "after": ", ".join(titles), "milestone": named or ""}


def _in_order(start_at: datetime | None, due_at: datetime | None) -> None:
    saving.planned(start_at, "start_at")
    saving.planned(due_at, "due_at")
    if start_at is not None and due_at is not None and due_at < start_at:
        raise Invalid("due_at", "due_before_start")


def _waits(row: Task, after: Collection[UUID]) -> tuple[str, ...]:
    """In a fixed order. What it waited for before stays possible though a split took it elsewhere."""
    wanted = tuple(sorted({str(one) for one in after}))
    if len(wanted) > BEFORE:
        raise Invalid("after", "too_many", limit=BEFORE)
    here = Task.objects.filter(incident=row.incident_id, uuid__in=wanted).values_list("uuid", flat=True)
    if set(wanted) - {str(one) for one in here} - set(row.after):
        raise Invalid("after", "not_of_it")
    _no_circle(row, wanted)
    return wanted


def _no_circle(row: Task, wanted: Collection[str]) -> None:
    """Step by step to what each waits for; a step is one query."""
    seen: set[str] = set()
    next_ = set(wanted)
    while next_:
        if str(row.uuid) in next_:
            raise Invalid("after", "goes_round")
        seen |= next_
        waits = Task.objects.filter(uuid__in=next_).values_list("after", flat=True)
        next_ = {one for some in waits for one in some} - seen


def _known(row: Task, milestone: UUID | None) -> None:
    """One that was removed stays where it was chosen."""
    if milestone is None or milestone == row.milestone:
        return
    if not Milestone.objects.filter(uuid=milestone, removed_at=None).exists():
        raise Invalid("milestone", "milestone_gone")


@action
def set_milestone(
    *, by: Actor, name: str, day: date, milestone: UUID | None = None, version: int | None = None
) -> Milestone:
    """A new one, or this one said anew. Raises NotAllowed, NotFound, Invalid, Conflict."""
    by.must(Verb.COMMAND, accounts.root().pk)
    row = _milestone(milestone) if milestone else Milestone()
    row_name = saving.words(name, "name", most=NAME)
    if not saving.FIRST_YEAR <= day.year <= saving.LAST_YEAR:
        raise Invalid("day", "year_out_of_range", low=saving.FIRST_YEAR, high=saving.LAST_YEAR)
    if milestone:
        yours, theirs = {"name": row_name, "day": str(day)}, {"name": row.name, "day": str(row.day)}
        must_be_current(read=version, now=row.version, yours=yours, theirs=theirs)
        if yours == theirs:
            return row
    elif Milestone.objects.filter(removed_at=None).count() >= MILESTONES:
        raise Invalid("name", "too_many", limit=MILESTONES)

    row.name, row.day = row_name, day
    row.version += 1 if milestone else 0
    row.save()
    fact = facts.MilestoneSet(milestone=row.uuid, called=commit(row.name, row.secret), day=day.isoformat())
    record(fact, subject=f"milestone:{row.uuid}", by=by, topics=TOPICS)
    return row


@action
def remove_milestone(*, by: Actor, milestone: UUID) -> Milestone:
    """Doing it twice does it once. Raises NotAllowed, NotFound."""
    by.must(Verb.COMMAND, accounts.root().pk)
    row = _milestone(milestone, removed_too=True)
    if row.removed_at is None:
        row.removed_at = clock.now()
        row.version += 1
        row.save(update_fields=["removed_at", "version"])
        fact = facts.MilestoneRemoved(milestone=row.uuid)
        record(fact, subject=f"milestone:{row.uuid}", by=by, topics=TOPICS)
    return row


def _milestone(milestone: UUID, *, removed_too: bool = False) -> Milestone:
    found = Milestone.objects.select_for_update().filter(uuid=milestone).first()
    if found is None or (found.removed_at is not None and not removed_too):
        raise NotFound("milestone")
    return found

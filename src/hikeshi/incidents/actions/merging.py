"""Two records that turn out to be one become one, and part again. ``queries.merging`` says beforehand what that does;
every line of it is a line here.

Nothing of the merged record is rewritten: its notes, files, facts, times and its conversation stay where they are, and
it points on. What somebody still has to do, and what detectors go on telling, goes over.
"""

from dataclasses import dataclass
from uuid import UUID

from hikeshi.incidents import facts, matrix, merging, refs
from hikeshi.incidents.actions import saving
from hikeshi.incidents.actions.moving import bring_alerts, bring_tasks, copy_traces, join, link_assets
from hikeshi.incidents.actions.secrecy import COMMANDER, Hidden, hide_merged
from hikeshi.incidents.actions.telling import tell_alerts
from hikeshi.incidents.actions.weighing import say_priority
from hikeshi.incidents.codes import Status
from hikeshi.incidents.merging import Brought, Calls
from hikeshi.incidents.models import STANDING, Incident, Merger, Observable, Participant, person_ref
from hikeshi.incidents.queries import merging as plans
from hikeshi.incidents.queries.visibility import memberships, visible
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor, system
from hikeshi.kernel.worlds import World
from hikeshi.ledger.acts import action
from hikeshi.oncall import actions as oncall
from hikeshi.oncall.escalation import Circumstances
from hikeshi.oncall.queries import runs

DESK = system("incidents")


@action
def merge(*, by: Actor, ref: str, into: str, reason: str = "") -> Incident:
    """Makes ``ref`` a part of ``into``, which goes on; what exactly follows is ``queries.merge_plan``. Where one of
    them is restricted both are afterwards, and it takes command. Raises NotFound, NotAllowed, Invalid.
    """
    merged, other = plans.checked(by, _locked(by, ref, into), ref, into)
    plan = plans.plan(merged, other)
    why = saving.because(merged, reason)

    run = runs.live(merged.subject)
    answered = run.answered_by if run is not None else ""
    brought = _bring(by, plan, _hide(by, plan))
    row = Merger.objects.create(
        incident=merged,
        into=other,
        brought=merging.written(brought),
        status_was=merged.status,
        by=by.ref,
        at=clock.now(),
    )
    was = merged.status
    saving.save(merged, status=Status.CLOSED, standing=STANDING[Status.CLOSED], merged_into=other)
    saving.save(other)
    kept = merging.digest(row.brought)
    fact = facts.Merged(incident=merged.uuid, into=other.uuid, merger=row.uuid, brought=kept, was=was, reason=why)
    saving.tell(merged, by, fact)
    tasks = tuple(UUID(one) for one in brought.tasks)
    saving.tell(other, by, facts.TookIn(incident=other.uuid, other=merged.uuid, tasks=tasks, count=len(brought.alerts)))
    tell_alerts(merged)
    tell_alerts(other)
    _settle_calls(plan, answered)
    return other


def _locked(by: Actor, *wanted: str) -> dict[str, Incident]:
    """Always in the same order, or two people who merge crosswise wait for each other for ever."""
    rows = visible(by).select_for_update(of=("self",)).select_related("organisation", "owner")
    found = rows.filter(ref__in={refs.tidy(one) for one in wanted} - {""}).order_by("pk")
    return {one.ref: one for one in found}


@dataclass(frozen=True, slots=True)
class _Together:
    """As of ``Brought``: who of the people came where, what became restricted."""

    joined: tuple[UUID, ...]
    let_in: tuple[UUID, ...]
    hid_into: bool
    hid_merged: bool
    parts: tuple[UUID, ...]


def _hide(by: Actor, plan: plans.MergePlan) -> _Together:
    """Restricted together, with what was merged into either before: nobody sees more of the one than of the other."""
    for record in plan.hides:
        saving.save(record, restricted=True)
        saving.tell(record, by, facts.Restricted(incident=record.uuid))
    joined = join(plan.into, by, plan.joins)
    let_in = join(plan.merged, by, plan.let_in)
    if plan.restricted and by.person_id is not None:
        for record, made in ((plan.into, joined), (plan.merged, let_in)):
            if not memberships(by.person_id).filter(incident=record).exists() and record.owner_id != by.person_id:
                row = Participant.objects.create(incident=record, person_id=by.person_id, role=COMMANDER)
                told = facts.ParticipantAdded(incident=record.uuid, participant=row.uuid, person=by.ref, role=COMMANDER)
                saving.tell(record, by, told)
                made.append(row.uuid)
    below = {record.pk: hide_merged(record, by) for record in plan.hides}
    parts = below.get(plan.merged.pk, Hidden())
    return _Together(
        joined=tuple(joined),
        let_in=(*let_in, *parts.came),
        hid_into=plan.into in plan.hides,
        hid_merged=plan.merged in plan.hides,
        parts=parts.records,
    )


def _bring(by: Actor, plan: plans.MergePlan, together: _Together) -> Brought:
    merged, into = plan.merged, plan.into
    rows = bring_alerts(into, by, plan.alerts)
    traces = copy_traces(into, by, Observable.objects.filter(incident=merged))
    assets = link_assets(into, by, plan.assets)
    tasks = bring_tasks(into, plan.tasks)
    was, reason = _take_priority(by, plan)
    if plan.owner is not None:
        saving.save(into, owner=plan.owner, owner_since=clock.now())
        saving.tell(into, by, facts.Assigned(incident=into.uuid, owner=person_ref(plan.owner), was=""))
    for child in plan.children:
        saving.save(child, parent=into)
        saving.tell(child, by, facts.PutUnder(incident=child.uuid, parent=into.uuid, was=merged.uuid))
    return Brought(
        alerts=_said(plan.alerts),
        rows=_said(rows),
        tasks=_said(tasks),
        traces=_said(traces),
        assets=_said(assets),
        joined=_said(together.joined),
        let_in=_said(together.let_in),
        children=_said([one.uuid for one in plan.children]),
        owner=plan.owner is not None,
        priority=was,
        priority_reason=reason,
        hid_into=together.hid_into,
        hid_merged=together.hid_merged,
        hid_parts=_said(together.parts),
    )


def _said(found: list[UUID] | tuple[UUID, ...]) -> tuple[str, ...]:
    return tuple(str(one) for one in found)


def _take_priority(by: Actor, plan: plans.MergePlan) -> tuple[int, str]:
    """The graver of both. What it was before, where that changes it."""
    was, reason = plan.into.priority, plan.into.priority_reason
    if plan.priority >= was:
        return 0, ""
    say_priority(plan.into, by, plan.priority, matrix.PriorityReason.MERGED)
    return was, reason


def _settle_calls(plan: plans.MergePlan, answered: str) -> None:
    """Nobody is called twice about one thing, and nobody is called off before somebody has it."""
    if plan.calls is Calls.NONE:
        return
    merged, into = plan.merged, plan.into
    oncall.stop(by=DESK, subject=merged.subject, why="merged")
    if plan.calls is Calls.MOVE:
        case = Circumstances(
            priority=plan.priority,
            kind=merged.kind,
            organisation=str(into.organisation.uuid),
            record_class=merged.record_class,
            ref=into.ref,
        )
        oncall.begin(by=DESK, subject=into.subject, world=World(into.world), circumstances=case)
    if plan.calls is Calls.ANSWER and answered:
        oncall.acknowledge(by=DESK, subject=into.subject, person=answered)

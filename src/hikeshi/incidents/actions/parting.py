"""Two records that were merged part again: each gets back what was its own, and what happened since stays."""

from uuid import UUID

from hikeshi.incidents import facts, refs
from hikeshi.incidents.actions import saving
from hikeshi.incidents.actions.alerting import see_again
from hikeshi.incidents.actions.moving import bring_tasks, leave, portions
from hikeshi.incidents.actions.people import must_leave_a_member
from hikeshi.incidents.actions.telling import tell_alerts
from hikeshi.incidents.actions.weighing import say_priority, weigh
from hikeshi.incidents.codes import Status
from hikeshi.incidents.matrix import PriorityReason
from hikeshi.incidents.models import (
    STANDING,
    AttachedAlert,
    Incident,
    LinkedAsset,
    Observable,
    person_ref,
)
from hikeshi.incidents.permissions import Verb
from hikeshi.incidents.queries import merging as plans
from hikeshi.incidents.queries.visibility import visible
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Invalid, NotFound
from hikeshi.ledger.acts import action


@action
def unmerge(*, by: Actor, ref: str, reason: str = "") -> Incident:
    """The merged record stands by itself again; what exactly goes back is ``queries.unmerge_plan``. Raises NotFound,
    NotAllowed, Invalid.
    """
    merged, into = _locked(by, ref)
    plans.must_part(by, merged, into)
    plan = plans.unplan(merged, into)
    why = saving.because(merged, reason)

    merger = plan.merger
    merger.undone_at = clock.now()
    merger.save(update_fields=["undone_at"])
    status = Status(merger.status_was)
    saving.save(merged, status=status, standing=STANDING[status], merged_into=None)
    fact = facts.Unmerged(
        incident=merged.uuid, into=into.uuid, merger=merger.uuid, status=merger.status_was, reason=why
    )
    saving.tell(merged, by, fact)
    _give_back(by, plan)
    _part_people(by, plan)
    _part_children(by, plan)
    tell_alerts(into)
    tell_alerts(merged)
    return merged


def _locked(by: Actor, ref: str) -> tuple[Incident, Incident]:
    """Raises NotFound, NotAllowed, Invalid."""
    found = visible(by).filter(ref=refs.tidy(ref)).first()
    if found is None:
        raise NotFound("incident")
    by.must(Verb.WORK, found.organisation_id)
    both = Incident.objects.select_for_update(of=("self",)).select_related("organisation", "owner")
    rows = {one.pk: one for one in both.filter(pk__in=[found.pk, found.merged_into_id or 0]).order_by("pk")}
    merged = rows[found.pk]
    if merged.merged_into_id is None or merged.merged_into_id not in rows:
        raise Invalid("ref", "not_merged")
    return merged, rows[merged.merged_into_id]


def _give_back(by: Actor, plan: plans.UnmergePlan) -> None:
    merged, into, brought = plan.merged, plan.into, plan.brought
    for some in portions(plan.alerts):
        tell_alerts(merged, some)
    tasks = bring_tasks(merged, plan.tasks)
    ended: dict[type[AttachedAlert] | type[Observable] | type[LinkedAsset], tuple[UUID, ...]] = {}
    for model, uuids in ((AttachedAlert, brought.rows), (Observable, brought.traces), (LinkedAsset, brought.assets)):
        going = model.objects.filter(incident=into, uuid__in=[UUID(one) for one in uuids])
        ended[model] = tuple(going.order_by("pk").values_list("uuid", flat=True))
        going.delete()
    saving.save(into)
    fact = facts.GaveBack(
        incident=into.uuid,
        other=merged.uuid,
        tasks=tasks,
        rows=ended[AttachedAlert],
        traces=ended[Observable],
        assets=ended[LinkedAsset],
        count=len(plan.alerts),
    )
    saving.tell(into, by, fact)
    see_again(into, by, plan.merger.at)
    if (plan.priority, plan.priority_reason) != (into.priority, into.priority_reason):
        say_priority(into, by, plan.priority, PriorityReason(plan.priority_reason))
    weigh(into, by)


def _part_people(by: Actor, plan: plans.UnmergePlan) -> None:
    """What was hidden by the merge stays hidden where something was written since; the merged record gets back who
    sees it as it was.
    """
    merged, into = plan.merged, plan.into
    if plan.opens and merged.restricted:
        saving.save(merged, restricted=False)
        saving.tell(merged, by, facts.Unrestricted(incident=merged.uuid))
    leave(merged, by, [one for one in plan.leaves if one.incident_id == merged.pk])
    if plan.opens:
        _open_parts(by, plan)
    staying = by.person_id if into.restricted else None
    leave(into, by, [one for one in plan.leaves if one.incident_id == into.pk and one.person_id != staying])
    must_leave_a_member(into)
    if plan.loses_owner and not into.restricted:
        saving.save(into, owner=None, owner_since=None)
        saving.tell(into, by, facts.Unassigned(incident=into.uuid, was=person_ref(merged.owner)))


def _open_parts(by: Actor, plan: plans.UnmergePlan) -> None:
    """What was merged into the merged record before, and hidden with it, is seen as it was."""
    hid = [UUID(one) for one in plan.brought.hid_parts]
    for record in Incident.objects.filter(uuid__in=hid, restricted=True).order_by("pk"):
        leave(record, by, [one for one in plan.leaves if one.incident_id == record.pk])
        saving.save(record, restricted=False)
        saving.tell(record, by, facts.Unrestricted(incident=record.uuid))
        tell_alerts(record)


def _part_children(by: Actor, plan: plans.UnmergePlan) -> None:
    wanted = [UUID(one) for one in plan.brought.children]
    for child in Incident.objects.filter(parent=plan.into, uuid__in=wanted).order_by("pk"):
        saving.save(child, parent=plan.merged)
        told = facts.PutUnder(incident=child.uuid, parent=plan.merged.uuid, was=plan.into.uuid)
        saving.tell(child, by, told)

"""What merging two records would do, and what taking it back would. The verbs do exactly what is said here."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from hikeshi.accounts import queries as accounts
from hikeshi.accounts.models import Person
from hikeshi.incidents import merging, refs
from hikeshi.incidents.codes import Status
from hikeshi.incidents.matrix import PriorityReason
from hikeshi.incidents.merging import Calls
from hikeshi.incidents.models import (
    AttachedAlert,
    Attachment,
    Incident,
    LinkedAsset,
    Merger,
    Note,
    Observable,
    Participant,
    Reporter,
    Task,
)
from hikeshi.incidents.permissions import Verb
from hikeshi.incidents.queries.choices import owner_choices
from hikeshi.incidents.queries.visibility import visible
from hikeshi.intake.models import Alert
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Invalid, NotFound
from hikeshi.oncall.escalation import UNANSWERED, State
from hikeshi.oncall.queries import runs

REPORTER = "reporter"
OWNER = "investigator"
"""What whoever owned the merged record is in the other one."""


@dataclass(frozen=True, slots=True)
class Joining:
    person: Person
    role: str


@dataclass(frozen=True, slots=True)
class MergePlan:
    """``merged`` goes into ``into``. ``joins`` come to the surviving record, ``let_in`` see the merged one from then
    on; ``left_out`` were at the merged one and may not look into the other. ``owner``: who gets the surviving record,
    where nobody has it. ``priority``: its priority afterwards. ``hides``: which of the two becomes restricted.
    """

    merged: Incident
    into: Incident
    alerts: tuple[UUID, ...]
    tasks: Sequence[Task]
    assets: Sequence[LinkedAsset]
    traces: int
    joins: Sequence[Joining]
    let_in: Sequence[Joining]
    left_out: Sequence[Person]
    children: Sequence[Incident]
    owner: Person | None
    priority: int
    calls: Calls
    hides: Sequence[Incident]
    notes: int
    files: int
    tasks_done: int
    reporter: bool

    @property
    def restricted(self) -> bool:
        return self.merged.restricted or self.into.restricted

    @property
    def mark(self) -> str:
        """Differs where what somebody was shown is no longer what would be done to who sees what, and who is called."""
        people = sorted(f"{one.person.uuid}{one.role}" for one in (*self.joins, *self.let_in))
        hidden = [one.ref for one in self.hides]
        return "/".join([self.into.ref, f"{self.into.priority}-{self.priority}", self.calls, *hidden, *people])


def pair(by: Actor, ref: str, into: str) -> tuple[Incident, Incident]:
    """Both as this reader may see and work on them. Raises NotFound, NotAllowed, Invalid."""
    wanted = {refs.tidy(ref), refs.tidy(into)} - {""}
    rows = visible(by).select_related("organisation", "owner").filter(ref__in=wanted)
    return checked(by, {one.ref: one for one in rows}, ref, into)


def checked(by: Actor, found: dict[str, Incident], ref: str, into: str) -> tuple[Incident, Incident]:
    """Part of ``pair`` and of the verb. Raises NotFound, NotAllowed, Invalid."""
    merged, other = found.get(refs.tidy(ref)), found.get(refs.tidy(into))
    if merged is None:
        raise NotFound("incident")
    by.must(Verb.WORK, merged.organisation_id)
    if merged.merged_into_id is not None:
        raise Invalid("ref", "is_merged")
    if other is None:
        raise Invalid("into", "no_such_record")
    by.must(Verb.WORK, other.organisation_id)
    if merged.restricted or other.restricted:
        by.must(Verb.COMMAND, merged.organisation_id)
        by.must(Verb.COMMAND, other.organisation_id)
    _must_fit(merged, other)
    return merged, other


def _must_fit(merged: Incident, into: Incident) -> None:
    """Whoever sees a place sees what lies below it: a record goes up the tree or stays, or more people would see it."""
    if merged.pk == into.pk:
        raise Invalid("into", "merge_itself")
    if into.merged_into_id is not None:
        raise Invalid("into", "merged_already")
    if into.status != Status.OPEN:
        raise Invalid("into", "merge_needs_open")
    if merged.world != into.world:
        raise Invalid("into", "other_world")
    if not merged.organisation.path.startswith(into.organisation.path):
        raise Invalid("into", "merge_would_widen")
    if into.parent_id == merged.pk:
        raise Invalid("into", "merge_upside_down")
    if into.parent_id is not None and Incident.objects.filter(parent=merged).exists():
        raise Invalid("into", "merge_deep")


def merge_plan(by: Actor, ref: str, into: str) -> MergePlan:
    """What ``merge`` would do now. Raises NotFound, NotAllowed, Invalid. A constant number of queries."""
    return plan(*pair(by, ref, into))


def plan(merged: Incident, into: Incident) -> MergePlan:
    """Part of ``merge_plan`` and of the verb: for two records the actor may merge."""
    restricted = merged.restricted or into.restricted
    theirs, ours = _people(merged), _people(into)
    may_look, may_see = _lookers(into), _lookers(merged)
    joins = [one for one in theirs if one.person.pk in may_look and not _is_there(one, ours)]
    let_in = [one for one in ours if restricted and one.person.pk in may_see and not _is_there(one, theirs)]
    tasks = list(Task.objects.filter(incident=merged).select_related("owner"))
    known = Observable.objects.filter(incident=into).values("digest")
    linked = LinkedAsset.objects.filter(incident=into).values("asset")
    assets = LinkedAsset.objects.filter(incident=merged, removed_at__isnull=True).exclude(asset__in=linked)
    return MergePlan(
        merged=merged,
        into=into,
        alerts=tuple(Alert.objects.filter(case=merged.subject).order_by("pk").values_list("uuid", flat=True)),
        tasks=[one for one in tasks if one.done_at is None],
        assets=list(assets.select_related("asset")),
        traces=Observable.objects.filter(incident=merged).exclude(digest__in=known).count(),
        joins=joins,
        let_in=let_in,
        left_out=list({one.person.pk: one.person for one in theirs if one.person.pk not in may_look}.values()),
        children=list(Incident.objects.filter(parent=merged).order_by("pk")),
        owner=_next_owner(merged, into),
        priority=min(merged.priority, into.priority) if merged.status == Status.OPEN else into.priority,
        calls=_calls(merged, into),
        hides=[one for one in (merged, into) if restricted and not one.restricted],
        notes=Note.objects.filter(incident=merged).count(),
        files=Attachment.objects.filter(incident=merged, removed_at__isnull=True).count(),
        tasks_done=sum(1 for one in tasks if one.done_at is not None),
        reporter=Reporter.objects.filter(incident=merged).exists(),
    )


def _people(record: Incident) -> list[Joining]:
    """Whoever takes part for good, the owner among them. Who merely reported follows their own report and no other."""
    rows = Participant.objects.filter(incident=record, until=None).exclude(role=REPORTER).select_related("person")
    found = [Joining(one.person, one.role) for one in rows]
    if record.owner is not None and all(one.person != record.owner for one in found):
        found.append(Joining(record.owner, OWNER))
    return found


def _is_there(one: Joining, people: Sequence[Joining]) -> bool:
    return any(one.person.pk == other.person.pk and one.role in {other.role, OWNER} for other in people)


def _lookers(record: Incident) -> frozenset[int]:
    return frozenset(accounts.people_who_may(Verb.VIEW, record.organisation).order_by().values_list("pk", flat=True))


def _next_owner(merged: Incident, into: Incident) -> Person | None:
    if into.owner_id is not None or merged.owner_id is None:
        return None
    return owner_choices(into).filter(pk=merged.owner_id).first()


def _calls(merged: Incident, into: Incident) -> Calls:
    run, other = runs.live(merged.subject), runs.live(into.subject)
    if run is None:
        return Calls.NONE
    waits = State(run.state) in UNANSWERED
    if other is None:
        return Calls.MOVE if waits else Calls.STOP
    return Calls.ANSWER if run.answered_by and State(other.state) in UNANSWERED else Calls.STOP


@dataclass(frozen=True, slots=True)
class UnmergePlan:
    """What goes back to ``merged``, and what came to ``into`` since and stays there. ``stays_hidden``: it was
    restricted by the merge, and what was written there since does not come into the open by itself.
    """

    merged: Incident
    into: Incident
    merger: Merger
    brought: merging.Brought
    alerts: tuple[UUID, ...]
    tasks: Sequence[Task]
    leaves: Sequence[Participant]
    alerts_since: int
    notes_since: int
    tasks_since: int
    priority: int
    priority_reason: str
    loses_owner: bool

    @property
    def stays_hidden(self) -> bool:
        return self.brought.hid_into and self.into.restricted

    @property
    def opens(self) -> bool:
        return self.brought.hid_merged


def survivor(record: Incident) -> Incident:
    """The record that goes on: this one, or the last of those it was merged into."""
    found = record
    while found.merged_into is not None:
        found = found.merged_into
    return found


def unmerge_plan(by: Actor, ref: str) -> UnmergePlan:
    """What ``unmerge`` would do now. Raises NotFound, NotAllowed, Invalid."""
    rows = visible(by).select_related("organisation", "owner", "merged_into__organisation", "merged_into__owner")
    merged = rows.filter(ref=refs.tidy(ref)).first()
    if merged is None:
        raise NotFound("incident")
    by.must(Verb.WORK, merged.organisation_id)
    into = merged.merged_into
    if into is None:
        raise Invalid("ref", "not_merged")
    must_part(by, merged, into)
    return unplan(merged, into)


def must_part(by: Actor, merged: Incident, into: Incident) -> None:
    """Raises NotFound, NotAllowed, Invalid."""
    if not visible(by).filter(pk=into.pk).exists():
        raise NotFound("incident")
    by.must(Verb.WORK, into.organisation_id)
    if merged.restricted or into.restricted:
        by.must(Verb.COMMAND, merged.organisation_id)
        by.must(Verb.COMMAND, into.organisation_id)
    if into.merged_into_id is not None:
        raise Invalid("ref", "unmerge_first")


def _without(into: Incident, merger: Merger) -> tuple[int, str]:
    """Its priority and the reason once this merge is taken back: what it had before others made it graver, or the
    gravest of those that are still a part of it. What somebody set since stays.
    """
    rows = list(Merger.objects.filter(into=into).select_related("incident").order_by("-at", "-pk"))
    had = [merging.read(one.brought) for one in rows]
    first = next(
        (at for at, one in enumerate(had) if one.priority and one.priority_reason != PriorityReason.MERGED), None
    )
    if into.priority_reason != PriorityReason.MERGED or first is None:
        return into.priority, into.priority_reason
    own, since = had[first], rows[: first + 1]
    others = [one for one in since if one.undone_at is None and one.pk != merger.pk and one.status_was == Status.OPEN]
    graver = min((one.incident.priority for one in others), default=own.priority)
    return (graver, PriorityReason.MERGED.value) if graver < own.priority else (own.priority, own.priority_reason)


def unplan(merged: Incident, into: Incident) -> UnmergePlan:
    """Part of ``unmerge_plan`` and of the verb."""
    merger = Merger.objects.get(incident=merged, undone_at=None)
    brought = merging.read(merger.brought)
    theirs = set(brought.alerts)
    held = [str(one) for one in Alert.objects.filter(case=into.subject).order_by("pk").values_list("uuid", flat=True)]
    since = AttachedAlert.objects.filter(incident=into, attached_at__gt=merger.at).exclude(uuid__in=brought.rows)
    wanted = {UUID(one) for one in (*brought.joined, *brought.let_in)}
    priority, priority_reason = _without(into, merger)
    return UnmergePlan(
        merged=merged,
        into=into,
        merger=merger,
        brought=brought,
        alerts=tuple(UUID(one) for one in held if one in theirs),
        tasks=list(Task.objects.filter(incident=into, uuid__in=[UUID(one) for one in brought.tasks])),
        leaves=list(Participant.objects.select_related("person").filter(uuid__in=wanted)),
        alerts_since=since.count(),
        notes_since=Note.objects.filter(incident=into, at__gt=merger.at).count(),
        tasks_since=Task.objects.filter(incident=into, added_at__gt=merger.at).count(),
        priority=priority,
        priority_reason=priority_reason,
        loses_owner=brought.owner and into.owner_id is not None and into.owner_id == merged.owner_id,
    )

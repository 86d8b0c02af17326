"""Moving a record along its course."""

from hikeshi.incidents import courses, facts
from hikeshi.incidents.actions import saving
from hikeshi.incidents.actions.calling import stop_calling
from hikeshi.incidents.actions.carrying import carry_out, pass_gates, phases_of, refuse, states
from hikeshi.incidents.actions.deciding import decide_class
from hikeshi.incidents.actions.people import assignable
from hikeshi.incidents.actions.telling import tell_alerts
from hikeshi.incidents.actions.times import mark
from hikeshi.incidents.actions.waiting import end_wait
from hikeshi.incidents.codes import MomentKind, RecordClass, Status, WaitOver
from hikeshi.incidents.facts import Said
from hikeshi.incidents.models import STANDING, Incident, Phase, person_ref
from hikeshi.incidents.queries.vocabularies import course_of
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.facts import commit
from hikeshi.kernel.refusals import Invalid
from hikeshi.ledger.acts import action


def _course(incident: Incident) -> courses.Course:
    return course_of(incident)


@action
def move(
    *,
    by: Actor,
    ref: str,
    phase: str,
    keep_open: bool = False,
    override_reason: str = "",
    version: int | None = None,
) -> Incident:
    """Starts a phase; open ones end unless ``keep_open``. Report and learn start beside the others.

    Raises NotFound, NotAllowed, Invalid, Conflict, and Unmet naming the gates that do not hold; ``override_reason``
    passes them and is recorded.
    """
    incident = saving.hold(by, ref)
    saving.unseen(incident, version, phase=phase)
    course = _course(incident)
    try:
        now = states(phases_of(incident))
        plan = courses.move(course, now, phase, keep_open=keep_open, status=Status(incident.status))
    except courses.CannotMove as error:
        raise refuse(error) from error

    reason = pass_gates(incident, by, plan, override_reason=override_reason)
    carry_out(incident, by, plan, course, reason)
    return incident


@action
def finish_phase(*, by: Actor, ref: str, phase: str, override_reason: str = "") -> Incident:
    """Ends a phase without starting another; with the last one the record is resolved.
    Raises NotFound, NotAllowed, Invalid, Unmet.
    """
    incident = saving.hold(by, ref)
    course = _course(incident)
    try:
        plan = courses.finish(course, states(phases_of(incident)), phase, status=Status(incident.status))
    except courses.CannotMove as error:
        raise refuse(error) from error

    reason = pass_gates(incident, by, plan, override_reason=override_reason)
    carry_out(incident, by, plan, course, reason)
    return incident


@action
def skip_phase(*, by: Actor, ref: str, phase: str, reason: str) -> Incident:
    """Leaves out a phase that nobody began, and says why. Raises NotFound, NotAllowed, Invalid."""
    incident = saving.hold(by, ref)
    course = _course(incident)
    why = saving.because(incident, reason, required=True)
    try:
        plan = courses.skip(course, states(phases_of(incident)), phase, status=Status(incident.status))
    except courses.CannotMove as error:
        raise refuse(error) from error

    carry_out(incident, by, plan, course, why)
    return incident


@action
def set_phase_owner(*, by: Actor, ref: str, phase: str, owner: str) -> Phase:
    """Gives a phase to somebody (uuid or user name; empty: nobody). Raises NotFound, NotAllowed, Invalid."""
    incident = saving.hold(by, ref)
    row = phases_of(incident).get(phase)
    if row is None:
        raise Invalid("phase", courses.WhyNot.NOT_IN_COURSE)
    person = assignable(incident, owner) if owner else None

    row.owner = person
    row.save(update_fields=["owner"])
    saving.save(incident)
    told = facts.PhaseAssigned(incident=incident.uuid, uuid=row.uuid, phase=phase, owner=person_ref(person))
    saving.tell(incident, by, told)
    return row


@action
def close(
    *,
    by: Actor,
    ref: str,
    resolution: str,
    record_class: RecordClass,
    override_reason: str = "",
    version: int | None = None,
) -> Incident:
    """Closes the record: how it was resolved, and what it was. What is still open ends with it.

    Raises NotFound, NotAllowed, Invalid, Conflict, and Unmet naming what is missing; ``override_reason`` passes it.
    """
    incident = saving.hold(by, ref)
    saving.unseen(incident, version, status=Status.CLOSED)
    words = saving.words(resolution, "resolution")
    course = _course(incident)
    try:
        now = states(phases_of(incident))
        plan = courses.close(course, now, record_class, status=Status(incident.status))
    except courses.CannotMove as error:
        raise refuse(error) from error

    reason = pass_gates(incident, by, plan, override_reason=override_reason, record_class=record_class)
    if record_class != incident.record_class or not incident.class_by:
        decide_class(incident, by, record_class, None)
    carry_out(incident, by, plan, course, reason)
    end_wait(incident, by, WaitOver.RESOLVED)
    at = saving.save(incident, status=Status.CLOSED, standing=STANDING[Status.CLOSED], resolution=words)
    done = commit(words, incident.secret)
    saving.tell(incident, by, facts.Closed(incident=incident.uuid, record_class=record_class, resolution=done))
    mark(incident, by, MomentKind.CLOSED, at)
    tell_alerts(incident)
    stop_calling(incident)
    return incident


@action
def reopen(*, by: Actor, ref: str, reason: str, version: int | None = None) -> Incident:
    """Takes a resolved or closed record up again at the last phase that was worked on; how often is counted.
    Raises NotFound, NotAllowed, Invalid, Conflict.
    """
    incident = saving.hold(by, ref)
    saving.unseen(incident, version, status=Status.OPEN)
    take_up_again(incident, by, saving.because(incident, reason, required=True))
    return incident


def take_up_again(incident: Incident, by: Actor, why: Said | None) -> None:
    """Part of other verbs. Raises Invalid where the record is open."""
    course = _course(incident)
    try:
        plan = courses.reopen(course, states(phases_of(incident)), status=Status(incident.status))
    except courses.CannotMove as error:
        raise refuse(error) from error

    was = saving.say(incident, "resolution", incident.resolution) if incident.resolution else None
    carry_out(incident, by, plan, course, None)
    times = incident.reopened + 1
    saving.save(incident, status=Status.OPEN, standing=STANDING[Status.OPEN], resolution="", reopened=times)
    fact = facts.Reopened(incident=incident.uuid, times=times, phase=plan.back_to or "", reason=why, resolution_was=was)
    saving.tell(incident, by, fact)
    tell_alerts(incident)

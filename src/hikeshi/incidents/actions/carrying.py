"""Carries out a plan of the life cycle: asks its gates, opens and ends phases, sets the times these set."""

from dataclasses import dataclass
from datetime import datetime

from hikeshi.incidents import courses, facts, gates, names
from hikeshi.incidents.actions import saving
from hikeshi.incidents.actions.times import mark, mark_by_act
from hikeshi.incidents.actions.waiting import end_wait
from hikeshi.incidents.codes import MomentKind, PhaseState, RecordClass, Status, WaitOver
from hikeshi.incidents.facts import Said
from hikeshi.incidents.models import STANDING, Confirmation, Gate, Incident, Participant, Phase, person_ref
from hikeshi.incidents.queries.standing import gates_of, pure, situation
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.facts import Fact
from hikeshi.kernel.refusals import Invalid, Unmet

PASSED_OVER = "phase:"


def phases_of(incident: Incident) -> dict[str, Phase]:
    """The phases of the course the record follows, in order."""
    return {one.code: one for one in Phase.objects.filter(incident=incident, in_course=True)}


def states(phases: dict[str, Phase]) -> dict[str, PhaseState]:
    return {code: PhaseState(one.state) for code, one in phases.items()}


def refuse(error: courses.CannotMove) -> Invalid:
    """The life cycle's no, as a refusal about the field it concerns."""
    about_status = {courses.WhyNot.IS_CLOSED, courses.WhyNot.IS_RESOLVED, courses.WhyNot.NOT_CLOSED}
    return Invalid("status" if error.reason in about_status else "phase", error.reason.value)


def pass_gates(
    incident: Incident, by: Actor, plan: courses.Plan, *, override_reason: str, record_class: RecordClass | None = None
) -> Said | None:
    """Raises Unmet, naming phases passed over and gates that do not hold; with a reason they are passed and recorded.

    Returns the reason, for the phases that were passed over. ``record_class``: what the record becomes by this act.
    """
    rows = gates_of(incident)
    now = situation(incident, record_class=record_class)
    closed = gates.missing([pure(row) for row in rows], plan.asked, now)
    asks_phases = bool(plan.asked) and any(point.at is not gates.At.CLOSE for point in plan.asked)
    passed = [f"{PASSED_OVER}{code}" for code in plan.passed_over] if asks_phases else []
    if not closed and not passed:
        return None
    if not override_reason.strip():
        raise Unmet((*passed, *(gate.spec.code for gate in closed)))
    reason = saving.say(incident, "reason", saving.words(override_reason, "override_reason"))
    by_code = {(row.code, row.asked_by): row for row in rows}
    for gate in closed:
        _override(by_code[gate.spec.code, gate.asked_by], incident, by, reason)
    return reason


def _override(row: Gate, incident: Incident, by: Actor, reason: Said) -> None:
    row.overridden_at, row.overridden_by = clock.now(), by.ref
    row.save(update_fields=["overridden_at", "overridden_by"])
    fact = facts.GateOverridden(incident=incident.uuid, gate=row.uuid, code=row.code, person=by.ref, reason=reason)
    saving.tell(incident, by, fact)


def carry_out(incident: Incident, by: Actor, plan: courses.Plan, course: courses.Course, reason: Said | None) -> None:
    """Does what the plan says; the caller has asked its gates."""
    rows = phases_of(incident)
    now = clock.now()
    about = _About(now, plan.back_to or "", reason)
    for step in plan.steps:
        _step(incident, by, rows[step.phase], step, about)
    if plan.back_to is not None:
        _ask_again(incident, by, course, plan.back_to)
    saving.save(incident, phase=standing_phase(course, states(rows)))
    if plan.ends:
        end_wait(incident, by, WaitOver.RESOLVED)
        saving.save(incident, status=Status.RESOLVED, standing=STANDING[Status.RESOLVED])
        saving.tell(incident, by, facts.Resolved(incident=incident.uuid))
        mark(incident, by, MomentKind.RESOLVED, now)


def standing_phase(course: courses.Course, now: courses.Phases) -> str:
    """What a list shows: the furthest open phase of the course, else the last one worked on."""
    for state in (PhaseState.OPEN, PhaseState.DONE):
        found = [code for code in course.phases if now[code] is state]
        if found:
            return found[-1]
    return course.phases[-1]


@dataclass(frozen=True, slots=True)
class _About:
    """What all steps of one plan share."""

    now: datetime
    back_to: str
    reason: Said | None


def _step(incident: Incident, by: Actor, row: Phase, step: courses.Step, about: _About) -> None:
    again = row.started_at is not None
    row.state = step.state
    row.ended_at = about.now if step.state is PhaseState.DONE else None
    if step.state is PhaseState.OPEN:
        row.started_at = row.started_at or about.now
    row.save(update_fields=["state", "started_at", "ended_at"])
    saving.tell(incident, by, _fact(incident, row, step.state, about, again=again))
    if step.state is PhaseState.OPEN:
        give_to_role(incident, by, row)
    moment = names.in_use().moment_of(row.code)
    if step.state is PhaseState.DONE and moment is not None:
        mark_by_act(incident, by, moment, about.now)


def give_to_role(incident: Incident, by: Actor, row: Phase) -> None:
    """A phase that starts with nobody's name goes to whoever has the role its course names, if one of them does."""
    spec = names.in_use().courses.phases.get(row.code)
    if row.owner_id is not None or spec is None or not spec.role:
        return
    standing = Participant.objects.filter(incident=incident, role=spec.role, until=None, person__is_active=True)
    found = standing.select_related("person").first()
    if found is not None:
        row.owner = found.person
        row.save(update_fields=["owner"])
        person = person_ref(found.person)
        told = facts.PhaseAssigned(incident=incident.uuid, uuid=row.uuid, phase=row.code, owner=person)
        saving.tell(incident, by, told)


def _fact(incident: Incident, row: Phase, state: PhaseState, about: _About, *, again: bool) -> Fact:
    match state:
        case PhaseState.OPEN:
            started = row.started_at or about.now
            return facts.PhaseStarted(incident=incident.uuid, uuid=row.uuid, phase=row.code, at=started, again=again)
        case PhaseState.DONE:
            return facts.PhaseEnded(incident=incident.uuid, uuid=row.uuid, phase=row.code, at=about.now)
        case PhaseState.PENDING:
            return facts.PhaseReturned(incident=incident.uuid, uuid=row.uuid, phase=row.code, back_to=about.back_to)
        case PhaseState.SKIPPED:
            return facts.PhaseSkipped(incident=incident.uuid, uuid=row.uuid, phase=row.code, reason=about.reason)


def _ask_again(incident: Incident, by: Actor, course: courses.Course, back_to: str) -> None:
    """What was confirmed behind the phase the record went back to says nothing any more."""
    for row in gates_of(incident):
        gate = pure(row)
        said = row.overridden_at is not None or gate.confirmed_by
        if said and courses.must_be_asked_again(course, gate.spec, back_to):
            _reset(incident, by, row)


def _reset(incident: Incident, by: Actor, row: Gate) -> None:
    standing = list(row.confirmations.filter(void_at__isnull=True))
    Confirmation.objects.filter(pk__in=[one.pk for one in standing]).update(void_at=clock.now())
    row.overridden_at, row.overridden_by = None, ""
    if row.people:
        row.met_at = None  # what a domain above said is its own to take back
    row.save(update_fields=["met_at", "overridden_at", "overridden_by"])
    fact = facts.GateReset(
        incident=incident.uuid,
        gate=row.uuid,
        code=row.code,
        met=row.met_at is not None,
        confirmations=tuple(one.uuid for one in standing),
    )
    saving.tell(incident, by, fact)

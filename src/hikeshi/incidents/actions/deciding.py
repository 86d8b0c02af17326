"""Decisions about what a record is: its class, kind, priority, marking and words."""

from hikeshi.incidents import courses, facts, matrix, names
from hikeshi.incidents.actions import saving
from hikeshi.incidents.actions.carrying import phases_of, standing_phase, states
from hikeshi.incidents.actions.opening import asked_by, check_levels, course_taken, known_kind, new_gates
from hikeshi.incidents.actions.times import mark_once
from hikeshi.incidents.actions.weighing import asked_anew
from hikeshi.incidents.codes import GRAVE, MomentKind, PhaseState, RecordClass, Tlp
from hikeshi.incidents.facts import Said
from hikeshi.incidents.models import Gate, Incident, Phase
from hikeshi.incidents.queries.matrix import matrix as matrix_in_force
from hikeshi.incidents.queries.vocabularies import course_of, latest
from hikeshi.incidents.vocabularies import Subject
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.facts import commit
from hikeshi.kernel.refusals import Invalid
from hikeshi.ledger.acts import action


@action
def classify(*, by: Actor, ref: str, record_class: RecordClass, reason: str, version: int | None = None) -> Incident:
    """Decides what the record is, and why. Raises NotFound, NotAllowed, Invalid, Conflict."""
    incident = saving.hold(by, ref)
    saving.unseen(incident, version, record_class=record_class)
    why = saving.because(incident, reason, required=True)

    decide_class(incident, by, record_class, why)
    return incident


@action
def declare(
    *,
    by: Actor,
    ref: str,
    reason: str,
    record_class: RecordClass = RecordClass.INCIDENT,
    version: int | None = None,
) -> Incident:
    """Decides that this is an incident (or an accident), and why. Raises NotFound, NotAllowed, Invalid, Conflict."""
    if record_class not in GRAVE:
        raise Invalid("record_class", "not_a_choice", choices=", ".join(sorted(GRAVE)))
    return classify(by=by, ref=ref, record_class=record_class, reason=reason, version=version)


def decide_class(incident: Incident, by: Actor, record_class: RecordClass, why: Said | None) -> None:
    was = RecordClass(incident.record_class)
    graver = record_class in GRAVE and was not in GRAVE
    at = saving.save(incident, record_class=record_class, class_by=by.ref, class_at=clock.now())
    told = facts.Declared if graver else facts.Classified
    saving.tell(incident, by, told(incident=incident.uuid, record_class=record_class, was=was, reason=why))
    if graver:
        mark_once(incident, by, MomentKind.DECLARED, at)


@action
def set_kind(*, by: Actor, ref: str, kind: str, reason: str = "", version: int | None = None) -> Incident:
    """Changes the kind; where that means another course, the record takes it up at the corresponding phase and keeps
    what it has been through. Raises NotFound, NotAllowed, Invalid, Conflict.
    """
    incident = saving.hold(by, ref)
    saving.unseen(incident, version, kind=kind)
    code = known_kind(kind)
    why = saving.because(incident, reason)

    was, course_was = incident.kind, incident.course
    old = course_of(incident)
    changes = {"kind": kind, "kinds": latest(Subject.KINDS), "course": code}
    if code != course_was:
        changes["course_version"] = latest(Subject.COURSES)
    saving.save(incident, **changes)
    fact = facts.KindChanged(incident=incident.uuid, kind=kind, was=was, course=code, course_was=course_was, reason=why)
    saving.tell(incident, by, fact)
    if code != course_was:
        _change_course(incident, by, old, course_of(incident))
    return incident


def _change_course(incident: Incident, by: Actor, old: courses.Course, new: courses.Course) -> None:
    rows = phases_of(incident)
    words = names.in_use().courses.counterparts(old, new)
    now = courses.translate(old, new, states(rows), words)
    phases = _remap_phases(incident, old, new, now)
    gates = _swap_gates(incident, old, new)
    saving.save(incident, phase=standing_phase(new, now))
    saving.tell(incident, by, course_taken(incident, new, phases, gates))


def _remap_phases(incident: Incident, old: courses.Course, new: courses.Course, now: courses.Phases) -> list[Phase]:
    """Phases of the left course keep their times and step aside; those of the new one come in as they correspond."""
    rows = {one.code: one for one in Phase.objects.filter(incident=incident)}
    at = clock.now()
    for code in old.phases:
        row = rows[code]
        row.in_course = code in new.phases
        if not row.in_course and row.state == PhaseState.OPEN:
            row.state, row.ended_at = PhaseState.DONE, at
    for place, code in enumerate((*new.phases, *new.beside)):
        row = rows.setdefault(code, Phase(incident=incident, code=code, beside=code in new.beside))
        row.place, row.in_course, row.state = place, True, now[code]
        if row.state in {PhaseState.OPEN, PhaseState.DONE}:
            row.started_at = row.started_at or at
        row.ended_at = (row.ended_at or at) if row.state == PhaseState.DONE else None
    for row in rows.values():
        row.save()
    return list(rows.values())


def _swap_gates(incident: Incident, old: courses.Course, new: courses.Course) -> list[Gate]:
    """Gates of the left course are withdrawn; those of the new one are asked, again if they were before."""
    at = clock.now()
    standing = list(Gate.objects.filter(incident=incident, asked_by=asked_by(old), withdrawn_at__isnull=True))
    for row in standing:
        row.withdrawn_at = at
        row.save(update_fields=["withdrawn_at"])
    known = {row.code: row for row in Gate.objects.filter(incident=incident, asked_by=asked_by(new))}
    asked = []
    for row in new_gates(incident, new):
        again = known.get(row.code, row)
        again.withdrawn_at = None
        again.save()
        asked.append(again)
    return [*standing, *asked]


@action
def set_priority(
    *,
    by: Actor,
    ref: str,
    impact: int | None = None,
    effect: int | None = None,
    urgency: int | None = None,
    priority: int | None = None,
    reason: str = "",
    version: int | None = None,
) -> Incident:
    """By the matrix from impact, effect and urgency (what is left out stays), or by hand as ``priority``, which needs
    a reason, as does an urgency below what an asset that is hit asks for. Raises NotFound, NotAllowed, Invalid,
    Conflict.
    """
    incident = saving.hold(by, ref)
    given = {"impact": impact, "effect": effect, "urgency": urgency, "priority": priority}
    saving.unseen(incident, version, **{name: str(level) for name, level in given.items() if level is not None})
    levels = check_levels(
        impact=incident.impact if impact is None else impact,
        effect=incident.effect if effect is None else effect,
        urgency=incident.urgency if urgency is None else urgency,
    )
    asked = asked_anew(incident, levels["urgency"])
    if priority is not None and priority not in matrix.PRIORITIES:
        raise Invalid("priority", "out_of_range", low=1, high=5)
    why = saving.because(incident, reason, required=priority is not None or asked.overrules)

    levels["urgency"] = asked.urgency
    in_force = matrix_in_force()
    decided = matrix.decide(in_force.grid, **levels)
    if priority is not None:
        decided = matrix.Decision(priority, matrix.PriorityReason.BY_HAND)
    was = incident.priority
    levelled = {"priority": decided.priority, "matrix": in_force.number, **levels}
    saving.save(incident, priority_reason=decided.reason, **levelled, **asked.columns)
    fact = facts.PriorityChanged(
        incident=incident.uuid, was=was, priority_reason=decided.reason, reason=why, **levelled
    )
    saving.tell(incident, by, fact)
    return incident


@action
def set_tlp(*, by: Actor, ref: str, tlp: Tlp, version: int | None = None) -> Incident:
    """Raises NotFound, NotAllowed, Conflict."""
    incident = saving.hold(by, ref)
    saving.unseen(incident, version, tlp=tlp)
    was = Tlp(incident.tlp)
    if tlp != was:
        saving.save(incident, tlp=tlp)
        saving.tell(incident, by, facts.TlpSet(incident=incident.uuid, tlp=tlp, was=was))
    return incident


@action
def edit(
    *, by: Actor, ref: str, title: str | None = None, description: str | None = None, version: int | None = None
) -> Incident:
    """Rewrites title or description; what stood before is kept. Raises NotFound, NotAllowed, Invalid, Conflict."""
    incident = saving.hold(by, ref)
    new: dict[str, str] = {}
    if title is not None:
        new["title"] = saving.words(title, "title", most=saving.TITLE)
    if description is not None:
        new["description"] = saving.words(description, "description", required=False)
    saving.unseen(incident, version, **new)
    new = {name: text for name, text in new.items() if text != getattr(incident, name)}
    if not new:
        return incident

    was = {name: saving.say(incident, name, getattr(incident, name)) for name in new}
    saving.save(incident, **new)
    now = {name: commit(text, incident.secret) for name, text in new.items()}
    fact = facts.Edited(
        incident=incident.uuid,
        title=now.get("title"),
        title_was=was.get("title"),
        description=now.get("description"),
        description_was=was.get("description"),
    )
    saving.tell(incident, by, fact)
    return incident

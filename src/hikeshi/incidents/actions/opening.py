"""Opening a record."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection

from hikeshi.accounts import queries as accounts
from hikeshi.accounts.models import Organisation
from hikeshi.incidents import facts, matrix, refs
from hikeshi.incidents.actions import saving
from hikeshi.incidents.actions.times import mark
from hikeshi.incidents.codes import GRAVE, MomentKind, PhaseState, RecordClass
from hikeshi.incidents.courses import Course
from hikeshi.incidents.gates import At
from hikeshi.incidents.models import Gate, Incident, Numbering, Participant, Phase
from hikeshi.incidents.permissions import Verb
from hikeshi.incidents.queries.matrix import matrix as matrix_in_force
from hikeshi.incidents.queries.vocabularies import in_use, latest
from hikeshi.incidents.vocabularies import Subject
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.facts import commit
from hikeshi.kernel.refusals import Invalid
from hikeshi.kernel.worlds import World
from hikeshi.ledger import keeping
from hikeshi.ledger.acts import action

REPORTER = "reporter"


@dataclass(frozen=True, slots=True)
class Origin:
    """The alert whose judgement opens the record, and by which rule."""

    alert: UUID
    rule: str


@action
def open_incident(
    *,
    by: Actor,
    title: str,
    kind: str,
    impact: int,
    effect: int | None = None,
    urgency: int = 2,
    description: str = "",
    record_class: RecordClass | None = None,
    organisation: UUID | None = None,
) -> Incident:
    """Without ``effect`` the service is taken to suffer as widely as people are hit. Without ``record_class`` nobody
    has decided yet: it is an event (a request, where the kind says so) until somebody does.

    Raises NotAllowed, NotFound, Invalid.
    """
    return open_at(
        by=by,
        place=choose_place(by, organisation),
        title=title,
        kind=kind,
        impact=impact,
        effect=effect,
        urgency=urgency,
        description=description,
        record_class=record_class,
    )


def open_at(
    *,
    by: Actor,
    place: Organisation,
    title: str,
    kind: str,
    impact: int,
    effect: int | None,
    urgency: int,
    description: str,
    record_class: RecordClass | None,
) -> Incident:
    """``open_incident`` where it is known already that the actor may open one. Raises Invalid."""
    heading = saving.words(title, "title", most=saving.TITLE)
    story = saving.words(description, "description", required=False)
    levels = check_levels(impact=impact, effect=impact if effect is None else effect, urgency=urgency)
    known_kind(kind)

    world = World(accounts.site().world)
    incident = place_record(
        by=by,
        title=heading,
        kind=kind,
        levels=levels,
        place=place,
        world=world,
        description=story,
        decided=record_class,
    )
    if by.person_id is not None:
        _add_reporter(incident, by, by.person_id)
        mark(incident, by, MomentKind.REPORTED, incident.opened_at)
    if incident.record_class in GRAVE:
        mark(incident, by, MomentKind.DECLARED, incident.opened_at)
    return incident


def place_record(
    *,
    by: Actor,
    title: str,
    kind: str,
    levels: Mapping[str, int],
    place: Organisation,
    world: World,
    description: str = "",
    decided: RecordClass | None = None,
    origin: Origin | None = None,
) -> Incident:
    """Writes a new record and lays its course; whoever calls has checked what goes in."""
    in_force = matrix_in_force()
    judged = matrix.decide(in_force.grid, **levels)
    now = clock.now()
    course = in_use().course(known_kind(kind))
    incident = Incident(
        ref=_number(world),
        title=title,
        description=description,
        **_decided(by, decided or _undecided(kind), sure=decided is not None),
        kind=kind,
        kinds=latest(Subject.KINDS),
        course=course.code,
        course_version=latest(Subject.COURSES),
        priority=judged.priority,
        priority_reason=judged.reason,
        matrix=in_force.number,
        phase=course.phases[0],
        organisation=place,
        world=world,
        opened_by=by.ref,
        opened_at=now,
        updated_at=now,
        urgency_asked=levels["urgency"],
        **levels,
    )
    _lay(incident, course, by, origin)
    return incident


def _lay(incident: Incident, course: Course, by: Actor, origin: Origin | None) -> None:
    keeping.keep_new([incident])
    saving.tell(incident, by, _opened(incident, incident.organisation, origin))
    take_course(incident, course, by)


def _decided(by: Actor, record_class: RecordClass, *, sure: bool) -> dict[str, object]:
    return {"record_class": record_class, "class_by": by.ref if sure else "", "class_at": clock.now() if sure else None}


def _undecided(kind: str) -> RecordClass:
    return RecordClass.REQUEST if kind == "request" else RecordClass.EVENT


def choose_place(by: Actor, organisation: UUID | None) -> Organisation:
    """Where the record belongs: the one named, else the actor's own, else the topmost they may open records in. What is
    out of use takes in nothing new. Raises Invalid.
    """
    by.must(Verb.OPEN)
    if organisation is not None:
        named = accounts.organisation(by, organisation, Verb.OPEN)
        if named.retired_at is not None:
            raise Invalid("organisation", "is_retired")
        return named
    allowed = accounts.organisations(by, Verb.OPEN).filter(retired_at=None)
    person = accounts.myself(by)
    own = allowed.filter(pk=person.organisation_id).first() if person is not None else None
    found = own or allowed.first()
    if found is None:
        raise Invalid("organisation", "required")
    return found


def known_kind(kind: str) -> str:
    """The course of a kind in use. Raises Invalid."""
    kinds = in_use().kinds
    if kind not in kinds or kinds[kind].retired:
        raise Invalid("kind", "unknown")
    return kinds[kind].course


def check_levels(*, impact: int, effect: int, urgency: int) -> dict[str, int]:
    """Raises Invalid."""
    levels = {"impact": impact, "effect": effect, "urgency": urgency}
    for name, level in levels.items():
        if level not in matrix.LEVELS:
            raise Invalid(name, "out_of_range", low=1, high=3)
    return levels


_NEXT: Final = (
    "INSERT INTO incidents_numbering (world, year, last) VALUES (%s, %s, 1) "
    "ON CONFLICT (world, year) DO UPDATE SET last = incidents_numbering.last + 1 RETURNING last"
)
"""Whoever comes second waits for the first one's commit."""


def _number(world: World) -> str:
    """The next reference: no gaps and no twins."""
    year = _year()
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [world.value, year])
        return refs.form(world, year, int(cursor.fetchone()[0]))


def _year() -> int:
    return clock.now().astimezone(ZoneInfo(accounts.site().time_zone)).year


def wait_for_number(world: World) -> None:
    """From here to the commit nobody else opens a record: what would make two of one report is seen."""
    year = _year()
    Numbering.objects.bulk_create([Numbering(world=world, year=year)], ignore_conflicts=True)
    Numbering.objects.select_for_update().get(world=world, year=year)


def _opened(incident: Incident, place: Organisation, origin: Origin | None) -> facts.Opened:
    return facts.Opened(
        incident=incident.uuid,
        ref=incident.ref,
        title=commit(incident.title, incident.secret),
        description=commit(incident.description, incident.secret),
        kind=incident.kind,
        course=incident.course,
        record_class=RecordClass(incident.record_class),
        impact=incident.impact,
        effect=incident.effect,
        urgency=incident.urgency,
        priority=incident.priority,
        priority_reason=matrix.PriorityReason(incident.priority_reason),
        matrix=incident.matrix,
        organisation=place.uuid,
        phase=incident.phase,
        world=incident.world,
        opened_by=incident.opened_by,
        alert=origin.alert if origin else None,
        rule=origin.rule if origin else "",
    )


def _add_reporter(incident: Incident, by: Actor, person_id: int) -> None:
    """Whoever reports can follow the report, whatever their grants."""
    row = Participant.objects.create(incident=incident, person_id=person_id, role=REPORTER)
    told = facts.ParticipantAdded(incident=incident.uuid, participant=row.uuid, person=by.ref, role=REPORTER)
    saving.tell(incident, by, told)


def take_course(incident: Incident, course: Course, by: Actor) -> None:
    """Lays the phases and gates of the course for a new record."""
    now = clock.now()
    beginning = course.begin()
    phases = [
        Phase(
            incident=incident,
            code=code,
            place=place,
            beside=code in course.beside,
            state=state,
            started_at=now if state is PhaseState.OPEN else None,
        )
        for place, (code, state) in enumerate(beginning.items())
    ]
    gates = new_gates(incident, course)
    keeping.keep_new(phases)
    keeping.keep_new(gates)
    saving.tell(incident, by, course_taken(incident, course, phases, gates))


def new_gates(incident: Incident, course: Course) -> list[Gate]:
    return [
        Gate(
            incident=incident,
            code=spec.code,
            at=spec.at,
            phase=spec.phase,
            check_code=spec.check or "",
            people=spec.people,
            classes=list(spec.classes),
            asked_by=asked_by(course),
            place=place,
        )
        for place, spec in enumerate(course.gates)
    ]


def asked_by(course: Course) -> str:
    return f"course:{course.code}"


def course_taken(incident: Incident, course: Course, phases: list[Phase], gates: list[Gate]) -> facts.CourseTaken:
    return facts.CourseTaken(
        incident=incident.uuid,
        course=course.code,
        course_version=incident.course_version,
        phases=tuple(
            facts.PhaseRow(
                uuid=one.uuid,
                code=one.code,
                state=PhaseState(one.state),
                in_course=one.in_course,
                started_at=one.started_at,
                ended_at=one.ended_at,
            )
            for one in phases
        ),
        gates=tuple(
            facts.GateRow(
                uuid=one.uuid,
                code=one.code,
                at=At(one.at),
                phase=one.phase,
                asked_by=one.asked_by,
                withdrawn=one.withdrawn_at is not None,
            )
            for one in gates
        ),
    )

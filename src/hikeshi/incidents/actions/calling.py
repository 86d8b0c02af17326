"""Calls for help about a record: begun, answered, stopped; and what the escalation asks of the record."""

import logging
from collections.abc import Callable
from uuid import UUID

from django.db import InterfaceError, OperationalError

from hikeshi.accounts.models import Person
from hikeshi.incidents import facts, matrix
from hikeshi.incidents.actions import saving
from hikeshi.incidents.actions.telling import tell_members
from hikeshi.incidents.actions.times import mark_once
from hikeshi.incidents.actions.weighing import say_priority
from hikeshi.incidents.codes import MomentKind, Status
from hikeshi.incidents.models import Incident, Moment, Participant, person_ref
from hikeshi.incidents.permissions import Verb
from hikeshi.incidents.queries.choices import owner_choices
from hikeshi.incidents.queries.visibility import members
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor, system
from hikeshi.kernel.prepared import Prepared, asked_once
from hikeshi.kernel.refusals import NotAllowed
from hikeshi.kernel.worlds import World
from hikeshi.ledger.acts import action
from hikeshi.oncall import actions as oncall
from hikeshi.oncall.escalation import UNANSWERED, Circumstances, State
from hikeshi.oncall.queries import runs

DESK = system("incidents")
ESCALATE = system("escalate")
log = logging.getLogger(__name__)
_later: list[Callable[[], bool]] = []


def call_later_if(asked: Callable[[], bool]) -> None:
    """For packages above: where this says so, the first call is left to the loop, because what they do about a new
    record may decide who is called first.
    """
    _later.append(asked)


EXECUTIVE = "executive"


_OPEN = Prepared(
    lambda uuid: Incident.objects.select_related("organisation").filter(uuid=uuid, status=Status.OPEN)[:1], uuid=UUID
)


@action
@asked_once()
def call_for_help(*, by: Actor, incident: UUID) -> None:
    """As the escalation policies say for a record like this; again where it has become graver. A record that is
    resolved or closed by now calls nobody. For the desk's own loop. Raises NotAllowed.
    """
    _must_be_the_desk(by)
    found = next(iter(_OPEN(uuid=incident)), None)
    if found is None:
        return
    case = Circumstances(
        priority=found.priority,
        kind=found.kind,
        organisation=str(found.organisation.uuid),
        record_class=found.record_class,
        ref=found.ref,
    )
    run = oncall.begin(by=DESK, subject=found.subject, world=World(found.world), circumstances=case)
    if run is None:
        return
    if found.owner is not None and State(run.state) in UNANSWERED and _took_it(found):
        oncall.acknowledge(by=DESK, subject=found.subject, person=person_ref(found.owner))
    if not any(asked() for asked in _later):
        oncall.take_first(by=ESCALATE, subject=found.subject)


def call_at_once(incident: Incident) -> None:
    """Part of opening a record as a rule judged: the call begins in the act that opens it, and nobody sleeps through a
    second round of the desk's loop. It has to come to nothing without taking the record with it; then, and where
    something above decides who is called first, the fact that it was opened begins the call.
    """
    if any(asked() for asked in _later):
        return
    try:
        call_for_help(by=ESCALATE, incident=incident.uuid)
    except (OperationalError, InterfaceError):
        raise  # the database itself: all of it is tried again
    except Exception:
        log.warning(
            "the call about %s did not begin as it was opened, and is tried again", incident.uuid, exc_info=True
        )


def _took_it(incident: Incident) -> bool:
    """Whether the owner said so themselves: whoever was only given it may be asleep."""
    said = Moment.objects.filter(incident=incident, kind=MomentKind.ACKNOWLEDGED, superseded_at__isnull=True)
    return said.filter(set_by=person_ref(incident.owner)).exists()


@action
def answer_call(*, by: Actor, ref: str) -> Incident:
    """I have it. Raises NotFound, NotAllowed, AnsweredAlready naming who was first."""
    incident = saving.hold(by, ref, Verb.VIEW)
    oncall.acknowledge(by=by, subject=incident.subject)
    return incident


@action
def hand_over_call(*, by: Actor, ref: str, to: str = "") -> Incident:
    """To this person (``person:<uuid>``) or whoever is next. Raises NotFound, NotAllowed, Invalid."""
    incident = saving.hold(by, ref, Verb.VIEW)
    oncall.hand_over(by=by, subject=incident.subject, to=to)
    return incident


@action
def ask_for_help(*, by: Actor, ref: str, to: str = "") -> int:
    """Calls this person or whoever is next as well; how many were called. Raises NotFound, NotAllowed, Invalid."""
    incident = saving.hold(by, ref, Verb.VIEW)
    found = oncall.ask_help(by=by, subject=incident.subject, to=to)
    return len(found.reached) if found is not None else 0


@action
def call_again(*, by: Actor, ref: str) -> Incident:
    """Everybody, from the first step on. Raises NotFound, NotAllowed."""
    incident = saving.hold(by, ref, Verb.VIEW)
    oncall.call_again(by=by, subject=incident.subject)
    return incident


@action
def take_answer(*, by: Actor, incident: UUID, person: str) -> None:
    """Whoever answered the call answers for the record, where nobody does yet and they may. For the desk's own loop.
    Raises NotAllowed.
    """
    _must_be_the_desk(by)
    found = Incident.objects.select_for_update(of=("self",)).filter(uuid=incident).exclude(status=Status.CLOSED).first()
    if found is None:
        return
    at = clock.now()
    mark_once(found, by, MomentKind.ACKNOWLEDGED, at)
    who = owner_choices(found).filter(uuid=_uuid(person)).first() if person.startswith("person:") else None
    if who is None or found.owner_id is not None or (found.restricted and who.pk not in members(found)):
        return
    saving.save(found, owner=who, owner_since=at)
    saving.tell(found, by, facts.Assigned(incident=found.uuid, owner=person_ref(who), was=""))
    tell_members(found)


@action
def take_severity(*, by: Actor, incident: UUID, priority: int) -> None:
    """The escalation asks for this priority at least. For the desk's own loop. Raises NotAllowed."""
    _must_be_the_desk(by)
    found = Incident.objects.select_for_update(of=("self",)).filter(uuid=incident).exclude(status=Status.CLOSED).first()
    if found is None or found.priority <= priority:
        return
    say_priority(found, by, priority, matrix.PriorityReason.ESCALATED)


@action
def take_executives(*, by: Actor, incident: UUID, people: tuple[str, ...]) -> None:
    """The executives were told, so they can look. Into a restricted record only its members let anybody. For the desk's
    own loop. Raises NotAllowed.
    """
    _must_be_the_desk(by)
    found = Incident.objects.select_for_update(of=("self",)).filter(uuid=incident, restricted=False).first()
    if found is None:
        return
    wanted = [_uuid(one) for one in people if one.startswith("person:")]
    known = set(Participant.objects.filter(incident=found, role=EXECUTIVE).values_list("person_id", flat=True))
    for person in Person.objects.filter(uuid__in=wanted, is_active=True).exclude(pk__in=known).order_by("pk"):
        row = Participant.objects.create(incident=found, person=person, role=EXECUTIVE)
        told = facts.ParticipantAdded(
            incident=found.uuid, participant=row.uuid, person=person_ref(person), role=EXECUTIVE
        )
        saving.tell(found, by, told)
    saving.save(found)


@action
def stop_call(*, by: Actor, incident: UUID) -> None:
    """The record is resolved: nobody is called about it any more. For the desk's own loop. Raises NotAllowed."""
    _must_be_the_desk(by)
    found = Incident.objects.filter(uuid=incident).exclude(status=Status.OPEN).first()
    if found is not None:
        oncall.stop(by=DESK, subject=found.subject, why="resolved")


def settle_call(incident: Incident, by: Actor, owner: Person) -> None:
    """Part of assigning. Whoever takes the record has answered the call; whoever is given it is called."""
    run = runs.live(incident.subject)
    if run is None:
        return
    person = person_ref(owner)
    if by.ref == person:
        if State(run.state) in UNANSWERED:
            oncall.acknowledge(by=DESK, subject=incident.subject, person=person)
    elif run.answered_by != person and run.state != State.TELLING:
        oncall.hand_over(by=DESK, subject=incident.subject, to=person)


def stop_calling(incident: Incident) -> None:
    """Part of closing."""
    oncall.stop(by=DESK, subject=incident.subject, why="closed")


def _must_be_the_desk(by: Actor) -> None:
    if not by.unlimited:
        raise NotAllowed("incidents.call_for_help")


def _uuid(person: str) -> UUID:
    return UUID(person.removeprefix("person:"))

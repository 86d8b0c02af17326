"""Need to know: restricting a record to its people, and breaking the glass."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from hikeshi.incidents import facts, refs
from hikeshi.incidents.actions import saving
from hikeshi.incidents.actions.telling import tell_alerts
from hikeshi.incidents.models import Incident, Participant, person_ref
from hikeshi.incidents.permissions import Verb
from hikeshi.incidents.queries.visibility import memberships
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import NotAllowed, NotFound
from hikeshi.ledger.acts import action

GLASS = timedelta(hours=4)
OBSERVER = "observer"
COMMANDER = "commander"


@action
def restrict(*, by: Actor, ref: str, reason: str) -> Incident:
    """From now on only the people of this record see it, whoever restricts it among them; its alerts hide with it.
    Raises NotFound, NotAllowed, Invalid.
    """
    incident = saving.hold(by, ref, Verb.COMMAND)
    why = saving.because(incident, reason, required=True)
    if incident.restricted:
        return incident

    saving.save(incident, restricted=True)
    saving.tell(incident, by, facts.Restricted(incident=incident.uuid, reason=why))
    if by.person_id is not None and not memberships(by.person_id).filter(incident=incident).exists():
        row = Participant.objects.create(incident=incident, person_id=by.person_id, role=COMMANDER)
        joined = facts.ParticipantAdded(incident=incident.uuid, participant=row.uuid, person=by.ref, role=COMMANDER)
        saving.tell(incident, by, joined)
    tell_alerts(incident)
    hide_merged(incident, by)
    return incident


@dataclass(frozen=True, slots=True)
class Hidden:
    """``records`` were restricted, ``came`` are those who came to them by it."""

    records: tuple[UUID, ...] = ()
    came: tuple[UUID, ...] = ()


def hide_merged(incident: Incident, by: Actor) -> Hidden:
    """Part of other verbs: what was merged into it is the same thing, and nobody sees more of the one than of the
    other.
    """
    merged = Incident.objects.select_for_update(of=("self",)).filter(merged_into=incident, restricted=False)
    records: list[UUID] = []
    came: list[UUID] = []
    for one in merged.order_by("pk"):
        came += hide_like(one, by, incident)
        tell_alerts(one)
        below = hide_merged(one, by)
        records += (one.uuid, *below.records)
        came += below.came
    return Hidden(tuple(records), tuple(came))


def hide_like(incident: Incident, by: Actor, before: Incident) -> list[UUID]:
    """Part of other verbs: a new record of what a restricted one was about is for the same people. Who came."""
    saving.save(incident, restricted=True)
    saving.tell(incident, by, facts.Restricted(incident=incident.uuid))
    people = [(one.person, one.role) for one in Participant.objects.filter(incident=before, until=None)]
    if before.owner is not None and before.owner not in [person for person, _ in people]:
        people.append((before.owner, COMMANDER))
    came: list[UUID] = []
    for person, role in people:
        row, new = Participant.objects.get_or_create(incident=incident, person=person, role=role)
        if not new:
            continue
        joined = facts.ParticipantAdded(
            incident=incident.uuid, participant=row.uuid, person=person_ref(person), role=role
        )
        saving.tell(incident, by, joined)
        came.append(row.uuid)
    return came


@action
def unrestrict(*, by: Actor, ref: str, reason: str) -> Incident:
    """Everybody who sees the organisation's incidents sees this one again. Raises NotFound, NotAllowed, Invalid."""
    incident = saving.hold(by, ref, Verb.COMMAND)
    why = saving.because(incident, reason, required=True)
    if incident.restricted:
        saving.save(incident, restricted=False)
        saving.tell(incident, by, facts.Unrestricted(incident=incident.uuid, reason=why))
        tell_alerts(incident)
    return incident


@action
def break_glass(*, by: Actor, ref: str, reason: str) -> Incident:
    """Lets somebody who is no member look into a restricted record for four hours. The reason is recorded, and the act
    stands in the record's timeline, where its members read it. Raises NotFound, NotAllowed, Invalid.
    """
    if by.person_id is None:
        raise NotAllowed(Verb.BREAK_GLASS)
    rows = Incident.objects.select_for_update()
    found = rows.filter(
        ref=refs.tidy(ref), restricted=True, organisation__in=by.organisations(Verb.BREAK_GLASS)
    ).first()
    if found is None:
        by.must(Verb.BREAK_GLASS)
        raise NotFound("incident")
    why = saving.say(found, "reason", saving.words(reason, "reason"))
    if memberships(by.person_id).filter(incident=found, until=None).exists():
        return found

    until = clock.now() + GLASS
    row, _ = Participant.objects.update_or_create(
        incident=found, person_id=by.person_id, role=OBSERVER, defaults={"until": until}
    )
    saving.save(found)
    fact = facts.GlassBroken(
        incident=found.uuid, participant=row.uuid, person=by.ref, role=OBSERVER, until=until, reason=why
    )
    saving.tell(found, by, fact)
    return found

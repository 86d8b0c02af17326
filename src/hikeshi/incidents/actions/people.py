"""Who is on it: one owner, people with roles."""

from uuid import UUID

from django.db.models import QuerySet

from hikeshi.accounts import queries as accounts
from hikeshi.accounts.models import Person
from hikeshi.incidents import facts, names
from hikeshi.incidents.actions import saving
from hikeshi.incidents.actions.calling import settle_call
from hikeshi.incidents.actions.telling import tell_members
from hikeshi.incidents.actions.times import mark_once
from hikeshi.incidents.codes import MomentKind
from hikeshi.incidents.models import Incident, Participant, person_ref
from hikeshi.incidents.permissions import Verb
from hikeshi.incidents.queries.choices import owner_choices, person_choices
from hikeshi.incidents.queries.visibility import members
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Conflict, Invalid, NotFound
from hikeshi.ledger.acts import action


def _by_name(people: QuerySet[Person], name: str) -> Person | None:
    """A person by uuid or user name."""
    try:
        return people.filter(uuid=UUID(name)).first()
    except ValueError:
        return people.filter(username=Person.normalize_username(name)).first()


def assignable(incident: Incident, owner: str) -> Person:
    """Somebody who may work here. Raises Invalid, which does not tell a stranger's name from one that is unknown."""
    found = _by_name(owner_choices(incident), owner)
    if found is None:
        raise Invalid("owner", "unknown")
    return found


@action
def assign(*, by: Actor, ref: str, owner: str, version: int | None = None, free: bool = False) -> Incident:
    """Gives the record to one person (uuid or user name), or with an empty ``owner`` to nobody; where ``free``, only
    while nobody has it: of two who take it at once the second is told. Whoever owns a restricted record sees it, so to
    give it to a newcomer takes command there.

    The first assignment acknowledges: from then on a person answers for it (iTop's time to own, ServiceNow's response).
    Raises NotFound, NotAllowed, Invalid, Conflict.
    """
    incident = saving.hold(by, ref)
    person = assignable(incident, owner) if owner else None
    if version is not None and incident.changed_at.get("owner", 0) > version and person != incident.owner:
        raise Conflict(
            yours={"owner": person.name if person else ""},
            theirs={"owner": incident.owner.name if incident.owner else ""},
            version=incident.version,
        )
    if person == incident.owner:
        return incident
    if free and incident.owner is not None:
        raise Invalid("owner", "taken_already", name=incident.owner.name)
    if incident.restricted and person is not None and person.pk not in members(incident):
        by.must(Verb.COMMAND, incident.organisation_id)

    was = person_ref(incident.owner)
    at = saving.save(incident, owner=person, owner_since=clock.now())
    if person is None:
        saving.tell(incident, by, facts.Unassigned(incident=incident.uuid, was=was))
    else:
        saving.tell(incident, by, facts.Assigned(incident=incident.uuid, owner=person_ref(person), was=was))
        if not by.unlimited:  # what the desk hands out by itself, nobody has acknowledged
            mark_once(incident, by, MomentKind.ACKNOWLEDGED, at)
        settle_call(incident, by, person)
    tell_members(incident)
    must_leave_a_member(incident)
    return incident


@action
def add_person(*, by: Actor, ref: str, person: str, role: str) -> Participant:
    """Brings somebody in. Of a restricted incident this opens their eyes, so it takes command there.
    Raises NotFound, NotAllowed, Invalid.
    """
    incident = saving.hold(by, ref)
    if incident.restricted:
        by.must(Verb.COMMAND, incident.organisation_id)
    if role not in names.in_use().roles:
        raise Invalid("role", "unknown")
    found = _by_name(person_choices(by, incident), person)
    if found is None:
        raise Invalid("person", "unknown")
    old = Participant.objects.filter(incident=incident, person=found, role=role).first()
    if old is not None and old.until is None:
        return old

    row = old or Participant(incident=incident, person=found, role=role)
    row.until = None
    row.save()
    saving.save(incident)
    told = facts.ParticipantAdded(incident=incident.uuid, participant=row.uuid, person=person_ref(found), role=role)
    saving.tell(incident, by, told)
    tell_members(incident)
    return row


@action
def remove_person(*, by: Actor, ref: str, participant: UUID) -> None:
    """Takes somebody out again. Raises NotFound, NotAllowed."""
    incident = saving.hold(by, ref)
    if incident.restricted:
        by.must(Verb.COMMAND, incident.organisation_id)
    row = Participant.objects.select_related("person").filter(incident=incident, uuid=participant).first()
    if row is None:
        raise NotFound("participant")

    row.delete()
    saving.save(incident)
    told = facts.ParticipantRemoved(
        incident=incident.uuid, participant=participant, person=person_ref(row.person), role=row.role
    )
    saving.tell(incident, by, told)
    tell_members(incident)
    must_leave_a_member(incident)


def must_leave_a_member(incident: Incident) -> None:
    """A restricted record that nobody sees is lost until somebody breaks the glass. Whoever can no longer sign in sees
    nothing. Raises Invalid.
    """
    if incident.restricted and not accounts.in_use(members(incident)):
        raise Invalid("person", "last_member")

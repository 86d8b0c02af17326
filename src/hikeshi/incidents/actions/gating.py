"""Gates: people confirm them, domains above ask for more."""

from uuid import UUID

from hikeshi.incidents import facts, gates
from hikeshi.incidents.actions import saving
from hikeshi.incidents.models import Confirmation, Gate, Incident
from hikeshi.incidents.queries.standing import gates_of, pure
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Invalid, NotAllowed, NotFound
from hikeshi.ledger.acts import action


@action
def confirm_gate(*, by: Actor, ref: str, gate: str, note: str = "") -> Gate:
    """A person's word that the gate's condition holds. Where two are asked, two different people must say so.

    Raises NotFound, NotAllowed, Invalid.
    """
    incident = saving.hold(by, ref)
    if by.person_id is None:
        raise NotAllowed("confirm")  # a machine's word is no second pair of eyes
    row = next((one for one in gates_of(incident) if one.code == gate), None)
    if row is None or not row.people:
        raise Invalid("gate", "unknown")
    standing = pure(row)
    if by.ref in standing.confirmed_by:
        raise Invalid("gate", "already_confirmed")
    words = saving.words(note, "note", required=False)
    said = saving.say(incident, "confirmation", words) if words else None

    given = Confirmation.objects.create(gate=row, person=by.ref)
    saving.save(incident)
    fact = facts.GateConfirmed(
        incident=incident.uuid,
        gate=row.uuid,
        confirmation=given.uuid,
        code=row.code,
        person=by.ref,
        given=len(standing.confirmed_by) + 1,
        needed=row.people,
        note=said,
    )
    saving.tell(incident, by, fact)
    if gates.enough(standing, by.ref) and row.met_at is None:
        _meet(row, incident, by)
    return row


def _meet(row: Gate, incident: Incident, by: Actor) -> None:
    row.met_at = clock.now()
    row.save(update_fields=["met_at"])
    saving.tell(incident, by, facts.GateMet(incident=incident.uuid, gate=row.uuid, code=row.code))


def _of_subject(subject: str) -> Incident:
    kind, _, uuid = subject.partition(":")
    found = Incident.objects.select_for_update().filter(uuid=UUID(uuid)).first() if kind == "incident" else None
    if found is None:
        raise NotFound("incident")
    return found


@action
def require(
    *, by: Actor, subject: str, gate: str, asked_by: str, at: gates.At = gates.At.CLOSE, phase: str = ""
) -> Gate:
    """For the domains above (playbooks, duties, reviews): this must hold before the phase or the close. Asking twice
    asks once. ``asked_by`` says in ``satisfy`` that it does. Raises NotAllowed, NotFound.
    """
    _desk_only(by)
    incident = _of_subject(subject)
    row, new = Gate.objects.get_or_create(
        incident=incident, code=gate, asked_by=asked_by, defaults={"at": at, "phase": phase}
    )
    if new:
        fact = facts.GateAsked(incident=incident.uuid, gate=row.uuid, code=gate, at=at, phase=phase, asked_by=asked_by)
        saving.save(incident)
        saving.tell(incident, by, fact)
    return row


@action
def satisfy(*, by: Actor, subject: str, gate: str, asked_by: str) -> Gate:
    """Whoever asked for the gate says that it holds now. Raises NotAllowed, NotFound."""
    _desk_only(by)
    incident = _of_subject(subject)
    row = Gate.objects.filter(incident=incident, code=gate, asked_by=asked_by).first()
    if row is None:
        raise NotFound("gate")
    if row.met_at is None:
        _meet(row, incident, by)
        saving.save(incident)
    return row


def _desk_only(by: Actor) -> None:
    """People ask for nothing here: they act in the domain that asks."""
    if not by.unlimited:
        raise NotAllowed("incidents.require")

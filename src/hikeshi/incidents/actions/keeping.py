"""Holds: while one stands on a record, nothing of it is deleted, whatever its period says and whoever asks."""

from hikeshi.incidents import facts
from hikeshi.incidents.actions import saving
from hikeshi.incidents.models import Incident
from hikeshi.incidents.permissions import Verb
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Invalid
from hikeshi.kernel.worlds import World
from hikeshi.ledger.acts import action
from hikeshi.retention import actions as retention
from hikeshi.retention import queries as kept


@action
def hold_record(*, by: Actor, ref: str, reason: str) -> Incident:
    """For a court, an authority, an insurer. Raises NotFound, NotAllowed, Invalid."""
    incident = saving.hold(by, ref, Verb.COMMAND, merged_too=True)
    why = saving.say(incident, "reason", saving.words(reason, "reason"))

    world = World(incident.world)
    retention.place_hold(by=by, subject=incident.subject, reason=why.passage, world=world)
    saving.save(incident)
    saving.tell(incident, by, facts.DeletionHeld(incident=incident.uuid, reason=why))
    return incident


@action
def release_record(*, by: Actor, ref: str, reason: str) -> Incident:
    """Its periods count again, from the release on: what is over goes no sooner than they say. Raises NotFound,
    NotAllowed, Invalid.
    """
    incident = saving.hold(by, ref, Verb.COMMAND, merged_too=True)
    why = saving.say(incident, "reason", saving.words(reason, "reason"))

    retention.lift_hold(by=by, subject=incident.subject, world=World(incident.world))
    saving.save(incident)
    saving.tell(incident, by, facts.DeletionReleased(incident=incident.uuid, reason=why))
    return incident


def must_not_be_held(incident: Incident) -> None:
    """Part of verbs that take something away for good. Raises Invalid."""
    if kept.hold_on(incident.subject) is not None:
        raise Invalid("reason", "held")

"""Urgency as the assets that are hit ask for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from hikeshi.assets.models import Asset
from hikeshi.incidents import facts, matrix, urgency
from hikeshi.incidents.actions import saving
from hikeshi.incidents.codes import Status
from hikeshi.incidents.models import Incident, LinkedAsset
from hikeshi.incidents.queries.matrix import matrix as matrix_in_force
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import NotAllowed
from hikeshi.ledger.acts import action


@dataclass(frozen=True, slots=True)
class Hit:
    """The gravest asset in use that is hit, and all their criticalities."""

    gravest: Asset | None
    levels: tuple[int, ...]


def hit(incident: Incident) -> Hit:
    rows = LinkedAsset.objects.filter(incident=incident, removed_at__isnull=True, asset__retired_at__isnull=True)
    found = [one.asset for one in rows.select_related("asset").order_by("-asset__criticality", "id")]
    return Hit(found[0] if found else None, tuple(one.criticality for one in found))


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person's word on the urgency comes to. ``overrules``: it is less than an asset asks for."""

    urgency: int
    overrules: bool
    columns: Mapping[str, object]


def asked_anew(incident: Incident, said: int) -> Asked:
    """The urgency that is shown, sent back unchanged, is not a word of its own."""
    now = hit(incident)
    worst = max(now.levels, default=0)
    asked, waived, overrules = incident.urgency_asked, incident.waived, False
    if said != incident.urgency:
        least = urgency.floor(worst)
        overrules = least is not None and said > least
        asked, waived = said, worst if overrules else 0
    weighed = urgency.weigh(asked, now.levels, waived)
    raiser = now.gravest if weighed.raised_at else None
    return Asked(weighed.urgency, overrules, {"urgency_asked": asked, "waived": waived, "raised_by": raiser})


def weigh(incident: Incident, by: Actor) -> None:
    """After what is hit has changed: raises the urgency or puts it back, by the rule. A priority set by hand stays."""
    if incident.status == Status.CLOSED:
        return
    now = hit(incident)
    weighed = urgency.weigh(incident.urgency_asked, now.levels, incident.waived)
    raiser = now.gravest if weighed.raised_at else None
    was = incident.urgency
    if (weighed.urgency, raiser) == (was, incident.raised_by):
        return

    in_force = matrix_in_force()
    decided = matrix.decide(in_force.grid, impact=incident.impact, effect=incident.effect, urgency=weighed.urgency)
    if incident.priority_reason in matrix.STANDING:
        decided = matrix.Decision(incident.priority, matrix.PriorityReason(incident.priority_reason))
    saving.save(
        incident,
        urgency=weighed.urgency,
        raised_by=raiser,
        priority=decided.priority,
        priority_reason=decided.reason,
        matrix=in_force.number,
    )
    levels = {"urgency": weighed.urgency, "was": was, "priority": decided.priority, "matrix": in_force.number}
    if raiser is not None:
        raised = facts.UrgencyRaised(
            incident=incident.uuid,
            asset=raiser.uuid,
            criticality=raiser.criticality,
            priority_reason=decided.reason,
            **levels,
        )
        saving.tell(incident, by, raised)
    elif was != weighed.urgency:
        saving.tell(incident, by, facts.UrgencyEased(incident=incident.uuid, priority_reason=decided.reason, **levels))


def say_priority(incident: Incident, by: Actor, priority: int, reason: matrix.PriorityReason) -> None:
    """Part of what decides it for another reason than the three levels, which stay as they are."""
    was = incident.priority
    saving.save(incident, priority=priority, priority_reason=reason)
    fact = facts.PriorityChanged(
        incident=incident.uuid,
        impact=incident.impact,
        effect=incident.effect,
        urgency=incident.urgency,
        priority=priority,
        was=was,
        priority_reason=reason,
        matrix=incident.matrix,
    )
    saving.tell(incident, by, fact)


@action
def weigh_asset(*, by: Actor, asset: UUID) -> None:
    """After an asset became graver or lighter, or went out of use: the open records it is linked to are weighed anew.
    For the desk's own loop. Raises NotAllowed.
    """
    if not by.unlimited:
        raise NotAllowed("incidents.weigh_asset")
    linked = LinkedAsset.objects.filter(asset__uuid=asset, removed_at__isnull=True).values("incident")
    going = Incident.objects.select_for_update(of=("self",)).filter(pk__in=linked).exclude(status=Status.CLOSED)
    for incident in going.order_by("pk"):
        weigh(incident, by)

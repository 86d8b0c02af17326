"""What whoever answers for the site needs at a glance. However many records: the same number of queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Count, F, Q

from hikeshi.figures.asking import GRAVE
from hikeshi.figures.permissions import Verb
from hikeshi.incidents import queries as incidents
from hikeshi.incidents.codes import PhaseState
from hikeshi.incidents.gates import At
from hikeshi.incidents.models import FactItem, Gate, Incident, Phase
from hikeshi.incidents.queries import DecisionView, Hit, Spent
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.worlds import World
from hikeshi.service_levels import queries as service_levels
from hikeshi.service_levels.queries import Chip

MOST: Final = 20
SEVERE: Final = 2
STATED: Final = ("damage", "systems", "state")
"""What the facts sheet is asked for."""


@dataclass(frozen=True, slots=True)
class Said:
    """``certainty`` says how sure it is."""

    value: str
    certainty: str


@dataclass(frozen=True, slots=True)
class Burning:
    """``conditions`` wait for people's word before the record can go on. ``hit``: services and systems of ours."""

    record: Incident
    stated: Mapping[str, Said]
    conditions: tuple[str, ...]
    hit: Sequence[Hit]
    spent: Sequence[Spent]
    chip: Chip | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """A question somebody asked about an open record, burning or not."""

    record: Incident
    decision: DecisionView
    may_decide: bool


@dataclass(frozen=True, slots=True)
class Situation:
    """``count`` of all that burns; ``lines`` the gravest of them. ``wanted``: the decisions due first, of so many."""

    lines: tuple[Burning, ...]
    count: int
    wanted: tuple[Wanted, ...]
    wanted_count: int


def burning(by: Actor) -> Situation:
    """Open incidents and accidents, and whatever is of priority 1 or 2, that the reader sees. Raises NotAllowed."""
    by.must(Verb.LEAD)
    seen = incidents.visible(by).exclude(world=World.DRILL).filter(standing=0, merged_into=None)
    severe = seen.filter(Q(record_class__in=GRAVE) | Q(priority__lte=SEVERE))
    records = list(severe.select_related("owner", "organisation").order_by("priority", "opened_at", "pk")[:MOST])
    ids = [one.pk for one in records]
    stated: dict[int, dict[str, Said]] = {one: {} for one in ids}
    for held in FactItem.objects.filter(incident__in=ids, key__in=STATED).exclude(value=""):
        stated[held.incident_id][held.key] = Said(held.value, held.certainty)
    waiting, hit, spent = _conditions(records), incidents.hit_by(by, records), incidents.spent(ids)
    chips = service_levels.chips(records)
    lines = tuple(
        Burning(
            record=one,
            stated=stated[one.pk],
            conditions=tuple(waiting[one.pk]),
            hit=hit.get(one.pk, ()),
            spent=spent.get(one.pk, ()),
            chip=chips.get(one.pk),
        )
        for one in records
    )
    asked, many = incidents.wanted(by, seen, most=MOST)
    return Situation(lines, severe.count(), tuple(Wanted(*one) for one in asked), many)


def _conditions(records: Sequence[Incident]) -> Mapping[int, list[str]]:
    """Two queries: what is asked of people and not said yet, for phases that are still to be started or ended."""
    classes = {one.pk: one.record_class for one in records}
    states = {
        (incident, code): state
        for incident, code, state in Phase.objects.filter(incident__in=classes).values_list("incident", "code", "state")
    }
    said = Count("confirmations", filter=Q(confirmations__void_at=None))
    open_gates = Gate.objects.filter(incident__in=classes, met_at=None, overridden_at=None, withdrawn_at=None)
    found: dict[int, list[str]] = {one: [] for one in classes}
    for gate in open_gates.annotate(said=said).filter(people__gt=F("said")).order_by("place", "pk"):
        ahead = _AHEAD[At(gate.at)]
        fits = not gate.classes or classes[gate.incident_id] in gate.classes
        if fits and (gate.at == At.CLOSE or states.get((gate.incident_id, gate.phase)) in ahead):
            found[gate.incident_id].append(gate.code)
    return found


_AHEAD: Final = {
    At.START: frozenset({PhaseState.PENDING}),
    At.END: frozenset({PhaseState.PENDING, PhaseState.OPEN}),
    At.CLOSE: frozenset(PhaseState),
}

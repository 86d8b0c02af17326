"""Who has a record open now: for whoever sees the record, and nobody else."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from hikeshi.incidents.models import Incident, Presence
from hikeshi.incidents.queries.lists import incident as find
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor

THERE: Final = timedelta(seconds=50)
"""A page says it every 20 seconds: two may be lost on the way."""
SHOWN: Final = 12
EVERYBODY: Final = 500


@dataclass(frozen=True, slots=True)
class Looker:
    name: str
    typing: bool


@dataclass(frozen=True, slots=True)
class Present:
    """Without the reader. Who types comes first; ``more`` are not named."""

    lookers: Sequence[Looker]
    more: int


def present(by: Actor, ref: str) -> Present:
    """Raises NotFound."""
    return present_at(by, find(by, ref))


def present_at(by: Actor, record: Incident) -> Present:
    """The same for a record this reader has just found. One query."""
    since = clock.now() - THERE
    rows = Presence.objects.filter(incident=record, seen_at__gt=since).exclude(person=by.person_id or 0)
    found = [
        Looker(name, typing is not None and typing > since)
        for name, typing in rows.order_by("person__name", "pk").values_list("person__name", "typing_at")[:EVERYBODY]
    ]
    found.sort(key=lambda one: not one.typing)
    return Present(found[:SHOWN], max(len(found) - SHOWN, 0))


def present_in(by: Actor, records: Sequence[Incident]) -> Mapping[int, Sequence[str]]:
    """Of the records of one page, which this reader sees: the names of who else is there. One query."""
    wanted = [one.pk for one in records]
    rows = Presence.objects.filter(incident__in=wanted, seen_at__gt=clock.now() - THERE)
    there = rows.exclude(person=by.person_id or 0).order_by("person__name", "pk")
    found: dict[int, list[str]] = defaultdict(list)
    for place, name in there.values_list("incident", "person__name")[:EVERYBODY]:
        if len(found[place]) < SHOWN:
            found[place].append(name)
    return dict(found)

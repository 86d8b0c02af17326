"""The call sheet of an organisation: whom to call, in which order, for the night when the network is down."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Prefetch

from hikeshi.accounts import contacts
from hikeshi.accounts.models import CallLine, Grant, Organisation, Party, PartyKind, Person, StoredWay
from hikeshi.accounts.permissions import Verb
from hikeshi.accounts.ways import Kind
from hikeshi.kernel.acting import Actor

FIRST: Final = ("commander", "manager", "administrator")
"""Whose people a sheet begins with that nobody has put in an order."""
MOST_PEOPLE: Final = 8
MOST_PARTIES: Final = 10
SPOKEN: Final = frozenset({Kind.PHONE, Kind.SMS, Kind.MAIL})
"""What still works from a mobile telephone when the network is down; the rest is of no use on paper."""


@dataclass(frozen=True, slots=True)
class Called:
    """``kind`` is the party's; empty for a person."""

    owner: str
    name: str
    kind: str
    duty: str
    purpose: str
    hours: str
    zone: str
    deputy: str
    active: bool
    ways: tuple[StoredWay, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """``proposed``: nobody has chosen an order yet, so the desk proposes one."""

    organisation: Organisation
    called: tuple[Called, ...]
    proposed: bool


def sheet(by: Actor, place: Organisation) -> Sheet:
    """Some six queries, however many lines. Raises NotAllowed."""
    by.must(Verb.VIEW, place.pk)
    lines = list(CallLine.objects.filter(organisation=place))
    people = _people(one.person_id for one in lines)
    parties = _parties(one.party_id for one in lines)
    called = [
        _person(people[one.person_id], one.purpose)
        if one.person_id
        else _party(parties[one.party_id or 0], one.purpose)
        for one in lines
    ]
    return Sheet(place, tuple(called) or _proposed(by, place), proposed=not lines)


def lines_of(place: Organisation) -> Sequence[CallLine]:
    return list(CallLine.objects.filter(organisation=place).select_related("person", "party__under"))


def _people(wanted: Iterable[int | None]) -> dict[int, Person]:
    rows = Person.objects.filter(pk__in=[one for one in wanted if one is not None])
    return {one.pk: one for one in rows.select_related("card__deputy").prefetch_related("ways")}


def _parties(wanted: Iterable[int | None]) -> dict[int, Party]:
    desks = Party.objects.filter(retired_at=None).order_by("position", "id").prefetch_related("ways")
    rows = Party.objects.filter(pk__in=[one for one in wanted if one is not None])
    found = rows.select_related("deputy", "under").prefetch_related("ways", Prefetch("desks", queryset=desks))
    return {one.pk: one for one in found}


def _person(one: Person, purpose: str = "") -> Called:
    card = getattr(one, "card", None)
    deputy = card.deputy.name if card and card.deputy and card.deputy.is_active else ""
    return Called(
        owner=f"person:{one.uuid}",
        name=one.name,
        kind="",
        duty=card.duty if card else "",
        purpose=purpose,
        hours=card.hours if card else "",
        zone=one.time_zone,
        deputy=deputy,
        active=one.is_active,
        ways=_spoken(one.ways.all()),
    )


def _party(one: Party, purpose: str = "") -> Called:
    """Its own ways, then those of its desks."""
    ways = [*one.ways.all(), *(way for desk in one.desks.all() for way in desk.ways.all())]
    above = one.under
    return Called(
        owner=one.ref,
        name=f"{above.name} {one.name}" if above else one.name,
        kind=one.kind,
        duty=one.duty,
        purpose=purpose,
        hours=one.hours,
        zone=one.time_zone,
        deputy=one.deputy.name if one.deputy and one.deputy.retired_at is None else "",
        active=one.retired_at is None and (above is None or above.retired_at is None),
        ways=_spoken(ways),
    )


def _spoken(ways: Iterable[StoredWay]) -> tuple[StoredWay, ...]:
    """What can be called first, then what can be written to."""
    found = [one for one in ways if one.kind in SPOKEN]
    return tuple(sorted(found, key=lambda one: one.kind == Kind.MAIL))


def _proposed(by: Actor, place: Organisation) -> tuple[Called, ...]:
    above = [int(step) for step in place.path.strip("/").split("/") if step]
    held = Grant.objects.filter(organisation__in=above, role__code__in=FIRST, person__is_active=True)
    ranked: dict[int, int] = {}
    for person, role in held.order_by("person__name").values_list("person_id", "role__code"):
        ranked[person] = min(ranked.get(person, len(FIRST)), FIRST.index(role))
    first = sorted(ranked, key=lambda one: ranked[one])[:MOST_PEOPLE]
    people = _people(first)
    seen = contacts.parties(by).filter(organisation__in=above).values_list("pk", "kind", "name")
    order = list(PartyKind.values)
    chosen = sorted(seen, key=lambda one: (order.index(one[1]), one[2]))[:MOST_PARTIES]
    parties = _parties(one[0] for one in chosen)
    return (*(_person(people[one]) for one in first), *(_party(parties[one[0]]) for one in chosen))

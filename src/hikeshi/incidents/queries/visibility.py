"""Who sees which incident. Every read and every act starts from here."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Generic, TypeVar, cast

from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from hikeshi.incidents.models import Incident, Participant
from hikeshi.incidents.permissions import Verb
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.prepared import Prepared, Value
from hikeshi.ledger import access
from hikeshi.ledger.models import Reading

NOTED_AGAIN = timedelta(minutes=10)
Row = TypeVar("Row")


def memberships(person_id: int, now: datetime | None = None) -> QuerySet[Participant]:
    """Where the person takes part now; broken glass mends itself when its time is over."""
    standing = Q(until__isnull=True) | Q(until__gt=now or clock.now())
    return Participant.objects.filter(standing, person_id=person_id)


def members(incident: Incident) -> frozenset[int]:
    """Ids of the people who see a restricted incident for good: glass broken for an hour opens the room, not the
    alert queue.
    """
    people = set(Participant.objects.filter(incident=incident, until=None).values_list("person_id", flat=True))
    return frozenset(people | ({incident.owner_id} if incident.owner_id else set()))


def visible(by: Actor) -> QuerySet[Incident]:
    """Incidents of organisations the actor may look at, unless restricted; and those they own or take part in."""
    if by.unlimited:
        return Incident.objects.all()
    return _seen(by.organisations(Verb.VIEW), by.person_id, clock.now())


def _seen(organisations: Collection[int], person: int | None, now: datetime) -> QuerySet[Incident]:
    seen = Q(organisation__in=organisations, restricted=False)
    if person is not None:
        mine = memberships(person, now).filter(incident=OuterRef("pk"))
        seen |= Q(owner=person) | Q(Exists(mine))
    return Incident.objects.filter(seen)


class Seen(Generic[Row]):
    """A question about what somebody sees, worked out once for readers of one shape: so many organisations (the next
    power of two, so that shapes are few), with a person or without, or without any limit.

    ``narrow`` makes it of the visible rows and of the values of ``kinds``.
    """

    def __init__(self, narrow: Callable[..., QuerySet[Model, Row]], **kinds: type[Value]) -> None:
        self._narrow = narrow
        self._kinds = kinds
        self._made: dict[tuple[str, ...], Prepared[Row]] = {}

    def __call__(self, by: Actor, **values: Value) -> list[Row]:
        who = {} if by.unlimited else _values_of(by)
        if not who and not by.unlimited:
            return []
        shape = tuple(who)
        found = self._made.get(shape)
        if found is None:
            kinds: dict[str, type[Value]] = {name: type(value) for name, value in who.items()}
            found = self._made[shape] = Prepared(self._build(shape), **kinds, **self._kinds)
        return found(**who, **values)

    def _build(self, shape: tuple[str, ...]) -> Callable[..., QuerySet[Model, Row]]:
        places = [name for name in shape if name.startswith("place")]

        def build(**values: Value) -> QuerySet[Model, Row]:
            who = {name: values.pop(name) for name in shape}
            if not shape:
                return self._narrow(Incident.objects.all(), **values)
            held = cast("list[int]", [who[name] for name in places])
            person, now = cast("int | None", who.get("person")), cast("datetime", who.get("now"))
            return self._narrow(_seen(held, person, now), **values)

        return build


def _values_of(by: Actor) -> dict[str, Value]:
    """What ``_seen`` is asked with; nothing for who sees nothing."""
    places = sorted(by.organisations(Verb.VIEW))
    many = 1 << (len(places) - 1).bit_length() if places else 0
    who: dict[str, Value] = {f"place{number}": place for number, place in enumerate(places)}
    who |= {f"place{number}": places[-1] for number in range(len(places), many)}
    return who | ({"person": by.person_id, "now": clock.now()} if by.person_id is not None else {})


def hidden_subjects(by: Actor) -> list[str]:
    """Restricted records that the actor does not see: what others keep about them is not theirs to see either."""
    if by.unlimited:
        return []
    hidden = Incident.objects.filter(restricted=True).exclude(pk__in=visible(by).filter(restricted=True).values("pk"))
    return [f"incident:{uuid}" for uuid in hidden.values_list("uuid", flat=True)]


def note_reading(by: Actor, record: Incident, what: str) -> None:
    """Into the access log, where the record is restricted; an open page that refreshes itself is one reading."""
    if not record.restricted:
        return
    lately = Reading.objects.filter(subject=record.subject, at__gt=clock.now() - NOTED_AGAIN)
    if not lately.filter(actor=by.ref, what=what).exists():
        access.note_reading(by=by, subject=record.subject, what=what)

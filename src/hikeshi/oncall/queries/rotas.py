"""Rotas as they are read: who is on call, now and over time. However many are asked for, the queries are as many."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from hikeshi.accounts import hours
from hikeshi.accounts import queries as accounts
from hikeshi.accounts.models import Calendar, Organisation, Person
from hikeshi.calendars.calendar import Calendar as Pure
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.prepared import Prepared
from hikeshi.kernel.refusals import NotFound
from hikeshi.oncall import rota as pure
from hikeshi.oncall import terms
from hikeshi.oncall.models import Absence, Cover
from hikeshi.oncall.models import Rota as Rota  # handed on, for surfaces to name what they are given
from hikeshi.oncall.permissions import Verb
from hikeshi.oncall.terms import Terms


def rotas(by: Actor, verb: str = Verb.VIEW, *, retired: bool | None = False) -> QuerySet[Rota]:
    """Rotas of organisations the verb is held for. Raises NotAllowed."""
    by.must(verb)
    rows = Rota.objects.select_related("organisation")
    rows = rows if by.unlimited else rows.filter(organisation__in=by.organisations(verb))
    return rows if retired is None else rows.filter(retired_at__isnull=not retired)


def rota(by: Actor, uuid: UUID, verb: str = Verb.VIEW) -> Rota:
    """In use or not. Raises NotAllowed, NotFound."""
    found = rotas(by, verb, retired=None).filter(uuid=uuid).first()
    if found is None:
        raise NotFound("rota")
    return found


def unsaved(by: Actor, organisation: UUID, time_zone: str) -> Rota:
    """A rota to look at before it is one. Raises NotAllowed, NotFound."""
    by.must(Verb.MANAGE)
    return Rota(organisation=accounts.organisation(by, organisation, Verb.MANAGE), time_zone=time_zone, version=0)


def terms_of(row: Rota) -> Terms:
    return Terms(row.name, row.time_zone, terms.read(row.layers), row.note, terms.read_promise(row.promise))


def plans(rows: Sequence[Rota], since: datetime, until: datetime) -> dict[UUID, pure.Rota]:
    """The pure rotas of these rows, good for that time."""
    return planned({row.uuid: (row, terms_of(row)) for row in rows}, since, until)


def planned(said: Mapping[UUID, tuple[Rota, Terms]], since: datetime, until: datetime) -> dict[UUID, pure.Rota]:
    """As ``plans``, as if each rota said these terms: for looking before saving."""
    covers = _covers([row.pk for row, _ in said.values() if row.pk], since, until)
    named = {person for _, words in said.values() for person in terms.people_of(words)}
    named |= {UUID(one.person.removeprefix("person:")) for many in covers.values() for one in many}
    absences, there = _absences(named, since, until)
    calendars = _calendars([row.organisation for row, _ in said.values()], [words for _, words in said.values()])
    refs = {f"person:{uuid}" for uuid in named}
    return {
        uuid: pure.Rota(
            tuple(terms.layer(one, calendars[one.calendar or row.organisation.uuid]) for one in words.layers),
            tuple(covers.get(row.pk, ())),
            absences,
            frozenset(refs - there),
            terms.limits(words.promise, words.time_zone, calendars[words.promise.calendar or row.organisation.uuid]),
        )
        for uuid, (row, words) in said.items()
    }


def _covers(rotas: Sequence[int], since: datetime, until: datetime) -> dict[int, list[pure.Cover]]:
    rows = Cover.objects.filter(rota__in=rotas, begins_at__lt=until, ends_at__gt=since).order_by("pk")
    found: dict[int, list[pure.Cover]] = defaultdict(list)
    for pk, uuid, begins, ends, person in rows.values_list("rota", "uuid", "begins_at", "ends_at", "person__uuid"):
        found[pk].append(pure.Cover(str(uuid), begins, ends, f"person:{person}"))
    return found


def _absences(people: Iterable[UUID], since: datetime, until: datetime) -> tuple[tuple[pure.Absence, ...], set[str]]:
    """Absences of these people and of their substitutes; and who of all of them can still be called."""
    near = Absence.objects.filter(begins_at__lt=until, ends_at__gt=since).order_by("pk")
    rows = list(near.values_list("person__uuid", "begins_at", "ends_at", "substitute__uuid"))
    wanted = set(people) | {substitute for *_, substitute in rows if substitute}
    active = Person.objects.filter(uuid__in=wanted, is_active=True).values_list("uuid", flat=True)
    there = {f"person:{uuid}" for uuid in active}
    found = tuple(
        pure.Absence(f"person:{person}", begins, ends, _there(substitute, there))
        for person, begins, ends, substitute in rows
        if person in wanted
    )
    return found, there


def _there(substitute: UUID | None, there: set[str]) -> str:
    """A substitute who has left the desk is none."""
    ref = f"person:{substitute}"
    return ref if substitute and ref in there else ""


_KEEPING = Prepared(lambda: Organisation.objects.filter(calendar__isnull=False).select_related("calendar"))


def _calendars(places: Sequence[Organisation], said: Sequence[Terms]) -> dict[UUID, Pure]:
    """By their uuid, and by that of the organisation which keeps them."""
    named = {one for words in said for one in terms.calendars_of(words)}
    found = {row.uuid: hours.read(row) for row in Calendar.objects.filter(uuid__in=named)} if named else {}
    kept = {place.path: hours.read(place.calendar) for place in _KEEPING() if place.calendar}
    standard = accounts.standard_calendar()
    for place in places:
        above = [path for path in kept if place.path.startswith(path)]
        found[place.uuid] = kept[max(above, key=len)] if above else standard
    for uuid in named - found.keys():
        found[uuid] = standard  # removed since; its holidays are those of everybody else
    return found


def calendar_name(calendar: UUID | None) -> str:
    """Of the calendar that a rota names; empty where it names none, or it was removed."""
    return (
        "" if calendar is None else Calendar.objects.filter(uuid=calendar).values_list("name", flat=True).first() or ""
    )


def ref_of(row: Rota) -> str:
    return f"rota:{row.uuid}"


def _named(rota: str) -> Rota | None:
    """By ``rota:<uuid>`` or its uuid; for the desk itself, so nobody is asked for rights."""
    try:
        wanted = UUID(rota.removeprefix("rota:"))
    except ValueError:
        return None
    return Rota.objects.filter(uuid=wanted, retired_at__isnull=True).select_related("organisation").first()


def on_call_now(rota: str, at: datetime) -> tuple[str, ...]:
    """Person refs; empty where nobody is: a gap, a rota put out of use, no such rota. For the engine."""
    row = _named(rota)
    if row is None:
        return ()
    plan = plans([row], at, at + pure.MOMENT)[row.uuid]
    return tuple(watch.person for watch in pure.on_call(plan, at))


def watch(rota: str, since: datetime, until: datetime) -> tuple[pure.Watch, ...]:
    """Every moment between, gaps among them; empty where there is no such rota. For the engine."""
    row = _named(rota)
    return () if row is None else pure.watches(plans([row], since, until)[row.uuid], since, until)


def name_of(rota: str) -> str:
    """For messages of the engine; empty where there is none of that ref."""
    row = _named(rota)
    return row.name if row else ""

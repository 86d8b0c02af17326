"""Rotas: said, said anew, put out of use and in use again."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from hikeshi.accounts import names, zones
from hikeshi.accounts import queries as accounts
from hikeshi.accounts.models import Calendar, Person
from hikeshi.calendars.hours import Unreadable
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.facts import commit
from hikeshi.kernel.refusals import Invalid
from hikeshi.kernel.texts import words
from hikeshi.kernel.versions import must_be_current
from hikeshi.ledger.acts import action, record
from hikeshi.oncall import terms
from hikeshi.oncall.facts import rotas as facts
from hikeshi.oncall.models import Rota, RotaVersion
from hikeshi.oncall.permissions import Verb
from hikeshi.oncall.queries import rotas
from hikeshi.oncall.terms import ALWAYS, LayerTerms, Promise, Terms

TOPICS = ("oncall",)
LONGEST_NAME = 200
LONGEST_NOTE = 2_000
LONGEST_WHY = 500


@action
def add_rota(
    *,
    by: Actor,
    organisation: UUID,
    name: str,
    time_zone: str,
    layers: Sequence[LayerTerms] = (),
    note: str = "",
    promise: Promise = ALWAYS,
) -> Rota:
    """Raises NotAllowed, NotFound, Invalid (``layers.<number>.<field>`` for what a layer says)."""
    by.must(Verb.MANAGE)
    place = accounts.organisation(by, organisation, Verb.MANAGE)
    if place.retired_at is not None:
        raise Invalid("organisation", "is_retired")
    row = Rota(organisation=place, version=0)
    said = checked(by, row, Terms(name, time_zone, tuple(layers), note, promise))
    _keep(by, row, said, "")
    return row


@action
def edit_rota(
    *,
    by: Actor,
    rota: UUID,
    name: str,
    time_zone: str,
    layers: Sequence[LayerTerms],
    note: str = "",
    promise: Promise = ALWAYS,
    why: str = "",
    version: int | None = None,
) -> Rota:
    """Keeps a new version, which counts from now on. ``version`` is the number that was read; None saves over whatever
    stands. Raises NotAllowed, NotFound, Invalid, Conflict.
    """
    rotas.rota(by, rota, Verb.MANAGE)
    row = Rota.objects.select_for_update().select_related("organisation").get(uuid=rota)
    was = rotas.terms_of(row)
    said = checked(by, row, Terms(name, time_zone, tuple(layers), note, promise))
    known = accounts.names_of([f"person:{uuid}" for uuid in terms.people_of(was) | terms.people_of(said)])
    must_be_current(read=version, now=row.version, yours=terms.texts(said, known), theirs=terms.texts(was, known))
    if said != was:
        _keep(by, row, said, words(why, field="why", most=LONGEST_WHY, required=False))
    return row


@action
def retire_rota(*, by: Actor, rota: UUID) -> Rota:
    """Nobody is on call by it any more; what it said stays. Raises NotAllowed, NotFound."""
    row = rotas.rota(by, rota, Verb.MANAGE)
    if row.retired_at is not None:
        return row
    row.retired_at = clock.now()
    row.save(update_fields=["retired_at"])
    record(facts.RotaRetired(rota=row.uuid), subject=rotas.ref_of(row), by=by, topics=TOPICS)
    return row


@action
def take_up_rota(*, by: Actor, rota: UUID) -> Rota:
    """Raises NotAllowed, NotFound."""
    row = rotas.rota(by, rota, Verb.MANAGE)
    if row.retired_at is None:
        return row
    row.retired_at = None
    row.save(update_fields=["retired_at"])
    record(facts.RotaTakenUp(rota=row.uuid), subject=rotas.ref_of(row), by=by, topics=TOPICS)
    return row


def checked(by: Actor, row: Rota, said: Terms) -> Terms:
    """What was typed, in its one spelling, as it would be kept; nothing is. Raises Invalid."""
    if len(said.layers) > terms.MOST_LAYERS:
        raise Invalid("layers", "too_many", limit=terms.MOST_LAYERS)
    tidy = Terms(
        names.title(said.name),
        zones.proper(said.time_zone),
        tuple(_layer(number, one) for number, one in enumerate(said.layers)),
        words(said.note, field="note", most=LONGEST_NOTE, required=False),
        _promise(said.promise),
    )
    _must_be_known(by, row, tidy)
    if Rota.objects.filter(organisation=row.organisation, name=tidy.name).exclude(pk=row.pk).exists():
        raise Invalid("name", "taken")
    return tidy


def _layer(number: int, said: LayerTerms) -> LayerTerms:
    said = replace(said, zone=zones.proper(said.zone, f"layers.{number}.zone"))
    try:
        terms.check(number, said)
    except terms.Unsayable as error:
        raise Invalid(f"layers.{number}.{error.field}", error.reason, **error.params) from error
    name = words(said.name, field=f"layers.{number}.name", most=LONGEST_NAME, required=False)
    return replace(terms.tidy(said), name=name)


def _promise(said: Promise) -> Promise:
    try:
        return terms.tidy_promise(said)
    except Unreadable as error:
        raise Invalid(f"promise.day_{max(error.line, 1)}", error.fault) from error


def _must_be_known(by: Actor, row: Rota, said: Terms) -> None:
    """People the writer may see, or who stand in the rota already; calendars there are."""
    before = terms.people_of(rotas.terms_of(row)) if row.pk else frozenset()
    wanted = terms.people_of(said)
    seen = set(accounts.people(by).filter(uuid__in=wanted).values_list("uuid", flat=True))
    seen |= set(Person.objects.filter(uuid__in=wanted & before).values_list("uuid", flat=True))
    there = set(Calendar.objects.filter(uuid__in=terms.calendars_of(said)).values_list("uuid", flat=True))
    for number, one in enumerate(said.layers):
        if set(one.people) - seen:
            raise Invalid(f"layers.{number}.people", "unknown")
        if one.calendar and one.calendar not in there:
            raise Invalid(f"layers.{number}.calendar", "unknown")
    if said.promise.calendar and said.promise.calendar not in there:
        raise Invalid("promise.calendar", "unknown")


def _keep(by: Actor, row: Rota, said: Terms, why: str) -> None:
    row.name, row.note, row.time_zone = said.name, said.note, said.time_zone
    row.layers, row.promise = terms.kept(said.layers), terms.kept_promise(said.promise)
    row.version += 1
    row.save()
    RotaVersion.objects.create(
        rota=row,
        number=row.version,
        name=row.name,
        note=row.note,
        time_zone=row.time_zone,
        layers=row.layers,
        promise=row.promise,
        why=why,
        made_by=by.ref,
        at=clock.now(),
    )
    fact = facts.RotaSaved(
        rota=row.uuid,
        organisation=row.organisation.uuid,
        number=row.version,
        content=commit(terms.digest(said), row.secret),
    )
    record(fact, subject=rotas.ref_of(row), by=by, topics=TOPICS)

"""Conditions as the database is asked them. What the reader may not see is left out before any of this counts.

Cost: what is now stands in indexed columns. What was is looked up in the stays by value or by time; where it hits few
records they are named, where it hits some they are gathered once, where it hits many each row met on the way is asked
of the index. Words are looked for in one
pass over the titles, as in the list's own box.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet

from hikeshi.accounts import queries as accounts
from hikeshi.accounts.models import Membership, Organisation, Person
from hikeshi.incidents import names
from hikeshi.incidents.codes import PhaseState, RecordClass, Status, Waiting
from hikeshi.incidents.matrix import PRIORITIES
from hikeshi.incidents.models import STANDING, Incident, Phase
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.gathering import few_or_each, records_of
from hikeshi.kernel.lettering import holding
from hikeshi.kernel.refusals import Invalid
from hikeshi.kernel.worlds import World
from hikeshi.lists.conditions import FIELD, Condition, Conditions, as_uuid
from hikeshi.lists.fields import Field, Op
from hikeshi.lists.models import Stay
from hikeshi.lists.periods import Period, span
from hikeshi.lists.queries.answered import answered
from hikeshi.service_levels.models import Track

ME: Final = "me"
NOBODY: Final = "none"


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks, and when that is to them."""

    by: Actor
    now: datetime
    zone: tzinfo


def narrowed(rows: QuerySet[Incident], asked: Conditions, *, by: Actor, zone: tzinfo) -> QuerySet[Incident]:
    """Of ``rows``, which hold only what the actor may see, those that the conditions mean. Raises Invalid."""
    if not asked:
        return rows
    asking = Asking(by, clock.now(), zone)
    wanted = Q(pk__in=[])
    for alternative in asked.alternatives:
        part = Q()
        for one in alternative:
            part &= _meant(one, asking)
        wanted |= part
    return rows.filter(wanted)


def _meant(one: Condition, asking: Asking) -> Q:
    if one.taking.when:
        return _remembered(one, asking)
    return _NOW[one.field](one, asking)


def codes_of(field: Field) -> Sequence[str]:
    """What a field of fixed choices can be; empty where the choices are people or places."""
    known = names.in_use()
    every: dict[Field, Sequence[str]] = {
        Field.PRIORITY: [str(one) for one in PRIORITIES],
        Field.STATUS: [*Status],
        Field.PHASE: list(known.courses.phases),
        Field.KIND: list(known.kinds),
        Field.CLASS: [*RecordClass],
        Field.WAITING: [*Waiting, NOBODY],
        Field.WORLD: [*World],
    }
    return every.get(field, ())


def _coded(one: Condition) -> list[str]:
    known = codes_of(one.field)
    for value in one.values:
        if value not in known:
            raise Invalid(FIELD, "condition_value", piece=one.text[:80])
    return list(one.values)


def _either(one: Condition, wanted: Q) -> Q:
    return ~wanted if one.op in {Op.NOT, Op.LACKS} else wanted


def _priority(one: Condition, asking: Asking) -> Q:
    levels = [int(value) for value in _coded(one)]
    return Q(priority__lte=levels[0]) if one.op == Op.TO else _either(one, Q(priority__in=levels))


def _status(one: Condition, asking: Asking) -> Q:
    return _either(one, Q(standing__in=[STANDING[Status(value)] for value in _coded(one)]))


def _phase(one: Condition, asking: Asking) -> Q:
    going = Phase.objects.filter(code__in=_coded(one), state=PhaseState.OPEN, in_course=True)
    return _either(one, Q(pk__in=going.values("incident")))


def _kind(one: Condition, asking: Asking) -> Q:
    return _either(one, Q(kind__in=_coded(one)))


def _class(one: Condition, asking: Asking) -> Q:
    return _either(one, Q(record_class__in=_coded(one)))


def _waiting(one: Condition, asking: Asking) -> Q:
    return _either(one, Q(waiting__in=["" if value == NOBODY else value for value in _coded(one)]))


def _world(one: Condition, asking: Asking) -> Q:
    return _either(one, Q(world__in=_coded(one)))


def people_meant(one: Condition, by: Actor) -> tuple[QuerySet[Person], bool]:
    """Whom an owner condition names (``me``, uuids, user names), and whether it means nobody too."""
    uuids: list[UUID] = []
    called: list[str] = []
    for value in one.values:
        if value in {ME, NOBODY}:
            continue
        found = as_uuid(value)
        if found is None:
            called.append(value)
        else:
            uuids.append(found)
    wanted = Q(uuid__in=uuids) | Q(username__in=[Person.normalize_username(value) for value in called])
    if ME in one.values and by.person_id is not None:
        wanted |= Q(pk=by.person_id)
    return Person.objects.filter(wanted), NOBODY in one.values


def _owner(one: Condition, asking: Asking) -> Q:
    people, nobody = people_meant(one, asking.by)
    owned = Q(owner__in=list(people.values_list("pk", flat=True)))
    wanted = owned | Q(owner__isnull=True) if nobody else owned
    if one.op != Op.NOT:
        return wanted
    return ~owned & Q(owner__isnull=False) if nobody else ~owned | Q(owner__isnull=True)


def _team(one: Condition, asking: Asking) -> Q:
    known = accounts.teams(asking.by).filter(uuid__in=_uuids(one))
    members = Membership.objects.filter(team__in=known.order_by().values("pk")).values("person")
    owned = Q(owner__in=members)
    return ~owned | Q(owner__isnull=True) if one.op == Op.NOT else owned


def _uuids(one: Condition) -> list[UUID]:
    found = [as_uuid(value) for value in one.values]
    if None in found:
        raise Invalid(FIELD, "condition_value", piece=one.text[:80])
    return [value for value in found if value is not None]


def _organisation(one: Condition, asking: Asking) -> Q:
    """With all that lies below."""
    inside = Q(pk__in=[])
    for path in Organisation.objects.filter(uuid__in=_uuids(one)).values_list("path", flat=True):
        inside |= Q(path__startswith=path)
    return _either(one, Q(organisation__in=Organisation.objects.filter(inside).order_by().values("pk")))


def _left(one: Condition, asking: Asking) -> Q:
    by_then = asking.now + timedelta(hours=one.number if one.op == Op.UNDER else 0)
    due = Track.objects.filter(first_due__lte=by_then)
    if one.op == Op.UNDER:
        due = due.filter(first_due__gt=asking.now)
    return Q(uuid__in=due.values("incident"), standing=0)


def _timed(column: str) -> Callable[[Condition, Asking], Q]:
    def wanted(one: Condition, asking: Asking) -> Q:
        if one.op == Op.LAST:
            return Q(**{f"{column}__gte": asking.now - timedelta(days=one.number)})
        day = datetime.combine(date.fromisoformat(one.values[0]), datetime.min.time(), tzinfo=asking.zone)
        return Q(**{f"{column}__lt" if one.op == Op.BEFORE else f"{column}__gte": day})

    return wanted


def _title(one: Condition, asking: Asking) -> Q:
    found = Q()
    for word in one.values[0].split():
        found &= holding("title", word)
    if one.op == Op.LACKS:
        return ~found
    return few_or_each(Incident.objects.filter(found), "pk", found)


def _answer(one: Condition, asking: Asking) -> Q:
    return _either(one, answered(one))


_NOW: Final[Mapping[Field, Callable[[Condition, Asking], Q]]] = {
    Field.PRIORITY: _priority,
    Field.STATUS: _status,
    Field.PHASE: _phase,
    Field.KIND: _kind,
    Field.CLASS: _class,
    Field.OWNER: _owner,
    Field.TEAM: _team,
    Field.ORGANISATION: _organisation,
    Field.WAITING: _waiting,
    Field.LEFT: _left,
    Field.OPENED: _timed("opened_at"),
    Field.UPDATED: _timed("updated_at"),
    Field.TITLE: _title,
    Field.ANSWER: _answer,
    Field.WORLD: _world,
}


def _remembered(one: Condition, asking: Asking) -> Q:
    time = span(Period(one.period), asking.now, asking.zone)
    stays = Stay.objects.filter(field=one.field.value, since__lt=time.until)
    if one.op == Op.CHANGED:
        stays = stays.filter(first=False, since__gte=time.since)
    else:
        stays = stays.filter(value__in=_remembered_values(one, asking), until__gt=time.since)
    return records_of(stays)


def _remembered_values(one: Condition, asking: Asking) -> list[str]:
    if one.field != Field.OWNER:
        return _coded(one)
    people, nobody = people_meant(one, asking.by)
    refs = [f"person:{uuid}" for uuid in people.values_list("uuid", flat=True)]
    return [*refs, ""] if nobody else refs

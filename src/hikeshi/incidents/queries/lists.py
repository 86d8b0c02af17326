"""Lists of incidents, and how many there are."""

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from hikeshi.accounts.models import Person
from hikeshi.incidents import names, readings, refs
from hikeshi.incidents.codes import BY_RULES, SUSPECTED, PhaseState, RecordClass, Status
from hikeshi.incidents.matrix import PRIORITIES
from hikeshi.incidents.models import STANDING, Incident, Numbering, Phase, Task
from hikeshi.incidents.queries.assets import hitting
from hikeshi.incidents.queries.visibility import Seen, visible
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.gathering import few_or_each
from hikeshi.kernel.lettering import holding
from hikeshi.kernel.refusals import Invalid, NotFound
from hikeshi.kernel.texts import sought
from hikeshi.kernel.worlds import World

ORDERS: Final[Mapping[str, tuple[str, ...]]] = {
    "priority": ("standing", "priority", "-updated_at", "-id"),
    "updated": ("-updated_at", "-id"),
    "newest": ("-id",),
}
"""For ``kernel.paging.paginate``: what burns first, what moved last, what came last."""

ME = "me"
NOBODY = "none"
BADGE = 100
LONGEST_NUMBER = 9


def incidents(
    by: Actor,
    *,
    q: str = "",
    status: str = "",
    phase: str = "",
    reading: str = "",
    kind: str = "",
    record_class: str = "",
    priority: int = 0,
    owner: str = "",
    asset: str = "",
    under: str = "",
    order: str = "priority",
) -> QuerySet[Incident]:
    """What the actor may see. ``owner`` is a user name, ``me`` or ``none``; ``phase`` one that is open now, or a word
    of ``reading`` that stands for several; ``priority`` this one or graver; ``asset`` one that is hit;
    ``under``: what stands under that record.
    Raises Invalid for a code that does not exist.
    """
    _choice("order", order, ORDERS)
    rows = visible(by).select_related("owner", "organisation")
    wanted = {"status": status, "kind": kind, "record_class": record_class}
    for name, code in wanted.items():
        if code:
            rows = _FILTERS[name](rows, code)
    if phase:
        rows = rows.filter(_standing_in(readings.phases(reading, phase)))
    if priority:
        rows = rows.filter(priority__lte=_ranked(priority))
    if owner:
        rows = rows.filter(_owned(by, owner))
    if under:
        rows = rows.filter(parent__in=visible(by).filter(ref=refs.tidy(under)))
    rows = hitting(by, rows, asset) if asset else rows
    rows = _searched(rows, q.strip()) if q.strip() else rows
    return rows.order_by(*ORDERS[order])


def brief(rows: QuerySet[Incident]) -> QuerySet[Incident]:
    """For a list of many: without the organisation, and without the columns only the room shows. Whoever shows one of
    them in a list takes it out of here, or each row asks for it by itself.
    """
    return rows.select_related(None).select_related("owner").defer(*_ROOM_ONLY)


_ROOM_ONLY: Final = (
    "description",
    "class_at",
    "impact",
    "effect",
    "urgency",
    "priority_reason",
    "matrix",
    "tlp",
    "resolution",
    "reopened",
    "version",
    "changed_at",
    "secret",
    *(f"owner__{one}" for one in ("password", "email", "language", "time_zone", "theme", "created_at", "secret")),
)


def _choice(name: str, code: str, known: "Mapping[str, object] | type[Status] | type[RecordClass]") -> str:
    codes = [str(one) for one in known]
    if code not in codes:
        raise Invalid(name, "not_a_choice", choices=", ".join(codes))
    return code


def _ranked(priority: int) -> int:
    if priority not in PRIORITIES:
        raise Invalid("priority", "out_of_range", low=1, high=5)
    return priority


def _by_status(rows: QuerySet[Incident], code: str) -> QuerySet[Incident]:
    return rows.filter(standing=STANDING[Status(_choice("status", code, Status))])


def _standing_in(phases: tuple[str, ...]) -> Q:
    """A record that is a part of another stands nowhere, though its phases stay as they were."""
    going = Phase.objects.filter(code__in=phases, state=PhaseState.OPEN, in_course=True, incident__merged_into=None)
    return Q(pk__in=going.values("incident"))


def _by_kind(rows: QuerySet[Incident], code: str) -> QuerySet[Incident]:
    return rows.filter(kind=_choice("kind", code, names.in_use().kinds))


def _by_class(rows: QuerySet[Incident], code: str) -> QuerySet[Incident]:
    if code == SUSPECTED:
        return rows.filter(standing=STANDING[Status.OPEN], opened_by=BY_RULES, class_by="")
    return rows.filter(record_class=_choice("record_class", code, RecordClass))


_FILTERS: Mapping[str, Callable[[QuerySet[Incident], str], QuerySet[Incident]]] = {
    "status": _by_status,
    "kind": _by_kind,
    "record_class": _by_class,
}


def _owned(by: Actor, owner: str) -> Q:
    if owner == NOBODY:
        return Q(owner__isnull=True)
    if owner == ME:
        return Q(owner=by.person_id) if by.person_id is not None else Q(pk__in=[])
    return Q(owner__username=Person.normalize_username(owner))


def _searched(rows: QuerySet[Incident], words: str) -> QuerySet[Incident]:
    """Few matches are found in one pass over the table and put in order afterwards: walking the index of the
    order would fetch every record from a random place. Many matches are met soon on that walk.
    """
    met = _matches(words)
    return rows.filter(few_or_each(Incident.objects.filter(met), "pk", met))


def _matches(words: str) -> Q:
    """A reference finds its record; other words, all of them, stand somewhere in the title. Raises Invalid."""
    ref = refs.tidy(words)
    if ref:
        return Q(ref=ref)
    found = Q()
    for word in sought(words):
        numbered = Q(ref__contains=word.upper()) if word.isascii() else Q()
        found &= holding("title", word) | numbered
    return found


def incident(by: Actor, ref: str) -> Incident:
    """Raises NotFound, also for a restricted one the actor is no member of."""
    found = visible(by).select_related("owner", "organisation").filter(ref=refs.tidy(ref)).first()
    if found is None:
        raise NotFound("incident")
    return found


def numbered(by: Actor, said: str) -> list[Incident]:
    """Those the actor sees that a reference means, or its last number alone: of each year, the newest first; drills and
    demonstrations after what is real.
    """
    plain = unicodedata.normalize("NFKC", said).strip().lstrip("#")
    ref = refs.tidy(plain)
    if not ref and not (plain.isascii() and plain.isdecimal() and len(plain) <= LONGEST_NUMBER and int(plain)):
        return []
    years = [] if ref else Numbering.objects.order_by("-year").values_list("world", "year")
    meant = [ref] if ref else [refs.form(World(world), year, int(plain)) for world, year in years]
    found = visible(by).filter(ref__in=meant).only("ref", "title", "world", "uuid")
    return sorted(found, key=lambda one: (one.world != World.REAL, meant.index(one.ref)))


@dataclass(frozen=True, slots=True)
class Counts:
    """For the badge on every page; each stops at 100, which is enough to say "many"."""

    open: int
    critical: int


_GRAVEST = Seen(
    lambda rows: rows.filter(standing=0).order_by("standing", "priority").values_list("priority", flat=True)[:BADGE]
)


def counts(by: Actor) -> Counts:
    """One short walk along the index: the gravest open records come first."""
    gravest = _GRAVEST(by)
    return Counts(open=len(gravest), critical=gravest.count(1))


def own_tasks(by: Actor) -> QuerySet[Task]:
    """The actor's own that are not done, of records they see that are not closed; the soonest due first. Each asks for
    its own record: a database that gathers all those records first reads millions.
    """
    if by.person_id is None:
        return Task.objects.none()
    going = visible(by).exclude(standing=STANDING[Status.CLOSED]).filter(pk=OuterRef("incident"))
    mine = Task.objects.filter(Exists(going), owner=by.person_id, done_at=None)
    return mine.select_related("incident").order_by(F("due_at").asc(nulls_last=True), "id")

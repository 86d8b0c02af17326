"""Inhibitions as they are read: those in force for the digest, all of them for people, and what explains an alert."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import chain
from typing import Final
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from hikeshi.accounts import queries as accounts
from hikeshi.accounts.models import Organisation
from hikeshi.intake import inhibitions, matchers, queries
from hikeshi.intake.inhibitions import Book
from hikeshi.intake.matchers import BadMatcher
from hikeshi.intake.models import Alert, InhibitionSide, InhibitionTurn
from hikeshi.intake.models import Inhibition as Inhibition  # surfaces name what they are handed
from hikeshi.intake.permissions import Verb
from hikeshi.intake.verdicts import Verdict
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.prepared import Prepared
from hikeshi.kernel.refusals import NotFound

NEWEST: Final = ("-made_at", "-id")
SHOWN: Final = 50
_Row = tuple[int, UUID, str, str, str, int, str]
_IN_FORCE = Prepared(
    lambda: (
        Inhibition.objects.filter(ended_at=None)
        .order_by("id")
        .values_list("id", "uuid", "source", "target", "equal", "hours", "organisation__path")
    )
)


@dataclass(frozen=True, slots=True)
class InForce:
    """``codes``: what stands where a rule's code does, by the inhibition."""

    book: Book
    codes: Mapping[int, str]


def in_force() -> InForce:
    """One small read per batch; a second one where there is any inhibition at all."""
    rows: tuple[_Row, ...] = tuple(_IN_FORCE())
    return _compiled(rows, tuple(Organisation.objects.values_list("id", "path").order_by("id")) if rows else ())


@lru_cache(maxsize=4)
def _compiled(rows: tuple[_Row, ...], places: tuple[tuple[int, str], ...]) -> InForce:
    found = []
    for pk, _uuid, source, target, equal, hours, path in rows:
        below = frozenset(place for place, its_path in places if its_path.startswith(path))
        try:
            sides = matchers.read(source), matchers.read(target)
            found.append(inhibitions.Inhibition(pk, below, *sides, inhibitions.equal(equal), timedelta(hours=hours)))
        except BadMatcher:  # was good once: RE2 became stricter with an upgrade. Then it holds nothing.
            continue
    return InForce(Book(found), {pk: f"{inhibitions.RULE}{uuid}" for pk, uuid, *_more in rows})


def any_due(at: datetime) -> bool:
    over = Q(source=True, until__lte=at)
    return (
        InhibitionTurn.objects.exists()
        or Inhibition.objects.filter(due_at__lte=at).exists()
        or InhibitionSide.objects.filter(over).exists()
    )


def listed(by: Actor, *, stand: str = "") -> QuerySet[Inhibition]:
    """Those of the reader's organisations, newest first. ``stand``: ``open`` or ``over``."""
    by.must(Verb.VIEW)
    rows = Inhibition.objects.select_related("organisation")
    if not by.unlimited:
        rows = rows.filter(organisation_id__in=by.organisations(Verb.VIEW))
    if stand:
        rows = rows.filter(Q(ended_at=None) if stand == "open" else ~Q(ended_at=None))
    return rows.order_by(*NEWEST)


def inhibition(by: Actor, uuid: UUID) -> Inhibition:
    """Raises NotFound."""
    found = listed(by).filter(uuid=uuid).first()
    if found is None:
        raise NotFound("inhibition")
    return found


def versions(by: Actor, row: Inhibition) -> Sequence[Inhibition]:
    """All of them, the newest first."""
    return list(listed(by).filter(family=row.family).order_by("-number")[:SHOWN])


def may_set(by: Actor) -> bool:
    return by.may(Verb.MANAGE)


def places(by: Actor) -> QuerySet[Organisation]:
    return accounts.organisations(by, Verb.MANAGE).filter(retired_at=None)


def held(by: Actor, rows: Sequence[Inhibition]) -> dict[str, int]:
    """How many alerts each holds that the reader may see, by the code on them. One query."""
    counted = queries.visible(by).filter(verdict=Verdict.HOLD, rule__in=[row.rule for row in rows])
    return dict(counted.order_by().values_list("rule").annotate(held=Count("pk")))


def shown(by: Actor, row: Inhibition) -> Sequence[Alert]:
    """The newest of what it holds."""
    rows = queries.visible(by).filter(verdict=Verdict.HOLD, rule=row.rule).order_by(*queries.NEWEST)
    return list(queries.brief(rows)[:SHOWN])


@dataclass(frozen=True, slots=True)
class Explaining:
    """The newest of the alerts that hold this one, which the reader may see; ``hidden`` where there are only others."""

    alert: Alert | None
    hidden: bool = False


def explaining(by: Actor, rows: Sequence[Alert]) -> dict[int, Explaining]:
    """By the alerts among these that an inhibition holds: by which alert. Three queries where there is any, however
    many, and none where there is none.
    """
    uuids = {row.pk: code for row in rows if row.verdict == Verdict.HOLD and (code := inhibitions.of_rule(row.rule))}
    if not uuids:
        return {}
    targets = InhibitionSide.objects.filter(alert__in=uuids, target=True, inhibition__uuid__in=set(uuids.values()))
    mine = [(one.alert_id, one.key, one.source) for one in targets.order_by()]
    sources = InhibitionSide.objects.filter(key__in={key for _pk, key, _two in mine}, source=True)
    sources = sources.filter(until__gt=clock.now()).order_by("-until", "-id")
    holding: dict[tuple[str, bool], list[int]] = defaultdict(list)
    for key, two_sided, pk in sources.values_list("key", "target", "alert")[: SHOWN * 10]:
        holding[key, two_sided].append(pk)
    seen = {one.pk: one for one in queries.brief(queries.visible(by)).filter(pk__in={*chain(*holding.values())})}
    found = {}
    for pk, key, both in mine:
        by_which = holding[key, False] + ([] if both else holding[key, True])
        alert = next((seen[one] for one in by_which if one in seen), None)
        found[pk] = Explaining(alert, alert is None and bool(by_which))
    return found

"""What people were asked to decide, and what records cost: for the room, and for many records at once."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum

from hikeshi.accounts import queries as accounts
from hikeshi.incidents.models import Cost, Decision, Incident
from hikeshi.incidents.permissions import Verb
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.prepared import Prepared

_DECISIONS = Prepared(lambda incident: Decision.objects.filter(incident=incident).select_related("of"), incident=int)
_COSTS = Prepared(lambda incident: Cost.objects.filter(incident=incident), incident=int)


@dataclass(frozen=True, slots=True)
class DecisionView:
    """``of``, ``asked_by``, ``decided_by`` are names; ``chosen`` the answer, empty while there is none."""

    uuid: UUID
    question: str
    options: Sequence[str]
    of: str
    asked_by: str
    asked_at: datetime
    due_at: datetime | None
    chosen: str
    why: str
    decided_by: str
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class Spent:
    """Sums in one currency: what was paid, what is only estimated."""

    currency: str
    actual: Decimal
    estimated: Decimal

    @property
    def total(self) -> Decimal:
        return self.actual + self.estimated


@dataclass(frozen=True, slots=True)
class CostLine:
    """``before``: how it stood earlier, the oldest first. ``set_by`` is a name."""

    row: Cost
    before: Sequence[Cost]
    set_by: str


@dataclass(frozen=True, slots=True)
class Business:
    """The open questions come first."""

    decisions: Sequence[DecisionView]
    costs: Sequence[CostLine]
    spent: Sequence[Spent]
    may_decide: bool


def business(by: Actor, record: Incident) -> Business:
    """Of a record this reader has just found: three queries."""
    rows = [one for one in _DECISIONS(incident=record.pk) if one.withdrawn_at is None]
    costs = _COSTS(incident=record.pk)
    refs = {ref for one in rows for ref in (one.asked_by, one.decided_by) if ref} | {one.set_by for one in costs}
    names = accounts.names_of(refs)
    rows.sort(key=lambda one: (one.decided_at is not None, one.pk))
    stands = [one for one in costs if one.superseded_at is None]
    lines = [
        CostLine(
            one, [old for old in costs if old.line == one.line and old is not one], names.get(one.set_by, one.set_by)
        )
        for one in stands
    ]
    may = by.may(Verb.DECIDE, record.organisation_id) and record.merged_into_id is None
    return Business([_view(one, names) for one in rows], lines, _sums(stands), may)


def _view(row: Decision, names: Mapping[str, str]) -> DecisionView:
    return DecisionView(
        uuid=row.uuid,
        question=row.question,
        options=row.options,
        of=row.of.name if row.of else "",
        asked_by=names.get(row.asked_by, row.asked_by),
        asked_at=row.asked_at,
        due_at=row.due_at,
        chosen=row.options[row.choice] if row.choice is not None else "",
        why=row.why,
        decided_by=names.get(row.decided_by, row.decided_by),
        decided_at=row.decided_at,
    )


def _sums(rows: Collection[Cost]) -> list[Spent]:
    found: dict[str, list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
    for one in rows:
        found[one.currency][one.actual] += one.amount
    return [Spent(currency, actual, estimated) for currency, (estimated, actual) in sorted(found.items())]


def wanted(by: Actor, rows: QuerySet[Incident], *, most: int) -> tuple[list[tuple[Incident, DecisionView, bool]], int]:
    """Open questions of these records, the soonest due first, whether this reader may answer, and how many there are.
    Three queries.
    """
    waiting = Decision.objects.filter(incident__in=rows.order_by().values("pk"), decided_at=None, withdrawn_at=None)
    ordered = waiting.select_related("of", "incident__organisation").order_by(F("due_at").asc(nulls_last=True), "pk")
    found = list(ordered[:most])
    names = accounts.names_of({one.asked_by for one in found})
    may = by.organisations(Verb.DECIDE)
    said = [(one.incident, _view(one, names), by.unlimited or one.incident.organisation_id in may) for one in found]
    return said, waiting.count()


def asked_of(by: Actor, rows: QuerySet[Incident]) -> Decision | None:
    """The open question of these records that waits for this reader, by name or as one of those who may decide, the
    soonest due first. One query at most; each question asks for its own record, as ``own_tasks`` do.
    """
    may = by.organisations(Verb.DECIDE)
    if by.person_id is None or not (by.unlimited or may):
        return None
    waiting = Decision.objects.filter(Q(of=by.person_id) | Q(of=None), decided_at=None, withdrawn_at=None)
    if not by.unlimited:
        rows = rows.filter(organisation__in=may)
    waiting = waiting.filter(Exists(rows.order_by().filter(pk=OuterRef("incident"))))
    return waiting.select_related("incident").order_by(F("due_at").asc(nulls_last=True), "pk").first()


def spent(records: Collection[int]) -> Mapping[int, list[Spent]]:
    """What each of these records has cost so far. One query."""
    found: dict[int, list[Spent]] = defaultdict(list)
    for incident, sums in spent_by(Cost.objects.filter(incident__in=records), "incident"):
        found[int(incident)].append(sums)
    return found


def spent_by(rows: QuerySet[Cost], key: str) -> list[tuple[str, Spent]]:
    """What stands, by ``key`` and currency."""
    stands = rows.filter(superseded_at=None).order_by(key, "currency").values_list(key, "currency")
    sums = stands.annotate(paid=Sum("amount", filter=Q(actual=True)), guessed=Sum("amount", filter=Q(actual=False)))
    none = Decimal(0)
    return [(str(value), Spent(money, paid or none, guessed or none)) for value, money, paid, guessed in sums]

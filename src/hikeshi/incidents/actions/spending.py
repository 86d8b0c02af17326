"""What an incident costs, as somebody estimates it or as it was paid."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from hikeshi.accounts import queries as accounts
from hikeshi.incidents import decided, facts
from hikeshi.incidents.actions import saving
from hikeshi.incidents.codes import CostKind
from hikeshi.incidents.models import Cost, Incident
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.facts import commit
from hikeshi.kernel.ids import uuid7
from hikeshi.kernel.refusals import Conflict, NotFound
from hikeshi.ledger.acts import action


@dataclass(frozen=True, slots=True)
class _Said:
    kind: CostKind
    amount: Decimal
    actual: bool
    note: str


@action
def add_cost(*, by: Actor, ref: str, kind: CostKind, amount: Decimal, actual: bool = False, note: str = "") -> Cost:
    """In the site's currency. Raises NotFound, NotAllowed, Invalid."""
    incident = saving.hold(by, ref)
    said = _Said(kind, decided.amount(amount), actual, saving.words(note, "note", most=saving.TITLE, required=False))

    row = _write(incident, by, said, line=uuid7(), currency=accounts.site().currency)
    saving.save(incident)
    saving.tell(incident, by, _fact(incident, row))
    return row


@action
def correct_cost(
    *, by: Actor, ref: str, cost: UUID, kind: CostKind, amount: Decimal, actual: bool, reason: str, note: str = ""
) -> Cost:
    """The row as it stood is kept. What was no cost at all is corrected to 0. Raises NotFound, NotAllowed, Invalid,
    Conflict where somebody corrected it meanwhile.
    """
    incident = saving.hold(by, ref)
    old = Cost.objects.filter(incident=incident, uuid=cost).first()
    if old is None:
        raise NotFound("cost")
    said = _Said(kind, decided.amount(amount), actual, saving.words(note, "note", most=saving.TITLE, required=False))
    why = saving.words(reason, "reason")
    if old.superseded_at is not None:
        stands = Cost.objects.get(line=old.line, superseded_at=None)
        raise Conflict(
            yours={"amount": str(said.amount)}, theirs={"amount": str(stands.amount)}, version=incident.version
        )

    old.superseded_at = clock.now()
    old.save(update_fields=["superseded_at"])
    row = _write(incident, by, said, line=old.line, currency=old.currency)
    saving.save(incident)
    saving.tell(incident, by, _fact(incident, row, was=old, reason=saving.say(incident, "reason", why)))
    return row


def _write(incident: Incident, by: Actor, said: _Said, *, line: UUID, currency: str) -> Cost:
    return Cost.objects.create(
        incident=incident,
        line=line,
        kind=said.kind,
        amount=said.amount,
        currency=currency,
        actual=said.actual,
        note=said.note,
        set_by=by.ref,
        set_at=clock.now(),
    )


def _fact(incident: Incident, row: Cost, *, was: Cost | None = None, reason: facts.Said | None = None) -> facts.CostSet:
    return facts.CostSet(
        incident=incident.uuid,
        cost=row.uuid,
        line=row.line,
        kind=CostKind(row.kind),
        amount=f"{row.amount:.2f}",
        currency=row.currency,
        actual=row.actual,
        note=commit(row.note, row.secret),
        was=was.uuid if was else None,
        amount_was=f"{was.amount:.2f}" if was else "",
        reason=reason,
    )

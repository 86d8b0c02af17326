"""Decisions that people are asked for, and what the record costs."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from ninja import Router
from pydantic import Field

from hikeshi.api.callers import Request
from hikeshi.api.incidents.saving import Ref
from hikeshi.api.shapes import Code, Input, Line, Listed, Output, Reason, Text, Time, whole
from hikeshi.incidents import actions
from hikeshi.incidents import queries as incidents
from hikeshi.incidents.codes import CostKind
from hikeshi.kernel.refusals import NotFound

router = Router(tags=["parts of an incident"], by_alias=True)


class Decision(Output):
    uuid: UUID
    question: str
    options: list[str] = Field(description="The answers there are, counted from 0.")
    of: str = Field(description="Who should decide; empty: whoever may.")
    asked_by: str
    asked_at: Time
    due_at: Time | None
    chosen: str = Field(description="The answer in words; empty while there is none.")
    why: str
    decided_by: str
    decided_at: Time | None


class Decisions(Listed[Decision]):
    pass


class DecisionNew(Input):
    question: Line
    options: list[Line] = Field(min_length=1, max_length=20, description="Two to six answers.")
    of: Code = Field(default="", description="The uuid of the person who should decide; empty: whoever may.")
    due_at: Time | None = None


class Decided(Input):
    choice: int = Field(ge=0, le=20, strict=True, description="Which of `options`, counted from 0.")
    reason: Reason


class Why(Input):
    reason: Reason


class Cost(Output):
    uuid: UUID
    line: UUID = Field(description="Stays the same when the cost is corrected.")
    kind: CostKind
    amount: Decimal
    currency: str = Field(description="ISO 4217.")
    actual: bool = Field(description="Paid or invoiced; else estimated.")
    note: str
    set_by: str
    set_at: Time
    superseded_at: Time | None


class CostLine(Cost):
    before: list[Cost] = Field(description="How it stood earlier, the oldest first.")


class Spent(Output):
    currency: str
    actual: Decimal
    estimated: Decimal
    total: Decimal


class Costs(Listed[CostLine]):
    spent: list[Spent] = Field(description="Sums by currency.")


class CostNew(Input):
    kind: CostKind
    amount: Decimal = Field(max_digits=16, decimal_places=2, description="In the site's currency.")
    actual: bool = Field(default=False, strict=True, description="Paid or invoiced; else estimated.")
    note: Text = ""


class CostCorrected(CostNew):
    actual: bool = Field(strict=True)
    reason: Reason


@router.get("/incidents/{ref}/decisions", response=Decisions, summary="Decisions asked for, the open ones first")
def list_decisions(request: Request, ref: Ref) -> Decisions:
    return whole(Decisions, _business(request, ref).decisions)


@router.post("/incidents/{ref}/decisions", response={201: Decision}, summary="Ask for a decision")
def ask_decision(request: Request, ref: Ref, new: DecisionNew) -> Decision:
    due: datetime | None = new.due_at
    made = actions.ask_decision(
        by=request.auth, ref=ref, question=new.question, options=new.options, of=new.of, due_at=due
    )
    return _decision(request, ref, made.uuid)


@router.post("/incidents/{ref}/decisions/{decision}/decide", response=Decision, summary="Decide, for good, and why")
def decide(request: Request, ref: Ref, decision: UUID, said: Decided) -> Decision:
    actions.decide(by=request.auth, ref=ref, decision=decision, choice=said.choice, reason=said.reason)
    return _decision(request, ref, decision)


@router.post(
    "/incidents/{ref}/decisions/{decision}/withdraw", response={204: None}, summary="The question is settled otherwise"
)
def withdraw_decision(request: Request, ref: Ref, decision: UUID, said: Why) -> None:
    actions.withdraw_decision(by=request.auth, ref=ref, decision=decision, reason=said.reason)


@router.get("/incidents/{ref}/costs", response=Costs, summary="What it costs, and the sums")
def list_costs(request: Request, ref: Ref) -> Costs:
    found = _business(request, ref)
    rows = [_line(one) for one in found.costs]
    spent = [Spent.model_validate(one) for one in found.spent]
    return Costs(items=rows, next=None, total=len(rows), total_exact=True, spent=spent)


@router.post("/incidents/{ref}/costs", response={201: CostLine}, summary="Write down a cost")
def add_cost(request: Request, ref: Ref, new: CostNew) -> CostLine:
    made = actions.add_cost(
        by=request.auth, ref=ref, kind=new.kind, amount=new.amount, actual=new.actual, note=new.note
    )
    return _cost(request, ref, made.line)


@router.put("/incidents/{ref}/costs/{cost}", response=CostLine, summary="Correct a cost; what stood there is kept")
def correct_cost(request: Request, ref: Ref, cost: UUID, said: CostCorrected) -> CostLine:
    made = actions.correct_cost(
        by=request.auth,
        ref=ref,
        cost=cost,
        kind=said.kind,
        amount=said.amount,
        actual=said.actual,
        note=said.note,
        reason=said.reason,
    )
    return _cost(request, ref, made.line)


def _business(request: Request, ref: str) -> incidents.Business:
    return incidents.business(request.auth, incidents.incident(request.auth, ref))


def _decision(request: Request, ref: str, decision: UUID) -> Decision:
    found = next((one for one in _business(request, ref).decisions if one.uuid == decision), None)
    if found is None:
        raise NotFound("decision")
    return Decision.model_validate(found)


def _cost(request: Request, ref: str, line: UUID) -> CostLine:
    found = next((one for one in _business(request, ref).costs if one.row.line == line), None)
    if found is None:
        raise NotFound("cost")
    return _line(found)


def _line(one: incidents.CostLine) -> CostLine:
    now, before = Cost.model_validate(one.row), [Cost.model_validate(old) for old in one.before]
    return CostLine(**{**now.model_dump(), "set_by": one.set_by, "before": before})

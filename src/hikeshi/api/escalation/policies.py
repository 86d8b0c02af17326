"""Who is called after whom, and the dry run."""

from typing import Annotated
from uuid import UUID

from ninja import Query, Router

from hikeshi.api.callers import Request
from hikeshi.api.escalation import schemas
from hikeshi.api.shapes import Code, Time, whole
from hikeshi.kernel import clock
from hikeshi.oncall import actions
from hikeshi.oncall.drafts import kept
from hikeshi.oncall.escalation import Circumstances, Target
from hikeshi.oncall.queries import policies as queries
from hikeshi.oncall.queries import trying

router = Router(tags=["escalation"], by_alias=True)


def shown(row: queries.Policy) -> schemas.PolicyShown:
    names = ("uuid", "name", "place", "priorities", "kinds", "hours", "repeats", "patience", "timeout", "version")
    return schemas.PolicyShown(
        **{name: getattr(row, name) for name in names},
        steps=[schemas.StepShown.model_validate(one) for one in kept(row.steps)],
        organisation=row.organisation.uuid if row.organisation else None,
        follow=row.follow.uuid if row.follow else None,
        why_ja=row.why_ja,
        why_en=row.why_en,
        retired=row.retired_at is not None,
    )


@router.get("/escalation/policies", response=schemas.Policies, summary="Escalation policies in their order")
def list_policies(request: Request) -> schemas.Policies:
    return whole(schemas.Policies, [shown(row) for row in queries.policies(request.auth)])


@router.post("/escalation/policies", response={201: schemas.PolicyShown}, summary="Add an escalation policy")
def add_policy(request: Request, policy: schemas.Policy) -> schemas.PolicyShown:
    return shown(actions.add_policy(by=request.auth, written=policy.draft()))


@router.put("/escalation/policies/{policy}", response=schemas.PolicyShown, summary="Rewrite an escalation policy")
def edit_policy(request: Request, policy: UUID, wanted: schemas.Policy) -> schemas.PolicyShown:
    done = actions.edit_policy(
        by=request.auth, policy=policy, written=wanted.draft(), version=wanted.version, why=wanted.why
    )
    return shown(done)


@router.post("/escalation/policies/{policy}/retire", response=schemas.PolicyShown, summary="Take it out of use")
def retire_policy(request: Request, policy: UUID) -> schemas.PolicyShown:
    return shown(actions.retire_policy(by=request.auth, policy=policy))


@router.post("/escalation/policies/{policy}/restore", response=schemas.PolicyShown, summary="Put it in use again")
def restore_policy(request: Request, policy: UUID) -> schemas.PolicyShown:
    return shown(actions.retire_policy(by=request.auth, policy=policy, retired=False))


@router.put("/escalation/order", response={204: None}, summary="In which order policies are asked")
def order_policies(request: Request, order: schemas.Order) -> None:
    actions.order_policies(by=request.auth, policies=order.policies)


@router.get("/escalation/executives", response=schemas.ExecutivesShown, summary="Who the executives are")
def show_executives(request: Request) -> schemas.ExecutivesShown:
    queries.policies(request.auth)
    found = queries.executives()
    return schemas.ExecutivesShown(kind=found.kind, value=found.value, version=queries.executives_version())


@router.put("/escalation/executives", response=schemas.ExecutivesShown, summary="Say who the executives are")
def name_executives(request: Request, wanted: schemas.Executives) -> schemas.ExecutivesShown:
    who = Target(wanted.kind, wanted.value)
    row = actions.name_executives(by=request.auth, who=who, version=wanted.version)
    return schemas.ExecutivesShown.model_validate(row)


@router.get("/escalation/try", response=schemas.Tried, summary="Who would be called, when, by which way")
def try_escalation(
    request: Request,
    priority: Annotated[int, Query(ge=1, le=5)],
    kind: Code,
    organisation: UUID,
    at: Time | None = None,
) -> schemas.Tried:
    case = Circumstances(priority, kind, str(organisation))
    found = trying.dry_run(request.auth, case, at or clock.now())
    turns = [
        schemas.Turn(
            at=line.at,
            round=line.turn.round,
            step=line.turn.number,
            kind=line.turn.step.target.kind,
            value=line.turn.step.target.value,
            anyway=line.turn.step.anyway,
            skipped=line.skipped,
            people=[schemas.Reached.model_validate(one) for one in line.people],
        )
        for line in found.lines
    ]
    chosen = found.chosen
    return schemas.Tried(
        policy=chosen.code, name=chosen.name, reached=found.reached, ends_at=found.ends_at, turns=turns
    )

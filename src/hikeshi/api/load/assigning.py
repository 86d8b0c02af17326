"""The rules that give new records to people."""

from collections.abc import Mapping

from django.http import HttpResponse
from ninja import Router

from hikeshi.api.callers import Request
from hikeshi.api.incidents.saving import Ref
from hikeshi.api.load import schemas
from hikeshi.incidents import queries as incidents
from hikeshi.kernel.acting import Actor
from hikeshi.load import actions, queries
from hikeshi.load.book import Rule

router = Router(tags=["load"], by_alias=True)
MANY = ("classes", "kinds", "organisations", "assets", "skills")


def _draft(given: schemas.AssignmentRuleNew) -> actions.RuleDraft:
    return actions.RuleDraft(
        name=given.name,
        team=given.team,
        rota=given.rota,
        to_priority=given.to_priority,
        shift=given.shift,
        **{name: tuple(getattr(given, name)) for name in MANY},
    )


def _shown(rule: Rule) -> schemas.AssignmentRule:
    return schemas.AssignmentRule.model_validate(rule)


@router.get(
    "/assignment_rules", response=schemas.AssignmentRules, summary="Rules of assignment, in the order they are asked"
)
def list_assignment_rules(request: Request) -> schemas.AssignmentRules:
    return _rules(request.auth)


def _rules(by: Actor) -> schemas.AssignmentRules:
    book = queries.settings(by).book
    items = [_shown(one) for one in book.rules]
    return schemas.AssignmentRules(items=items, next=None, total=len(items), total_exact=True, automatic=book.automatic)


@router.post("/assignment_rules", response={201: schemas.AssignmentRule}, summary="Add a rule, last in order")
def add_assignment_rule(
    request: Request, new: schemas.AssignmentRuleNew, response: HttpResponse
) -> schemas.AssignmentRule:
    made = actions.add_rule(by=request.auth, draft=_draft(new))
    response["Location"] = "/api/v1/assignment_rules"
    return _shown(made)


@router.put("/assignment_rules/{code}", response=schemas.AssignmentRule, summary="Write a rule anew")
def change_assignment_rule(request: Request, code: str, change: schemas.RuleChange) -> schemas.AssignmentRule:
    return _shown(actions.change_rule(by=request.auth, code=code, draft=_draft(change), version=change.version))


@router.delete("/assignment_rules/{code}", response={204: None}, summary="Remove a rule")
def remove_assignment_rule(request: Request, code: str) -> None:
    actions.remove_rule(by=request.auth, code=code)


@router.post("/assignment_rules/{code}/on", response=schemas.AssignmentRule, summary="Switch a rule on")
def switch_assignment_rule_on(request: Request, code: str) -> schemas.AssignmentRule:
    return _shown(actions.switch_rule(by=request.auth, code=code, on=True))


@router.post("/assignment_rules/{code}/off", response=schemas.AssignmentRule, summary="Switch a rule off")
def switch_assignment_rule_off(request: Request, code: str) -> schemas.AssignmentRule:
    return _shown(actions.switch_rule(by=request.auth, code=code, on=False))


@router.put(
    "/assignment_order", response=schemas.AssignmentRules, summary="Order the rules: the first that fits counts"
)
def order_assignment_rules(request: Request, order: schemas.RuleOrder) -> schemas.AssignmentRules:
    actions.order_rules(by=request.auth, codes=order.codes)
    return _rules(request.auth)


@router.post("/assignment/on", response=schemas.AssignmentRules, summary="Let the rules act by themselves")
def switch_assignment_on(request: Request) -> schemas.AssignmentRules:
    actions.switch_automatic(by=request.auth, on=True)
    return _rules(request.auth)


@router.post("/assignment/off", response=schemas.AssignmentRules, summary="Let the rules only propose")
def switch_assignment_off(request: Request) -> schemas.AssignmentRules:
    actions.switch_automatic(by=request.auth, on=False)
    return _rules(request.auth)


@router.get("/incidents/{ref}/proposal", response=schemas.Proposal, summary="Whom the rules would give it to, and why")
def propose_owner(request: Request, ref: Ref) -> schemas.Proposal:
    found = queries.proposal(incidents.incident(request.auth, ref))
    if found is None:
        return schemas.Proposal(rule=None, fitting=[], passed=[], turn=False)
    people = {who: schemas.Who.model_validate(one) for who, one in found.people.items()}
    return schemas.Proposal(
        rule=found.rule.code,
        fitting=[
            schemas.Fitting(
                person=people[one.person], open=one.open, remaining=one.remaining, shift_until=one.shift_until
            )
            for one in found.choice.fitting
        ],
        passed=[schemas.PassedOver(person=people[one.person], why=why) for one, why in found.choice.passed],
        turn=found.choice.turn,
        closest=_closest(found, people),
    )


def _closest(found: queries.Proposal, people: Mapping[str, schemas.Who]) -> schemas.Closest | None:
    if found.choice.closest is None:
        return None
    one, missing = found.choice.closest
    return schemas.Closest(person=people[one.person], missing=list(missing), open=one.open)

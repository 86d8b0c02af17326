from typing import Annotated

from ninja import Query, Router

from hikeshi.api.callers import Request
from hikeshi.api.ruling import schemas
from hikeshi.api.shapes import Words, whole
from hikeshi.incidents import names
from hikeshi.intake import actions, site_rules, trying
from hikeshi.intake.queries import ruling
from hikeshi.intake.site_rules import Terms
from hikeshi.intake.verdicts import Verdict
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Invalid

router = Router(tags=["rules"], by_alias=True)
Filter = Annotated[str, Query("", max_length=20)]


@router.get("/rules", response=schemas.Rules, summary="Every rule, in the order they are asked")
def list_rules(
    request: Request, *, q: Words = "", state: Filter = "", verdict: Filter = "", origin: Filter = ""
) -> schemas.Rules:
    found = ruling.lines(request.auth, q=q, state=state, verdict=verdict, origin=origin)
    return whole(schemas.Rules, [schemas.Rule.model_validate(one) for one in ruling.counted(request.auth, found)])


@router.get("/rules/{code}", response=schemas.RuleWhole, summary="One rule and all its versions")
def show_rule(request: Request, code: str) -> schemas.RuleWhole:
    return _whole(request.auth, code)


@router.put("/rules/{code}", response=schemas.RuleWhole, summary="Write a new version; it judges once switched on")
def save_rule(request: Request, code: str, new: schemas.RuleNew) -> schemas.RuleWhole:
    more = {"owner": new.owner, "review": new.review, "why": new.why, "version": new.version}
    actions.save_rule(by=request.auth, code=code, terms=_terms(new), **more)  # type: ignore[arg-type]  # each of its own kind
    return _whole(request.auth, code)


@router.post("/rules/{code}/try", response=schemas.Trial, summary="What these terms would have done; nothing is kept")
def try_rule(request: Request, code: str, asked: schemas.Trying) -> schemas.Trial:
    terms = actions.checked(request.auth, code, _terms(asked))
    found = trying.trial(request.auth, site_rules.compiled(code, 1, terms), last=asked.last, days=asked.days)
    changes = [schemas.Change(before=a, after=b, alerts=count) for (a, b), count in found.changes.items()]
    sample = [
        schemas.Sample(uuid=str(one.uuid), title=one.title, before=one.before, after=one.after) for one in found.sample
    ]
    plain = ("hits", "of", "whole", "anything", "too_wide", "people", "seconds")
    return schemas.Trial(**{name: getattr(found, name) for name in plain}, changes=changes, sample=sample)


@router.post("/rules/{code}/switch", response=schemas.RuleWhole, summary="Put a version in force, or take the rule out")
def switch_rule(request: Request, code: str, wanted: schemas.Switch) -> schemas.RuleWhole:
    if wanted.on:
        actions.switch_rule_on(by=request.auth, code=code, version=wanted.version, confirmed=wanted.confirmed)
    else:
        actions.switch_rule_off(by=request.auth, code=code)
    return _whole(request.auth, code)


@router.post("/rules/{code}/review", response=schemas.RuleWhole, summary="Say that it was looked at and still holds")
def review_rule(request: Request, code: str, done: schemas.Review) -> schemas.RuleWhole:
    actions.review_rule(by=request.auth, code=code, review=done.review, owner=done.owner)
    return _whole(request.auth, code)


def _terms(new: schemas.TermsNew) -> Terms:
    if new.kind and new.kind not in names.in_use().kinds:
        raise Invalid("kind", "unknown")
    said = {name: getattr(new, name) for name in site_rules.TERMS}
    return Terms(**{**said, "verdict": Verdict(new.verdict)})


def _whole(by: Actor, code: str) -> schemas.RuleWhole:
    found = ruling.rule(by, code)
    line = schemas.Rule.model_validate(found.line).model_dump()
    return schemas.RuleWhole.model_validate({**line, "versions": list(found.versions)})

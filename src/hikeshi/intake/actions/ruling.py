"""A site's rules: written, put in force, taken out, looked at again. Rules count for the whole site."""

import logging
import re
from datetime import date
from pathlib import Path
from typing import Final

from hikeshi.accounts import queries as accounts
from hikeshi.accounts import zones
from hikeshi.intake import rule_facts, rule_files, site_rules
from hikeshi.intake.bad_rule import BadRule
from hikeshi.intake.models import RuleVersion, SiteRule, Stamp
from hikeshi.intake.queries import ruling
from hikeshi.intake.site_rules import RuleState, Terms
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.facts import Fact, commit
from hikeshi.kernel.ids import uuid7
from hikeshi.kernel.refusals import Conflict, Invalid, NotFound
from hikeshi.kernel.texts import clean, words
from hikeshi.ledger.acts import action, record

log = logging.getLogger(__name__)
CODE: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")
RESERVED: Final = frozenset({"default", "person", "same_alert", "new", "canary"})
LIMITS: Final = {"title_en": 200, "title_ja": 200, "reason_en": 500, "reason_ja": 500, "why": 2_000}


@action
def save_rule(
    *,
    by: Actor,
    code: str,
    terms: Terms,
    owner: str = "",
    review: date | None = None,
    why: str = "",
    version: int | None = None,
) -> RuleVersion:
    """Keeps these terms as a new version. It judges nothing until it is switched on. ``version`` is the number of the
    one that was read; None writes whatever stands. Raises NotAllowed, Invalid, Conflict.
    """
    ruling.must_write(by)
    wanted = _clean(terms)
    said = words(why, field="why", most=LIMITS["why"], required=False)
    row = _held(code) or _begun(code)
    newest = ruling.newest_number(row)
    if version is not None and version != newest:
        raise _clash(row, wanted)
    try:
        site_rules.compiled(row.code, newest + 1, wanted)
    except BadRule as problem:
        raise refused(problem) from None

    kept = _write(row, newest + 1, wanted, said, by)
    row.newest, row.owner = kept.number, _owner(by, owner) if owner else row.owner
    _due(row, review or row.review)
    row.save()

    content = commit(site_rules.content(wanted), kept.secret)
    saved = rule_facts.RuleSaved(
        code=row.code, number=kept.number, text=kept.uuid, content=content, stands=standing(row)
    )
    tell(saved, row, by)
    return kept


@action
def put_in_force(*, by: Actor, code: str, version: int, hits: int = 0, of: int = 0) -> SiteRule:
    """Version ``version`` judges from the next batch on; 0 is the shipped rule. Surfaces come through
    `switching.switch_rule_on`, which tries it first and tells what it would hit. Raises NotAllowed, NotFound, Invalid.
    """
    ruling.must_write(by)
    row = held_or_begun(code)
    terms = ruling.terms_of(row, version) if version else None
    if version and terms is None:
        raise NotFound("version")
    if terms is not None:
        _usable(row, version, terms)
    if not version and not ruling.shipped(code):
        raise Invalid("version", "required")

    row.state, row.live, row.fault = RuleState.ON, version, ""
    row.save()
    changed()

    stands = standing(row)
    tell(rule_facts.RuleSwitchedOn(code=row.code, number=version, hits=hits, of=of, stands=stands), row, by)
    return row


@action
def switch_rule_off(*, by: Actor, code: str) -> SiteRule:
    """It judges nothing from the next batch on, shipped or not. What it judged stays; but what it dropped and still
    fires is judged anew when it is next heard of. Raises NotAllowed, NotFound.
    """
    ruling.must_write(by)
    row = held_or_begun(code)

    row.state, row.live, row.fault = RuleState.OFF, 0, ""
    row.save()
    changed()

    tell(rule_facts.RuleSwitchedOff(code=row.code, stands=standing(row)), row, by)
    return row


@action
def review_rule(*, by: Actor, code: str, review: date, owner: str = "") -> SiteRule:
    """Somebody looked at it and lets it stand until that day. Raises NotAllowed, NotFound, Invalid."""
    ruling.must_write(by)
    row = held_or_begun(code)
    if review <= clock.now().date():
        raise Invalid("review", "past")

    row.owner = _owner(by, owner) if owner else row.owner
    _due(row, review)
    row.save()

    tell(rule_facts.RuleReviewed(code=row.code, review=review.isoformat(), stands=standing(row)), row, by)
    return row


def refused(problem: BadRule) -> Invalid:
    """What is wrong with the text, for surfaces to say: the line and the reason."""
    return Invalid("sigma", problem.code, **problem.params)


def checked(by: Actor, code: str, terms: Terms) -> Terms:
    """The terms as they would be kept; nothing is. Raises NotAllowed, Invalid."""
    ruling.must_write(by)
    wanted = _clean(terms)
    _usable(SiteRule(code=code), 1, wanted)
    return wanted


def _usable(row: SiteRule, version: int, terms: Terms) -> None:
    try:
        site_rules.compiled(row.code, version, terms)
    except BadRule as problem:
        raise refused(problem) from None


def keep_rule_files() -> None:
    """What the files say as they judge, for the next start. Cheap where none has changed. Never in a rule's way."""
    folder, said = ruling.files_in_force()
    if _kept.get(folder) == said:
        return
    try:
        rule_files.keep(folder.parent, said)
    except OSError as error:
        log.error("the rules in force could not be kept: %s", type(error).__name__)  # noqa: TRY400  # tried again at once
        return
    _kept[folder] = said


_kept: dict[Path, dict[str, str]] = {}
"""What this process last found kept or has kept."""


def held_or_begun(code: str) -> SiteRule:
    """Locked. Raises NotFound."""
    return _held(code) or _begun_for_shipped(code)


def _held(code: str) -> SiteRule | None:
    return SiteRule.objects.select_for_update().filter(code=code).first()


def _begun(code: str) -> SiteRule:
    if not ruling.shipped(code) and (not CODE.fullmatch(code) or code in RESERVED):
        raise Invalid("code", "rule_code")
    return SiteRule(code=code)


def _begun_for_shipped(code: str) -> SiteRule:
    """The site's first word on a shipped rule that it does not rewrite."""
    shipped = ruling.shipped(code)
    if shipped is None:
        raise NotFound("rule")
    row = SiteRule(code=code, state=RuleState.ON, owner=shipped.owner)
    _due(row, shipped.review)
    return row


def _write(row: SiteRule, number: int, terms: Terms, why: str, by: Actor) -> RuleVersion:
    row.newest = number
    row.save()
    return RuleVersion.objects.create(
        rule=row,
        number=number,
        why=why,
        made_by=by.ref,
        at=clock.now(),
        **{name: getattr(terms, name) for name in site_rules.TERMS},
    )


def _clash(row: SiteRule, yours: Terms) -> Conflict:
    theirs = ruling.terms_of(row, ruling.newest_number(row)) or yours
    differ = [name for name in site_rules.TERMS if getattr(yours, name) != getattr(theirs, name)] or ["sigma"]
    return Conflict(
        yours={name: str(getattr(yours, name)) for name in differ},
        theirs={name: str(getattr(theirs, name)) for name in differ},
        version=ruling.newest_number(row),
    )


def _clean(terms: Terms) -> Terms:
    for name, (low, high) in {"rank": (1, 999), "impact": (1, 3), "effect": (1, 3), "urgency": (1, 3)}.items():
        if not low <= getattr(terms, name) <= high:
            raise Invalid(name, "out_of_range", low=low, high=high)
    if terms.calls and not terms.kind:
        raise Invalid("kind", "required")
    return Terms(
        title_en=words(terms.title_en, field="title_en", most=LIMITS["title_en"]),
        title_ja=words(terms.title_ja, field="title_ja", most=LIMITS["title_ja"]),
        reason_en=words(terms.reason_en, field="reason_en", most=LIMITS["reason_en"]),
        reason_ja=words(terms.reason_ja, field="reason_ja", most=LIMITS["reason_ja"]),
        sigma=clean(terms.sigma, field="sigma").strip("\n") + "\n",
        rank=terms.rank,
        verdict=terms.verdict,
        kind=clean(terms.kind, field="kind")[:40] if terms.calls else "",
        impact=terms.impact,
        effect=terms.effect,
        urgency=terms.urgency,
    )


def _owner(by: Actor, owner: str) -> str:
    if not ruling.may_own(by, owner):
        raise Invalid("owner", "unknown")
    return owner


def _due(row: SiteRule, review: date | None) -> None:
    row.review = review
    row.due_at = None if review is None else zones.day_begins(review, accounts.site().time_zone)


def standing(row: SiteRule) -> rule_facts.Standing:
    review = row.review.isoformat() if row.review else ""
    return rule_facts.Standing(rule=row.uuid, state=RuleState(row.state), live=row.live, owner=row.owner, review=review)


def changed() -> None:
    Stamp.objects.update_or_create(name=ruling.STAMP, defaults={"stamp": uuid7()})


def tell(fact: Fact, row: SiteRule, by: Actor) -> None:
    record(fact, subject=f"rule:{row.uuid}", by=by, topics=("rules",))

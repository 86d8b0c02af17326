"""Switching a rule on: it is first tried on what came lately, outside any transaction; a wide one is asked twice."""

from hikeshi.accounts import queries as accounts
from hikeshi.intake import site_rules, trying
from hikeshi.intake.actions.ruling import put_in_force, refused
from hikeshi.intake.bad_rule import BadRule
from hikeshi.intake.models import SiteRule
from hikeshi.intake.permissions import Verb
from hikeshi.intake.queries import ruling
from hikeshi.intake.trying import Trial
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Invalid

TRIED_ON = 2_000


def switch_rule_on(*, by: Actor, code: str, version: int = 0, confirmed: int | None = None) -> SiteRule:
    """Puts that version in force, by default the newest. One that would decide most of what comes is refused, unless
    ``confirmed`` repeats the number of hits that the refusal names. Raises NotAllowed, NotFound, Invalid.
    """
    by.must(Verb.MANAGE, accounts.root().pk)
    found = ruling.rule(by, code)
    wanted = found.version(version) if version else found.newest
    try:
        rule = site_rules.compiled(code, wanted.number, wanted.terms)
    except BadRule as problem:
        raise refused(problem) from None
    tried = trying.trial(by, rule, last=TRIED_ON)
    if tried.too_wide and not _confirmed(tried, confirmed):
        raise Invalid("confirmed", "rule_too_wide", hits=tried.hits, of=tried.of)
    number = wanted.number if wanted.at is not None else 0  # a file's own text needs no version of the site's
    return put_in_force(by=by, code=code, version=number, hits=tried.hits, of=tried.of)


def _confirmed(tried: Trial, confirmed: int | None) -> bool:
    """Alerts keep coming while somebody reads: a tenth more than they agreed to is still what they agreed to."""
    return confirmed is not None and tried.hits <= confirmed + max(10, confirmed // 10)

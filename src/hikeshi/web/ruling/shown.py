"""What the pages of rules show."""

from collections.abc import Mapping, Sequence
from functools import cached_property

from django.http import QueryDict
from django.utils.translation import get_language

from hikeshi.intake import actions, conditions, site_rules, trying
from hikeshi.intake.bad_rule import BadRule
from hikeshi.intake.conditions import Unsayable
from hikeshi.intake.queries import ruling
from hikeshi.intake.queries.ruling import Line, Whole
from hikeshi.intake.rulebook import DEFAULT
from hikeshi.intake.site_rules import Terms
from hikeshi.intake.trying import Trial
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.paging import Page
from hikeshi.kernel.refusals import Invalid
from hikeshi.kernel.versions import Version
from hikeshi.phrases import labels, refusals
from hikeshi.web.filtering import LIMIT
from hikeshi.web.ruling import lines, together
from hikeshi.web.settings import changes

CORRECTIONS = 20


def page(by: Actor, found: Sequence[Line], cursor: str | None) -> Page[Line]:
    """Rules are counted only for the page that is looked at."""
    start = int(cursor) if cursor and cursor.isdecimal() and len(cursor) < 7 else 0
    items = ruling.counted(by, found[start : start + LIMIT])
    more = str(start + LIMIT) if len(found) > start + LIMIT else None
    return Page(items, more, len(found), total_exact=True)


def unmatched(by: Actor) -> ruling.Hits:
    """Alerts that no rule matched: where the next rule is wanted."""
    return ruling.hits_of(by, [DEFAULT.code])[DEFAULT.code]


def parts(terms: Terms) -> Mapping[str, str]:
    """By the names they have on the form, codes as words."""
    said = {name: str(getattr(terms, name)) for name in site_rules.TERMS}
    said["verdict"] = labels.label("rule_verdict", terms.verdict)
    said["kind"] = labels.label("kind", terms.kind) if terms.kind else ""
    for name in ("impact", "effect", "urgency"):
        said[name] = labels.label(name, said[name]) if terms.calls else ""
    return {labels.label("rule_part", name): text for name, text in said.items()}


def before(whole: Whole) -> int | None:
    """With what the newest is compared at first: the one that judges, where the newest does not yet."""
    return whole.line.live if whole.line.waiting else None


def named(whole: Whole) -> str:
    """What it is called now, in the reader's language."""
    terms = whole.newest.terms
    return terms.title_ja if get_language() == "ja" else terms.title_en


class RulePage:
    def __init__(self, by: Actor, whole: Whole, language: str) -> None:
        self.by, self.whole, self.language = by, whole, language
        self.version = whole.shown
        self.terms = self.version.terms

    @property
    def title(self) -> str:
        return self.terms.title_ja if self.language == "ja" else self.terms.title_en

    @property
    def reason(self) -> str:
        return self.terms.reason_ja if self.language == "ja" else self.terms.reason_en

    @cached_property
    def lines(self) -> list[lines.Line]:
        """The condition as the form says it; empty where only the text can."""
        try:
            said = conditions.read(self.terms.sigma)
        except (Unsayable, BadRule):
            return []
        return [lines.Line(number, None, initial=one) for number, one in enumerate(lines.of(said))]

    @cached_property
    def together(self) -> together.Together | None:
        """What it asks of several alerts, where it is a correlation."""
        return together.of(self.terms)

    @cached_property
    def corrections(self) -> list[tuple[object, str]]:
        found = list(ruling.corrections(self.by, self.whole.line.code)[:CORRECTIONS])
        names = ruling.names(one.made_by for one in found)
        return [(one, changes.name_of(one.made_by, names)) for one in found]

    @property
    def versions(self) -> list[tuple[Version[Terms], str]]:
        return [(one, changes.name_of(one.made_by, self.whole.names)) for one in self.whole.versions]


class Switching:
    """Before a rule judges, it is shown what it would have done; one that takes most of what comes is asked twice."""

    def __init__(self, by: Actor, code: str, version: str, data: QueryDict | None) -> None:
        ruling.must_write(by)
        self.by, self.code, self.data = by, code, data
        whole = ruling.rule(by, code)
        number = int(version) if version.isdecimal() and len(version) < 9 else 0
        self.version = whole.version(number) if number else whole.newest
        self.title = named(whole)
        self.error = ""
        self.status = 200

    def done(self) -> bool:
        if self.data is None:
            return False
        confirmed = self.data.get("confirmed", "")
        given = int(confirmed) if confirmed.isdecimal() and len(confirmed) < 9 else None
        try:
            actions.switch_rule_on(by=self.by, code=self.code, version=self.version.number, confirmed=given)
        except Invalid as refusal:
            self.error, self.status = refusals.sentence(refusal), 422
            return False
        return True

    @cached_property
    def trial(self) -> Trial | None:
        """None for a text that cannot be used any more."""
        try:
            rule = site_rules.compiled(self.code, self.version.number, self.version.terms)
        except BadRule as problem:
            self.error = self.error or refusals.sentence(actions.refused(problem))
            return None
        return trying.trial(self.by, rule, last=actions.TRIED_ON)

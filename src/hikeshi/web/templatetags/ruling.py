"""How rules look: `{% load ruling %}`."""

from collections.abc import Iterator, Mapping

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hikeshi.intake import actions, field_names
from hikeshi.intake.bad_rule import BadRule
from hikeshi.intake.queries.ruling import Line
from hikeshi.intake.site_rules import RuleState
from hikeshi.intake.trying import Trial
from hikeshi.intake.verdicts import CALLING
from hikeshi.kernel import clock
from hikeshi.phrases import labels, moments, refusals
from hikeshi.web.choosing import flat
from hikeshi.web.ruling.lines import Line as FormLine
from hikeshi.web.templatetags.show import day_of, said

register = template.Library()
STATE_TONE = {RuleState.ON: "act", RuleState.DRAFT: "warn", RuleState.OFF: "plain"}


@register.simple_tag
def rule_title(line: Line) -> SafeString:
    return said(line.titles.get((get_language() or "en")[:2]) or line.titles.get("en", line.code))


@register.simple_tag
def in_language(words: Mapping[str, str]) -> SafeString:
    return said(words.get((get_language() or "en")[:2]) or words.get("en", ""))


@register.simple_tag
def rule_state(line: Line) -> SafeString:
    badge = format_html(
        '<span class="badge {}">{}</span>', STATE_TONE[line.state], labels.label("rule_state", line.state)
    )
    if not line.waiting:
        return badge
    return format_html('{} <span class="badge warn">{}</span>', badge, _("a newer version waits"))


@register.simple_tag
def rule_verdict(verdict: str) -> SafeString:
    word = labels.label("rule_verdict", verdict)
    return format_html('<span class="badge {}">{}</span>', "act" if verdict in CALLING else "plain", word)


@register.simple_tag
def rule_owner(line: Line) -> SafeString:
    if not line.owner:
        return format_html('<span class="gap">{}</span>', _("nobody yet"))
    return said(labels.label("rule_owner", line.owner_name or line.owner))


@register.simple_tag
def rule_review(line: Line) -> SafeString:
    if line.review is None:
        return format_html('<span class="gap">{}</span>', _("no day named"))
    day = day_of(line.review, moments.local(clock.now()).date())
    shown = format_html('<time datetime="{}">{}</time>', line.review.isoformat(), day)
    return format_html('{} <span class="badge warn">{}</span>', shown, _("overdue")) if line.overdue else shown


@register.filter
def said_of_rule(problem: BadRule) -> str:
    return refusals.sentence(actions.refused(problem))


@register.filter
def changes(trial: Trial) -> Iterator[tuple[str, str, int]]:
    """Verdict before, after, count; the largest first."""
    found = sorted(trial.changes.items(), key=lambda item: -item[1])
    return ((before, after, count) for (before, after), count in found)


@register.simple_tag
def line_word(line: FormLine, name: str) -> str:
    chosen = str(line.initial.get(name, ""))
    return str(dict(flat(line.fields[name])).get(chosen, chosen))  # type: ignore[arg-type]  # a choice field, both


@register.simple_tag
def common_fields() -> tuple[str, ...]:
    return field_names.COMMON


@register.simple_tag
def unsayable(code: str) -> str:
    """Why a text is not shown as a form."""
    words = {
        "comments": _("The text has comments among its conditions; they stay, so it is written as text."),
        "keywords": _("The text looks for words anywhere in the alert; the form has no line for that."),
        "value": _("The text asks for a value in a way the form has no words for."),
        "only_not": _("The text only says what must not be; the form needs something that must."),
        "tangled": _("The text has too many alternatives for a form."),
        "several": _("The text has several conditions; the form has one."),
        "together": _("The rule asks what several alerts are together; that is written as text."),
        "broken": _("The text cannot be read yet; mend it first."),
    }
    return words.get(code, code)

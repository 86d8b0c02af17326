"""How sources look: `{% load sourcing %}`."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta
from urllib.parse import urlsplit

from django import template
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hikeshi.intake.normalise import Finding
from hikeshi.intake.queries.sourcing import Line
from hikeshi.intake.rulebook import Rule
from hikeshi.phrases import labels
from hikeshi.phrases.sourcing import HOURS
from hikeshi.web import written
from hikeshi.web.alerts.bodies import pretty as written_out
from hikeshi.web.markup import markup
from hikeshi.web.settings.sources.shown import Replayed
from hikeshi.web.templatetags.rights import desk_url
from hikeshi.web.templatetags.show import said

register = template.Library()


@register.simple_tag
def source_name(line: Line) -> SafeString:
    return said(line.name_ja if (get_language() or "en").startswith("ja") else line.name)


@register.simple_tag
def source_state(line: Line) -> SafeString:
    if line.state == "off":
        tone, word = "plain", _("out of use")
    elif line.silent:
        tone, word = "warn", _("silent")
    elif line.last_at is not None:
        tone, word = "over", _("heard")
    elif line.has_token:
        tone, word = "warn", _("waits for its first alert")
    else:
        tone, word = "plain", _("not connected")
    return markup('<span class="badge {}">{}</span>', tone, word)


@register.simple_tag
def usual_silence(line: Line) -> str:
    """How long a source may say nothing."""
    learned = line.watch.learned
    if line.watch.days == 0:
        return _("not watched")
    if line.watch.days is not None:
        return _("told after %(days)s days without a word") % {"days": line.watch.days}
    if learned is None:
        return _("told after a week without a word, until its usual silences are known")
    hours = -(-learned // timedelta(hours=1))
    if hours < HOURS:
        return _("told after some %(hours)s hours without a word, as learned from its past") % {"hours": hours}
    return _("told after some %(days)s days without a word, as learned from its past") % {"days": round(hours / 24)}


@register.simple_tag(takes_context=True)
def source_url(context: dict[str, HttpRequest], code: str) -> str:
    return f"{desk_url(context)}/intake/v1/{code}"


@register.simple_tag(takes_context=True)
def connect_steps(context: dict[str, HttpRequest], steps: str, code: str) -> SafeString:
    """``{scheme}`` and ``{host}`` (with its port) are the desk's address in two, for makers who ask for it so."""
    desk = urlsplit(desk_url(context))
    known = {
        "{url}": source_url(context, code),
        "{desk}": desk.geturl(),
        "{scheme}": desk.scheme,
        "{host}": desk.netloc,
    }
    for name, value in known.items():
        steps = steps.replace(name, value)
    return written.html(steps)


@register.simple_tag
def targets() -> list[tuple[str, str]]:
    return labels.choices("source_target")


@register.filter
def of_path(mapped: Mapping[str, list[str]], path: str) -> list[str]:
    return mapped.get(path, [])


@register.filter
def counts(replayed: Replayed) -> list[tuple[str, int]]:
    return list(asdict(replayed).items())


@register.filter
def pretty(finding: Finding) -> str:
    return written_out(finding.normal)


@register.simple_tag
def title_of_rule(rule: Rule) -> SafeString:
    if rule.code == "default":
        return said(_("No rule matches"))
    return said(rule.titles.get((get_language() or "en")[:2]) or rule.titles["en"])


@register.filter
def remarks(finding: Finding) -> list[str]:
    """What was not understood, each in words."""
    kept = finding.normal.get("unmapped")
    notes = kept.get("hikeshi_notes", []) if isinstance(kept, dict) else []
    return [_remark(str(note)) for note in notes] if isinstance(notes, list) else []


def _remark(note: str) -> str:
    kind, _colon, rest = note.partition(":")
    words = {
        "severity_unknown": _("The severity was not understood: medium is taken."),
        "characters_replaced": _("Characters that cannot be shown were replaced."),
        "duplicate_keys": _("A key stands twice in the body: the last one counts."),
    }
    if kind != "time_quality":
        return words.get(kind, note)
    qualities = {
        "no_zone": _("A time has no zone: it is read as UTC."),
        "clamped": _("A time cannot be right: the time of receipt is taken."),
        "unreadable": _("A time cannot be read: the time of receipt is taken."),
        "missing": _("A time is missing: the time of receipt is taken."),
    }
    return qualities.get(rest.rpartition(":")[2], note)


@register.simple_tag
def unmapped_words(code: str) -> str:
    """Why a text is not shown as a form."""
    words = {
        "comments": _("The text has comments; they stay, so it is written as text."),
        "several": _("This source knows several kinds of alert; the form has room for one."),
        "when": _("The text says when it applies; the form has no words for that."),
        "expressions": _("The text has expressions the form has no words for."),
        "broken": _("The text cannot be read yet; mend it first."),
    }
    return words.get(code, code)

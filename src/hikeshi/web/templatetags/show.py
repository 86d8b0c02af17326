"""How things look, one door for each: `{% load show %}`."""

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import lru_cache
from types import MappingProxyType

from django import template
from django.forms.boundfield import BoundField
from django.template import Context
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hikeshi.incidents import names
from hikeshi.incidents.queries import Incident
from hikeshi.intake import queries as intake
from hikeshi.intake.queries import Alert
from hikeshi.kernel import clock
from hikeshi.phrases import labels, moments, wording
from hikeshi.phrases.wording import close, filling
from hikeshi.web import bundles, criteria, taking
from hikeshi.web.addresses import address
from hikeshi.web.markup import markup
from hikeshi.web.turning import TURNING

register = template.Library()

# The shape says the weight where colour cannot: full and pointed burns, hollow waits.
SHAPES = MappingProxyType({1: "▲", 2: "◆", 3: "●", 4: "▽", 5: "○"})
_TURNS = re.compile("[" + "".join(map(chr, TURNING)) + "]")
SEVERITY_RANK = MappingProxyType({6: 1, 5: 1, 4: 2, 3: 3, 2: 4, 1: 5})
VERDICT_TONE = MappingProxyType({"open": "burn", "attach": "act", "keep": "warn", "gather": "plain", "drop": "plain"})


@register.simple_tag
def asset(name: str) -> str:
    return bundles.url(name)


@register.simple_tag
@lru_cache(maxsize=512)
def icon(name: str, title: str = "") -> SafeString:
    """A Tabler icon. Without a title it is decoration and hidden from readers' software."""
    use = markup('<use href="{}#{}"></use>', bundles.url("icons.svg"), name)
    if title:
        return markup('<svg class="icon" role="img" aria-label="{}">{}</svg>', title, use)
    return markup('<svg class="icon" aria-hidden="true">{}</svg>', use)


def _offset(moment: datetime) -> str:
    minutes = int((moment.utcoffset() or timedelta()).total_seconds() // 60)
    sign = "-" if minutes < 0 else "+"
    return f"UTC{sign}{abs(minutes) // 60}" + (f":{abs(minutes) % 60:02}" if minutes % 60 else "")


def day_of(moment: date, today: date) -> str:
    """`11/21(土)`, `21 Nov (Sat)`; the year only where it is not this one."""
    return moments.day(moment, with_year=moment.year != today.year)


@register.simple_tag
def day(moment: date) -> SafeString:
    """A calendar day, which no time zone moves."""
    today = moments.local(clock.now()).date()
    return markup('<time datetime="{}">{}</time>', moment.isoformat(), day_of(moment, today))


def precise(here: datetime) -> str:
    """A local moment to the second, with its zone twice: its name, and what everybody can reckon with."""
    return f"{here:%Y-%m-%d %H:%M:%S} {here.tzname()} ({_offset(here)})"


@register.simple_tag
def at(moment: datetime | None, form: str = "full") -> SafeString:
    """A moment for people; seconds and zone on hover. Forms: full, plain (no zone), short (day only when not today),
    clock (no day).
    """
    if moment is None:
        return unknown()
    here = moments.local(moment)
    today = clock.now().astimezone(here.tzinfo).date()
    text = f"{here:%H:%M}"
    if form != "clock" and not (form == "short" and here.date() == today):
        text = f"{day_of(here.date(), today)} {text}"
    if form == "full":
        text = f"{text} {here.tzname()}"
    return markup('<time datetime="{}" title="{}">{}</time>', moment.isoformat(), precise(here), text)


@register.filter
def wall(moment: datetime) -> str:
    """A moment as it stands on the clock of another place."""
    return f"{day_of(moment.date(), moments.local(clock.now()).date())} {moment:%H:%M}"


@register.filter
def to(begin: datetime, end: datetime) -> str:
    """`11/21(土) 09:00–18:00`: from one to another as clocks of the place say; the day once where it is the same."""
    return f"{wall(begin)}–{end:%H:%M}" if begin.date() == end.date() else f"{wall(begin)} – {wall(end)}"


@register.filter
def filled(value: str) -> str:
    """What fills a placeholder, marked for ``closed``."""
    return filling(value)


@register.filter(is_safe=True)
def closed(text: str) -> str:
    """A sentence without blanks beside Japanese names: around a whole ``blocktranslate``."""
    return close(text)


def length(span: timedelta) -> str:
    """`17 min`, `1:42`, `2 days 6 h`."""
    minutes = max(0, int(span.total_seconds()) // 60)
    if minutes < 60:
        return _("%(minutes)s min") % {"minutes": minutes}
    if minutes < 24 * 60:
        return f"{minutes // 60}:{minutes % 60:02}"
    return _("%(days)s d %(hours)s h") % {"days": minutes // 1440, "hours": minutes % 1440 // 60}


@register.simple_tag
def since(moment: datetime) -> SafeString:
    """How long it has been; the page keeps it running."""
    text, began = length(clock.now() - moment), moment.isoformat()
    title = precise(moments.local(moment))
    return markup('<time data-since="{}" datetime="{}" title="{}">{}</time>', began, began, title, text)


@register.simple_tag
def span(start: datetime, end: datetime) -> str:
    return length(end - start)


@register.simple_tag(takes_context=True)
def taken(context: Context, name: str, number: int | None = None) -> SafeString:
    """Behind a table with this name (``data-take``): it as a file, of what is on the page. See ``web/taking.py``."""
    request = context.get("request")
    if request is None:
        return SafeString()
    asked = request.GET.copy()
    whole = name if number is None else f"{name}-{number}"
    files = []
    for form, word in (("xlsx", "Excel"), ("csv", "CSV"), ("json", "JSON")):
        asked[taking.ASKED] = f"{whole}.{form}"
        files.append((asked.urlencode(), word))
    links = format_html_join(" ", '<a href="?{}" download>{}</a>', files)
    return markup('<p class="fine taken">{} {}</p>', _("Export:"), links)


@register.simple_tag
def unknown(word: str = "") -> SafeString:
    return markup('<span class="gap">{}</span>', word or _("unknown"))


@register.filter
def named(codes: Iterable[str], group: str) -> str:
    return wording.listed(labels.label(group, str(one)) for one in codes)


@register.filter
def bracketed(text: object) -> SafeString:
    return markup(wording.bracketed("{}"), text)


@register.filter
def grouped(number: int | None) -> str:
    return "" if number is None else f"{number:,}"


def upright(text: str) -> str:
    """Characters that turn writing round, by name. Hardly any text has them, and looking is cheap."""
    return text.translate(TURNING) if _TURNS.search(text) else text


@register.filter
def said(text: object) -> SafeString:
    """What people or machines wrote: escaped, isolated so that writing from right to left stays in its place, and with
    the characters that turn writing round shown by name: `exe.png` must not be `gnp.exe`.
    """
    return markup("<bdi>{}</bdi>", upright(str(text)))


@register.filter
def source(code: str) -> SafeString:
    """A detector by its name; the code that conditions are written with on hover."""
    return markup('<bdi title="{}">{}</bdi>', code, upright(intake.source_name(code, get_language() or "en")))


@register.simple_tag
def who(name: str | None, *, full: bool = True) -> SafeString:
    """A person: the initial in a disc, and the name."""
    if not name:
        word = _("nobody")
        disc = markup('<span class="who nobody" aria-hidden="true">{}</span>', "?")
        return markup('<span class="person">{}<span class="gap">{}</span></span>', disc, word) if full else disc
    disc = markup('<span class="who" aria-hidden="true">{}</span>', name.strip()[:1].upper())
    if not full:
        return markup('<span class="person" title="{}">{}<span class="unseen">{}</span></span>', name, disc, name)
    return markup('<span class="person">{}<bdi>{}</bdi></span>', disc, name)


@register.simple_tag
def weight(rank: int, word: str, prefix: str = "") -> SafeString:
    """A severity or priority badge from its rank (1 burns most): word, shape, colour."""
    shape = SHAPES.get(rank, SHAPES[5])
    shown = f"{prefix}{rank} " if prefix else ""
    return markup(
        '<span class="badge weight-{}"><span class="shape" aria-hidden="true">{}</span>{}{}</span>',
        rank,
        shape,
        shown,
        word,
    )


@register.inclusion_tag("web/parts/field.html")
def field(bound: BoundField, extra: str = "") -> dict[str, object]:
    """One form field: label, help, control, error."""
    widget = bound.field.widget
    kind = getattr(widget, "input_type", "select" if hasattr(widget, "choices") else "text")
    many = kind in {"radio", "checkbox"} and hasattr(widget, "choices")
    shown = {"field": bound, "kind": kind, "many": many, "single": kind == "checkbox" and not many, "extra": extra}
    return {**shown, "criteria": criteria.beside(bound)}


@register.simple_tag
def label(group: str, code: object) -> str:
    return labels.label(group, str(code))


@register.simple_tag
def kind_of(record: Incident) -> str:
    """Its kind in the words of the day it was judged."""
    word = names.kind_word(record.kind, record.kinds)
    if word is None:
        return labels.label("kind", record.kind)
    return word.ja if get_language() == "ja" else word.en


@register.simple_tag
def priority(rank: int) -> SafeString:
    return weight(rank, labels.label("priority", rank), "P")


@register.simple_tag
def severity(level: int) -> SafeString:
    """OCSF counts upwards (6 is fatal), the desk downwards."""
    return weight(SEVERITY_RANK.get(level, 5), labels.label("severity", level))


@register.simple_tag
def verdict(alert: Alert, *, because: bool = True) -> SafeString:
    """The verdict and where it led; the rule's sentence on hover, whole on the alert's own page."""
    tone = VERDICT_TONE.get(alert.verdict, "plain")
    word = labels.label("verdict", alert.verdict)
    badge = markup('<span class="badge {}">{}</span>', tone, word)
    case = ""
    if alert.case_ref:
        case = markup(' <a class="figure" href="{}">{}</a>', address("web:room", alert.case_ref), alert.case_ref)
    if not because:
        return markup("{}{}", badge, case)
    return markup('{}{}<div class="fine dim clip">{}</div>', badge, case, reason(alert))


@register.simple_tag
def reason(alert: Alert) -> SafeString:
    return markup("<bdi>{}</bdi>", intake.reason_of(alert, get_language() or "en"))

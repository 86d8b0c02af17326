"""How things look, one door for each: `{% load show %}`."""

from datetime import date, datetime, timedelta
from functools import lru_cache
from types import MappingProxyType

from django import template
from django.forms.boundfield import BoundField
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import MONTHS_3, WEEKDAYS_ABBR
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hikeshi.intake import queries as intake
from hikeshi.intake.queries import Alert
from hikeshi.kernel import clock
from hikeshi.phrases import labels
from hikeshi.web import assets

register = template.Library()

# The shape says the weight where colour cannot: full and pointed burns, hollow waits.
SHAPES = MappingProxyType({1: "▲", 2: "◆", 3: "●", 4: "▽", 5: "○"})
# LRE, RLE, PDF, LRO, RLO and the isolates: honest text never needs to order its own display.
TURNING = {code: f"[U+{code:04X}]" for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))}
SEVERITY_RANK = MappingProxyType({6: 1, 5: 1, 4: 2, 3: 3, 2: 4, 1: 5})
VERDICT_TONE = MappingProxyType({"open": "burn", "attach": "act", "keep": "warn", "drop": "plain"})
DAYS = MappingProxyType(
    {
        "ja": ("{month}/{day}({weekday})", "{year}/{month}/{day}({weekday})"),
        "en": ("{day} {month_name} ({weekday})", "{day} {month_name} {year} ({weekday})"),
    }
)


@register.simple_tag
def asset(name: str) -> str:
    return assets.url(name)


@register.simple_tag
@lru_cache(maxsize=512)
def icon(name: str, title: str = "") -> SafeString:
    """A Tabler icon. Without a title it is decoration and hidden from readers' software."""
    use = format_html('<use href="{}#{}"></use>', assets.url("icons.svg"), name)
    if title:
        return format_html('<svg class="icon" role="img" aria-label="{}">{}</svg>', title, use)
    return format_html('<svg class="icon" aria-hidden="true">{}</svg>', use)


def _offset(moment: datetime) -> str:
    minutes = int((moment.utcoffset() or timedelta()).total_seconds() // 60)
    sign = "-" if minutes < 0 else "+"
    return f"UTC{sign}{abs(minutes) // 60}" + (f":{abs(minutes) % 60:02}" if minutes % 60 else "")


def day_of(moment: date, today: date) -> str:
    """`11/21(土)`, `21 Nov (Sat)`; the year only where it is not this one."""
    pattern = DAYS.get(get_language() or "", DAYS["en"])[moment.year != today.year]
    return pattern.format(
        year=moment.year,
        month=moment.month,
        month_name=str(MONTHS_3[moment.month]).capitalize(),
        day=moment.day,
        weekday=WEEKDAYS_ABBR[moment.weekday()],
    )


def words_of(moment: datetime, *, zone: bool = True, day: bool = True) -> str:
    here = timezone.localtime(moment)
    parts = [here.strftime("%H:%M")]
    if day:
        parts.insert(0, day_of(here.date(), timezone.localtime(clock.now()).date()))
    if zone:
        parts.append(here.strftime("%Z"))
    return " ".join(parts)


def precise(moment: datetime) -> str:
    here = timezone.localtime(moment)
    return f"{here:%Y-%m-%d %H:%M:%S} {here.tzname()} ({_offset(here)})"


@register.simple_tag
def at(moment: datetime | None, form: str = "full") -> SafeString:
    """A moment for people; seconds and zone on hover. Forms: full, plain (no zone), short (day only when not today)."""
    if moment is None:
        return unknown()
    today = timezone.localtime(moment).date() == timezone.localtime(clock.now()).date()
    text = words_of(moment, zone=form == "full", day=form != "clock" and not (form == "short" and today))
    return format_html('<time datetime="{}" title="{}">{}</time>', moment.isoformat(), precise(moment), text)


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
    text = length(clock.now() - moment)
    return format_html(
        '<time data-since="{}" datetime="{}" title="{}">{}</time>',
        moment.isoformat(),
        moment.isoformat(),
        precise(moment),
        text,
    )


@register.simple_tag
def span(start: datetime, end: datetime) -> str:
    return length(end - start)


@register.simple_tag
def unknown(word: str = "") -> SafeString:
    return format_html('<span class="gap">{}</span>', word or _("unknown"))


@register.filter
def grouped(number: int | None) -> str:
    return "" if number is None else f"{number:,}"


@register.filter
def said(text: object) -> SafeString:
    """What people or machines wrote: escaped, isolated so that writing from right to left stays in its place, and with
    the characters that turn writing round shown by name: `exe.png` must not be `gnp.exe`.
    """
    return format_html("<bdi>{}</bdi>", str(text).translate(TURNING))


@register.simple_tag
def who(name: str | None, *, full: bool = True) -> SafeString:
    """A person: the initial in a disc, and the name."""
    if not name:
        word = _("nobody")
        disc = format_html('<span class="who nobody" aria-hidden="true">{}</span>', "?")
        return format_html('<span class="person">{}<span class="gap">{}</span></span>', disc, word) if full else disc
    disc = format_html('<span class="who" aria-hidden="true">{}</span>', name.strip()[:1].upper())
    if not full:
        return format_html('<span class="person" title="{}">{}<span class="unseen">{}</span></span>', name, disc, name)
    return format_html('<span class="person">{}<bdi>{}</bdi></span>', disc, name)


@register.simple_tag
def weight(rank: int, word: str, prefix: str = "") -> SafeString:
    """A severity or priority badge from its rank (1 burns most): word, shape, colour."""
    shape = SHAPES.get(rank, SHAPES[5])
    shown = f"{prefix}{rank} " if prefix else ""
    return format_html(
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
    return {"field": bound, "kind": kind, "many": many, "single": kind == "checkbox" and not many, "extra": extra}


@register.simple_tag
def label(group: str, code: object) -> str:
    return labels.label(group, str(code))


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
    badge = format_html('<span class="badge {}">{}</span>', tone, word)
    case = ""
    if alert.case_ref:
        case = format_html(
            ' <a class="figure" href="{}">{}</a>', reverse("web:room", args=[alert.case_ref]), alert.case_ref
        )
    if not because:
        return format_html("{}{}", badge, case)
    return format_html('{}{}<div class="fine dim clip">{}</div>', badge, case, reason(alert))


@register.simple_tag
def reason(alert: Alert) -> SafeString:
    return format_html("<bdi>{}</bdi>", intake.reason_of(alert, get_language() or "en"))

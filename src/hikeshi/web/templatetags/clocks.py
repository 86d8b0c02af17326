"""Service clocks, one door for their looks: `{% load clocks %}`."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Protocol

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from hikeshi.kernel import clock
from hikeshi.phrases import labels, moments
from hikeshi.phrases.wording import leading
from hikeshi.service_levels.codes import GOING, State
from hikeshi.service_levels.queries import Chip, ClockView
from hikeshi.web.markup import escaped, markup
from hikeshi.web.templatetags.show import at, icon, length, precise

register = template.Library()


class Shown(Protocol):
    @property
    def measure(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def due_at(self) -> datetime | None: ...
    @property
    def left(self) -> int | None: ...


def _picture(state: str, tone: str) -> SafeString:
    if state == State.PAUSED:
        return icon("clock-pause")
    if state == State.NEVER:
        return icon("clock-off")
    return icon("alarm") if tone == "burn" else icon("clock")


def _remaining(due: datetime) -> SafeString:
    """How long it still is, or has been over; the page keeps it running."""
    now = clock.now()
    ahead, past = _("%(span)s left"), _("%(span)s over")
    text = past % {"span": length(now - due)} if due <= now else ahead % {"span": length(due - now)}
    said = [one % {"span": "{t}"} for one in (ahead, past)]
    title = precise(moments.local(due))
    whole = '<time data-until="{}" data-ahead="{}" data-past="{}" datetime="{}" title="{}">{}</time>'
    return markup(whole, due.isoformat(), said[0], said[1], due.isoformat(), title, text)


@register.simple_tag
def remaining(due: datetime) -> SafeString:
    """How long it is to a time that is no clock's."""
    return _remaining(due)


def _still(left: int) -> str:
    minutes = abs(left) // 60  # counted time has no days: an office day is shorter than a day
    span = f"{minutes // 60}:{minutes % 60:02}" if minutes >= 60 else length(timedelta(minutes=minutes))
    return (_("%(span)s left") if left >= 0 else _("%(span)s over")) % {"span": span}


@register.simple_tag
def clock_left(shown: Shown) -> SafeString:
    """What is left of it, in words that stand by themselves."""
    return _left(shown, leading(labels.label("clock_state", shown.state)))


def _left(shown: Shown, state: str) -> SafeString:
    if shown.state == State.RUNNING and shown.due_at is not None:
        return _remaining(shown.due_at)
    if shown.state == State.PAUSED and shown.left is not None:
        return markup("{} · {}", state, _still(shown.left))
    return markup("{}", state)


@register.simple_tag
def clock_badge(shown: Shown, tone: str) -> SafeString:
    """For a line among others: what it measures, and when it runs out."""
    measure = labels.label("measure", shown.measure)
    if shown.state == State.RUNNING and shown.due_at is not None and tone != "burn":
        when = at(shown.due_at, "short")
    else:
        when = _left(shown, labels.label("clock_state", shown.state))
    parts = {"measure": escaped(measure), "when": when}
    said = SafeString(pgettext("clock_badge", "%(measure)s: %(when)s") % parts)
    return markup('<span class="badge {} due">{}<span>{}</span></span>', tone, _picture(shown.state, tone), said)


@register.simple_tag
def clock_outcome(state: str, tone: str) -> SafeString:
    """The state as a badge of its own."""
    if state in GOING:
        shown = {"burn": _("Run out"), "warn": _("Running out")}.get(tone, leading(labels.label("clock_state", state)))
        return markup('<span class="badge {}">{}{}</span>', tone, _picture(state, tone), shown)
    tone = {"met": "over", "missed": "warn"}.get(state, "plain")
    return markup('<span class="badge {}">{}</span>', tone, leading(labels.label("clock_state", state)))


@register.simple_tag
def target_of(view: ClockView) -> SafeString:
    """By which target it runs, as far as it is still in the book."""
    if view.target is None:
        return markup("")
    name = view.target.name((get_language() or "en")[:2])
    return markup("<bdi>{}</bdi>", _("Target: %(name)s") % {"name": name})


@register.filter
def of(chips: Mapping[int, Chip], key: int) -> Chip | None:
    return chips.get(key)


@register.filter
def spell(minutes: int | None) -> str:
    """A length as a target writes it: `90`, `4h`, `2d`, as ``assets.cells.minutes_of`` reads it."""
    if minutes is None:
        return ""
    if minutes % 1440 == 0:
        return f"{minutes // 1440}d"
    return f"{minutes // 60}h" if minutes % 60 == 0 else str(minutes)


@register.filter
def lasting(minutes: int) -> str:
    """A length for people: `15 min`, `4 h`, `3 days`; hours of business beyond a day stay hours."""
    if minutes % 60:
        return _("%(minutes)s min") % {"minutes": minutes}
    return pgettext("length", "%(hours)s h") % {"hours": minutes // 60}


@register.filter
def lived(minutes: int) -> str:
    """A length of real time: days where they are whole."""
    if minutes % 1440:
        return lasting(minutes)
    return pgettext("length", "%(days)s d") % {"days": minutes // 1440}

"""Work and load, one door for their looks: `{% load load %}`."""

from collections.abc import Mapping
from typing import Final

from django import template
from django.utils.formats import number_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from hikeshi.load.queries import Figures
from hikeshi.phrases import labels
from hikeshi.web.markup import markup
from hikeshi.web.templatetags.show import icon

register = template.Library()
FULL: Final = 100
TONES: Final = {1: "burn", 2: "warn"}


@register.filter
def hours(minutes: int) -> str:
    """`0.5`, `2`, `16.25`."""
    return number_format(f"{minutes / 60:.2f}".rstrip("0").rstrip("."))


@register.filter
def known(names: Mapping[str, str], code: str) -> str:
    return names.get(code, "")


@register.simple_tag
def load_counts(one: Figures) -> SafeString:
    """Open records the reader sees, by priority, the gravest in colour."""
    counted = [(place, count) for place, count in enumerate(one.seen.by_priority, start=1) if count]
    shown = [
        markup('<span class="badge {}">P{} × {}</span>', TONES.get(place, "plain"), place, count)
        for place, count in counted
    ]
    return markup("{}" * len(shown), *shown)


@register.simple_tag
def load_bar(one: Figures) -> SafeString:
    """Work left against the time there is, as a bar and a number; loud beyond the whole of it."""
    said = {"work": hours(one.remaining), "time": hours(one.capacity)}
    title = _("Work left %(work)s h, time in the next seven days %(time)s h") % said
    full = one.percent
    if full is None:
        return markup('<span class="badge burn" title="{}">{}{}</span>', title, icon("alert-triangle"), _("no time"))
    tone = "burn" if full > FULL else ""
    meter = '<span class="load-bar {}" title="{}"><progress class="meter" max="100" value="{}"></progress> {}%</span>'
    return markup(meter, tone, title, min(full, FULL), full)


@register.simple_tag
def load_marks(one: Figures) -> SafeString:
    shown = [
        markup('<span class="badge burn">{}{}</span>', icon("alert-triangle"), labels.label("load_mark", mark))
        for mark in one.marks
    ]
    return markup("{}" * len(shown), *shown)

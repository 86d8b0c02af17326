"""How assets look: `{% load assets %}`."""

from collections.abc import Iterable

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from hikeshi.assets.particulars import is_stale
from hikeshi.assets.queries import Asset
from hikeshi.incidents.queries import Raised
from hikeshi.kernel import clock
from hikeshi.phrases import labels, urgency
from hikeshi.web.assets.showing import span_words
from hikeshi.web.templatetags.show import day, said, unknown, weight

register = template.Library()
# One step below the burning red: an asset is grave by itself, it burns only when it is hit.
RANKS = {4: 2, 3: 3, 2: 4, 1: 5}


@register.simple_tag
def criticality(level: int) -> SafeString:
    return weight(RANKS.get(level, 5), labels.label("criticality", level))


@register.simple_tag
def data_held(codes: Iterable[str]) -> SafeString:
    words = ((labels.label("asset_data", code),) for code in codes)
    return format_html_join(" ", '<span class="badge plain">{}</span>', words)


@register.simple_tag
def answerable(asset: Asset) -> SafeString:
    """Who answers for it: a person, a team, or both."""
    names = [said(asset.owner.name)] if asset.owner is not None else []
    if asset.team is not None:
        gone = format_html(' <span class="badge warn">{}</span>', _("out of use")) if asset.team.retired_at else ""
        names.append(format_html("{}{}", said(asset.team.name), gone))
    return format_html_join(" · ", "{}", ((name,) for name in names)) if names else SafeString("")


@register.simple_tag
def proven(asset: Asset) -> SafeString:
    """When a restore was last proven; one that lies long back is marked, since systems change."""
    if asset.restored_on is None:
        return unknown(_("Never proven"))
    if not is_stale(asset.restored_on, clock.now().date()):
        return day(asset.restored_on)
    title = _("More than a year ago")
    return format_html('<span class="badge warn" title="{}">{}</span>', title, day(asset.restored_on))


@register.filter
def outage(minutes: int | None) -> str:
    return span_words(minutes)


@register.simple_tag
def why_raised(raised: Raised) -> SafeString:
    return format_html("<bdi>{}</bdi>", urgency.raised(raised.name, raised.criticality))

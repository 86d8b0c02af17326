"""What was found, with what was looked for marked: `{% load search %}`."""

from django import template
from django.utils.safestring import SafeString

from hikeshi.finding.marking import Pieces
from hikeshi.web.markup import markup
from hikeshi.web.search.forms import Box
from hikeshi.web.templatetags.show import upright

register = template.Library()


@register.simple_tag
def pieces(found: Pieces) -> SafeString:
    """Escaped and isolated as `said` does it."""
    parts = [markup("<mark>{}</mark>" if one.found else "{}", upright(one.text)) for one in found]
    return markup("<bdi>{}</bdi>", SafeString("".join(parts)))


@register.simple_tag
def query_of(box: Box, kind: str) -> str:
    """The address of the same question, of one kind alone."""
    return box.query(type=kind)

"""Words of a form in the reader's language."""

from collections.abc import Mapping
from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.translation import get_language

from hikeshi.forms.definitions import Text
from hikeshi.kernel import clock
from hikeshi.web.templatetags.show import day_of

register = template.Library()


@register.filter
def in_language(text: Text) -> str:
    return text.said((get_language() or "ja")[:2])


@register.simple_tag(takes_context=True)
def thing_at(context: Mapping[str, Mapping[str, str]], thing: str) -> str:
    """Where the thing of an answer is looked at, by the page's ``links``; empty where this reader has no page of it."""
    return context.get("links", {}).get(thing, "")


@register.filter
def typed_moment(text: str) -> str:
    """As somebody typed it, in whichever zone they were."""
    moment = datetime.fromisoformat(text)
    return f"{day_of(moment.date(), timezone.localdate(clock.now()))} {moment:%H:%M}"

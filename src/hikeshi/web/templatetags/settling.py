"""The way round in the settings: `{% load settling %}`."""

from django import template
from django.http import HttpRequest
from django.template import RequestContext
from django.utils.translation import get_language

from hikeshi.incidents.catalogue import Kind
from hikeshi.web.settings import places

register = template.Library()


@register.simple_tag(takes_context=True)
def settings_groups(context: RequestContext) -> list[places.Group]:
    request = context["request"]
    return places.groups(request.actor)


@register.filter
def is_here(setting: places.Setting, request: HttpRequest) -> bool:
    return setting.is_here(request.path)


@register.simple_tag
def hint(kind: Kind) -> str:
    """When to choose it, in the reader's language."""
    return kind.hint_ja if get_language() == "ja" else kind.hint_en

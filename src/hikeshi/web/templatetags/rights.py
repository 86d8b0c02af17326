"""Roles, verbs and browsers in words, and where the desk is: `{% load rights %}`."""

from django import template
from django.http import HttpRequest
from django.utils.translation import gettext as _

from hikeshi.phrases import labels
from hikeshi.web.account import browsers
from hikeshi.web.signin import places

register = template.Library()


@register.simple_tag
def role_name(code: str, name: str = "") -> str:
    """A role the site made has its own name; a built-in one has a name in every language."""
    return name or labels.label("account_role", code)


@register.simple_tag
def verb_name(verb: str) -> str:
    return labels.label("verb", verb)


@register.filter
def browser(agent: str) -> str:
    return browsers.name_of(agent) or _("a program that does not say what it is")


@register.simple_tag(takes_context=True)
def desk_url(context: dict[str, HttpRequest]) -> str:
    return places.address(context["request"])

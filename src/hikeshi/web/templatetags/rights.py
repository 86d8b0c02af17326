"""Roles and verbs in words: `{% load rights %}`."""

from django import template

from hikeshi.phrases import labels

register = template.Library()


@register.simple_tag
def role_name(code: str, name: str = "") -> str:
    """A role the site made has its own name; a built-in one has a name in every language."""
    return name or labels.label("account_role", code)


@register.simple_tag
def verb_name(verb: str) -> str:
    return labels.label("verb", verb)

"""Django's `url`, remembered. Built in: templates write `{% url %}` as ever (see TEMPLATES in the settings)."""

from django import template
from django.template.base import Parser, Token
from django.template.context import Context
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as ordinary
from django.utils.html import conditional_escape

from hikeshi.web.addresses import address

register = template.Library()


class Address(URLNode):
    """`{% url "name" part … %}`; with named parts or `as`, Django's own node is kept."""

    def render(self, context: Context) -> str:
        match = getattr(getattr(context, "request", None), "resolver_match", None)
        parts = [part.resolve(context) for part in self.args]
        found = address(self.view_name.resolve(context), *parts, app=match.namespace if match else None)
        return conditional_escape(found) if context.autoescape else found


@register.tag
def url(parser: Parser, token: Token) -> URLNode:
    node = ordinary(parser, token)
    if node.kwargs or node.asvar:
        return node
    return Address(node.view_name, node.args, node.kwargs, node.asvar)

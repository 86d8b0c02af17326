"""Django's `{% load i18n %}` with a `translate` that remembers its sentence: a list says the same words in each row."""

from django import template
from django.template.base import Parser, Token, Variable
from django.template.context import Context
from django.templatetags import i18n as django_i18n
from django.utils.translation import get_language

register = template.Library()
register.tags.update(django_i18n.register.tags)
register.filters.update(django_i18n.register.filters)


class Sentence(django_i18n.TranslateNode):
    """A sentence that stands in the template, once in each language."""

    def __init__(self, node: django_i18n.TranslateNode) -> None:
        super().__init__(node.filter_expression, node.noop, node.asvar, node.message_context)
        self.said: dict[str | None, str] = {}

    def render(self, context: Context) -> str:
        language = get_language()
        said = self.said.get(language)
        if said is None:
            said = self.said[language] = super().render(context)
        return said


@register.tag("translate")
@register.tag("trans")
def translate(parser: Parser, token: Token) -> django_i18n.TranslateNode:
    node = django_i18n.do_translate(parser, token)
    words = node.filter_expression
    fixed = isinstance(words.var, Variable) and words.var.lookups is None and not words.filters
    return Sentence(node) if fixed and not (node.asvar or node.message_context or node.noop) else node

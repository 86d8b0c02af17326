"""Who is on call, in one line above the first page: `{% load duty %}`."""

from django import template
from django.http import HttpRequest
from django.urls import reverse

from hikeshi.oncall.permissions import Verb
from hikeshi.oncall.queries import duty
from hikeshi.oncall.rota import MOMENT

register = template.Library()
MOST = 8


@register.inclusion_tag("web/oncall/strip.html", takes_context=True)
def on_call_now(context: dict[str, HttpRequest]) -> dict[str, object]:
    """The rotas the reader may see, gaps first; the rest is a number."""
    by = getattr(context["request"], "actor", None)
    if by is None or not by.may(Verb.VIEW):
        return {}
    board = duty.board(by, ahead=MOMENT)
    standings = sorted(board.standings, key=lambda one: not one.now.is_gap)
    lines = [
        (one.row.name, reverse("web:rota", args=[one.row.uuid]), board.names.get(one.now.person, ""), one.now.why)
        for one in standings[:MOST]
    ]
    return {"lines": lines, "more": max(len(standings) - MOST, 0)}

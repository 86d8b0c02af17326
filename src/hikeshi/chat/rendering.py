"""Answers in the form each tool takes. What stands in them never becomes markup, a mention or a picture."""

import html
import re
from collections.abc import Callable, Mapping
from typing import Final

from django.http import HttpResponse, JsonResponse

from hikeshi.chat.commands.asking import Reply
from hikeshi.rooms.escaping import mattermost, slack
from hikeshi.rooms.makers import Maker

_MARKS: Final = re.compile(r"([\\`*_{}\[\]()#!|~])")


def teams(text: str) -> str:
    return html.escape(_MARKS.sub(r"\\\1", text))


ESCAPED: Final[Mapping[Maker, Callable[[str], str]]] = {
    Maker.SLACK: slack,
    Maker.MATTERMOST: mattermost,
    Maker.TEAMS: teams,
    Maker.LINE_WORKS: str,
}
BREAK: Final = {Maker.TEAMS: "<br>"}


def text_of(reply: Reply, maker: Maker) -> str:
    lines = [ESCAPED[maker](line) for line in reply.lines]
    return BREAK.get(maker, "\n").join([*lines, *([reply.link] if reply.link else [])])


def answered(reply: Reply, maker: Maker) -> HttpResponse:
    """To the one person, except where the tool knows no such thing."""
    text = text_of(reply, maker)
    if maker is Maker.TEAMS:
        return JsonResponse({"type": "message", "text": text})
    return JsonResponse({"response_type": "ephemeral", "text": text})

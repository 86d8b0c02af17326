"""Text that stays text in a chat tool: no markup, no mention of everybody, no picture fetched from elsewhere. Pure."""

import re
from typing import Final

_MARKS: Final = re.compile(r"([\\`*_{}\[\]()<>#!|~:])")
_CARD: Final = re.compile(r"([\\`*_{}\[\]()#!|~])")
BREAKER: Final = "\u200b"


def slack(text: str) -> str:
    """The three signs that begin everything special there
    (https://docs.slack.dev/messaging/formatting-message-text, "Escaping text").
    """
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def mattermost(text: str) -> str:
    """Markdown, and mentions, which begin with @ and have no other escape than a sign of no width."""
    return _MARKS.sub(r"\\\1", text).replace("@", f"@{BREAKER}")


def teams_card(text: str) -> str:
    """A text block of an adaptive card: a little Markdown, and <at>, which names people."""
    return _CARD.sub(r"\\\1", text).replace("<", f"<{BREAKER}")

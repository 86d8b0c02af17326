"""The chat tools there are, and what each is asked for. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from hikeshi.notify.channels.fields import Field


class Maker(StrEnum):
    SLACK = "slack"
    TEAMS = "teams"
    MATTERMOST = "mattermost"
    LINE_WORKS = "line_works"


FIELDS: Final[Mapping[Maker, tuple[Field, ...]]] = {
    Maker.SLACK: (
        Field("signing_secret", secret=True, needed=True),
        Field("bot_token", secret=True),
        Field("reaction", default="pushpin"),
    ),
    Maker.TEAMS: (
        Field("security_token", secret=True, needed=True),
        Field("webhook", secret=True),
    ),
    Maker.MATTERMOST: (
        Field("command_token", secret=True, needed=True),
        Field("server"),
        Field("team"),
        Field("bot_token", secret=True),
    ),
    Maker.LINE_WORKS: (
        Field("bot_secret", secret=True, needed=True),
        Field("bot", needed=True),
        Field("client_id", needed=True),
        Field("client_secret", secret=True, needed=True),
        Field("service_account", needed=True),
        Field("private_key", secret=True, needed=True, several=True),
    ),
}
"""``needed`` is what commands need; the rest is for rooms and marks."""

FOR_ROOMS: Final[Mapping[Maker, tuple[str, ...]]] = {
    Maker.SLACK: ("bot_token",),
    Maker.TEAMS: ("webhook",),
    Maker.MATTERMOST: ("server", "team", "bot_token"),
    Maker.LINE_WORKS: (),
}

OVERHEARD: Final = frozenset({Maker.TEAMS})
"""Answers there stand in the channel for everybody who reads it: an outgoing webhook of Teams works in public channels
only (learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/add-outgoing-webhook).
"""
SPOKEN_TO: Final = frozenset({Maker.LINE_WORKS})
"""Whose callbacks take no answer: the desk writes to the person by itself. Its rooms take people when they are made,
and cannot be found again by their name.
"""
READ_FROM: Final = frozenset({Maker.MATTERMOST})
"""Where a message is marked by naming it in a command, and looked at again afterwards: the tool tells nobody of
reactions, nor of changes.
"""


def emoji(typed: str) -> str:
    """A reaction by its name, without colons and without the tone of a skin."""
    return typed.strip().strip(":").partition("::")[0].casefold()

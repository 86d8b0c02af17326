"""Mattermost: a slash command, sent as a form (https://developers.mattermost.com/integrate/slash-commands/custom)."""

from hikeshi.chat import signatures
from hikeshi.chat.arriving import Arrived, Kind, Sent, Unusable
from hikeshi.chat.makers.slack import FORM, form
from hikeshi.rooms.queries import Door


def read(door: Door, sent: Sent) -> Arrived:
    """``trigger_id`` is another at every call, so that a recording is known. Raises Unusable."""
    if sent.content_type != FORM:
        raise Unusable(415, "bad_content_type")
    said = form(sent.body)
    token, header = door.secret.get("command_token", ""), sent.header("authorization")
    if not signatures.mattermost(token, authorization=header, given=said.get("token", "")):
        raise Unusable(401, "bad_token")
    return Arrived(
        Kind.COMMAND,
        key=f"command:{said.get('trigger_id') or sent.body!r}",
        who=said.get("user_id", ""),
        place=said.get("channel_id", ""),
        text=said.get("text", ""),
    )

"""Slack: slash commands and message shortcuts as forms, events as JSON
(https://docs.slack.dev/interactivity/implementing-slash-commands, https://docs.slack.dev/apis/events-api).
"""

from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl

from hikeshi.chat import signatures
from hikeshi.chat.arriving import Arrived, Kind, Sent, Tree, Unusable, tree, words
from hikeshi.rooms.queries import Door

FORM: Final = "application/x-www-form-urlencoded"
JSON: Final = "application/json"
NOTHING: Final = Arrived(Kind.NOTHING)


def read(door: Door, sent: Sent) -> Arrived:
    """Raises Unusable."""
    proof = {"at": sent.header("x-slack-request-timestamp"), "signature": sent.header("x-slack-signature")}
    if not signatures.slack(door.secret.get("signing_secret", ""), body=sent.body, now=sent.now, **proof):
        raise Unusable(401, "bad_signature")
    if sent.content_type == JSON:
        return _event(tree(sent.body), door.plain)
    if sent.content_type != FORM:
        raise Unusable(415, "bad_content_type")
    said = form(sent.body)
    if "payload" in said:
        return _shortcut(tree(said["payload"].encode("utf-8", "surrogatepass")))
    if said.get("ssl_check"):
        return NOTHING
    return Arrived(
        Kind.COMMAND,
        key=f"command:{said.get('trigger_id') or sent.body!r}",
        who=said.get("user_id", ""),
        place=said.get("channel_id", ""),
        text=said.get("text", ""),
    )


def form(body: bytes) -> dict[str, str]:
    """Raises Unusable."""
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=60, strict_parsing=False))
    except ValueError:
        raise Unusable(400, "not_a_form") from None


def _shortcut(said: Tree) -> Arrived:
    """An entry in the menu of a message: into the timeline with it."""
    if words(said, "type") != "message_action":
        return NOTHING
    return Arrived(
        Kind.MARK,
        key=f"shortcut:{words(said, 'trigger_id') or words(said, 'action_ts')}",
        who=words(said, "user", "id"),
        place=words(said, "channel", "id"),
        message=words(said, "message", "ts"),
        text=words(said, "message", "text"),
        author=words(said, "message", "user"),
        quiet=True,
    )


def _event(said: Tree, plain: Mapping[str, str]) -> Arrived:
    if words(said, "type") == "url_verification":
        return Arrived(Kind.CHALLENGE, text=words(said, "challenge"))
    event, key = said.get("event"), f"event:{words(said, 'event_id')}"
    if words(said, "type") != "event_callback" or not isinstance(event, dict) or key == "event:":
        return NOTHING
    kind = words(event, "type")
    if kind == "reaction_added" and words(event, "reaction") == plain.get("emoji", ""):
        place, message = words(event, "item", "channel"), words(event, "item", "ts")
        author = words(event, "item_user")
        return Arrived(
            Kind.MARK, key, who=words(event, "user"), place=place, message=message, author=author, quiet=True
        )
    if kind == "message":
        return _changed(event, key)
    return NOTHING


def _changed(event: Tree, key: str) -> Arrived:
    place, subtype = words(event, "channel"), words(event, "subtype")
    if subtype == "message_changed":
        message = words(event, "message", "ts")
        return Arrived(Kind.CHANGED, key, place=place, message=message, text=words(event, "message", "text"))
    if subtype == "message_deleted":
        return Arrived(Kind.CHANGED, key, place=place, message=words(event, "deleted_ts"), gone=True)
    return NOTHING

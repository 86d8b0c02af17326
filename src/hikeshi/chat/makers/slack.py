"""Slack: slash commands and message shortcuts as forms, events as JSON
(https://docs.slack.dev/interactivity/implementing-slash-commands, https://docs.slack.dev/apis/events-api).
"""

from typing import Final
from urllib.parse import parse_qsl

from hikeshi.chat import signatures
from hikeshi.chat.arriving import Arrived, Kind, Sent, Tree, Unusable, tree, words
from hikeshi.rooms.makers import emoji
from hikeshi.rooms.queries import Door

FORM: Final = "application/x-www-form-urlencoded"
JSON: Final = "application/json"
MARK: Final = "hikeshi_mark"
NOTHING: Final = Arrived(Kind.NOTHING)


def read(door: Door, sent: Sent) -> Arrived:
    """Raises Unusable."""
    proof = {"at": sent.header("x-slack-request-timestamp"), "signature": sent.header("x-slack-signature")}
    if not signatures.slack(door.secret.get("signing_secret", ""), body=sent.body, now=sent.now, **proof):
        raise Unusable(401, "bad_signature")
    if sent.content_type == JSON:
        return _event(door, tree(sent.body))
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
    """An entry in the menu of a message: into the timeline with it. The same message is the same mark."""
    if words(said, "type") != "message_action" or words(said, "callback_id") != MARK:
        return NOTHING
    place, message = words(said, "channel", "id"), words(said, "message", "ts")
    return Arrived(
        Kind.MARK,
        key=f"mark:{place}:{message}",
        who=words(said, "user", "id"),
        place=place,
        message=message,
        text=words(said, "message", "text"),
        author=words(said, "message", "user"),
    )


def _event(door: Door, said: Tree) -> Arrived:
    """The address itself is asked for once, when it is typed in; then come reactions, and messages that were changed
    or deleted (https://docs.slack.dev/reference/events/reaction_added, .../message/message_changed).
    """
    if words(said, "type") == "url_verification":
        return Arrived(Kind.CHALLENGE, text=words(said, "challenge"))
    if words(said, "type") != "event_callback":
        return NOTHING
    key = f"event:{words(said, 'event_id')}"
    if words(said, "event", "type") == "reaction_added":
        return _reaction(door, said, key)
    if words(said, "event", "subtype") == "message_changed":
        message = words(said, "event", "message", "ts")
        before, after = (words(said, "event", name, "text") for name in ("previous_message", "message"))
        if before == after:
            return NOTHING  # a preview was added, a thread went on
        return Arrived(Kind.CHANGED, key=key, place=words(said, "event", "channel"), message=message)
    if words(said, "event", "subtype") == "message_deleted":
        message = words(said, "event", "deleted_ts")
        return Arrived(Kind.DELETED, key=key, place=words(said, "event", "channel"), message=message)
    return NOTHING


def _reaction(door: Door, said: Tree, key: str) -> Arrived:
    chosen = emoji(door.plain.get("reaction", ""))
    if words(said, "event", "item", "type") != "message" or emoji(words(said, "event", "reaction")) != chosen:
        return NOTHING
    return Arrived(
        Kind.POINTED,
        key=key,
        who=words(said, "event", "user"),
        place=words(said, "event", "item", "channel"),
        message=words(said, "event", "item", "ts"),
    )

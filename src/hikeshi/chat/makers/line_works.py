"""LINE WORKS, API 2.0: the callback of a bot (https://developers.worksmobile.com/en/docs/bot-callback). It takes no
answer; the desk writes to the person by the bot.
"""

import hashlib

from hikeshi.chat import grammar, signatures
from hikeshi.chat.arriving import Arrived, Kind, Sent, Unusable, tree, words
from hikeshi.chat.makers.slack import JSON, NOTHING
from hikeshi.rooms.queries import Door


def read(door: Door, sent: Sent) -> Arrived:
    """A callback has no id: the same body, time of issue and all, is the same callback. Raises Unusable."""
    secret, proof = door.secret.get("bot_secret", ""), sent.header("x-works-signature")
    if not signatures.line_works(secret, signature=proof, body=sent.body):
        raise Unusable(401, "bad_signature")
    if sent.header("x-works-botid") not in {"", door.plain.get("bot", "")}:
        raise Unusable(401, "another_bot")
    if sent.content_type != JSON:
        raise Unusable(415, "bad_content_type")
    said = tree(sent.body)
    if not signatures.is_fresh(words(said, "issuedTime"), sent.now):
        raise Unusable(401, "stale")
    if words(said, "type") != "message" or words(said, "content", "type") != "text":
        return NOTHING
    if words(said, "source", "channelId") and not grammar.is_addressed(words(said, "content", "text")):
        return NOTHING  # people talking to each other: a bot in a room hears all of it
    return Arrived(
        Kind.COMMAND,
        key=f"callback:{hashlib.sha256(sent.body).hexdigest()}",
        who=words(said, "source", "userId"),
        place=words(said, "source", "channelId"),
        text=words(said, "content", "text"),
    )

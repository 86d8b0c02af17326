"""Microsoft Teams: an outgoing webhook sends the message it was mentioned in, as an activity
(https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/add-outgoing-webhook).
"""

from hikeshi.chat import signatures
from hikeshi.chat.arriving import Arrived, Kind, Sent, Unusable, tree, words
from hikeshi.chat.makers.slack import JSON, NOTHING
from hikeshi.rooms.queries import Door


def read(door: Door, sent: Sent) -> Arrived:
    """Raises Unusable."""
    token = door.secret.get("security_token", "")
    if not signatures.teams(token, authorization=sent.header("authorization"), body=sent.body):
        raise Unusable(401, "bad_signature")
    if sent.content_type != JSON:
        raise Unusable(415, "bad_content_type")
    said = tree(sent.body)
    if not signatures.is_fresh(words(said, "timestamp"), sent.now):
        raise Unusable(401, "stale")
    if words(said, "type") != "message" or not words(said, "id"):
        return NOTHING
    place = words(said, "conversation", "id").partition(";")[0]
    return Arrived(
        Kind.COMMAND,
        key=f"message:{words(said, 'conversation', 'id')}:{words(said, 'id')}",
        who=words(said, "from", "aadObjectId") or words(said, "from", "id"),
        place=place,
        text=words(said, "text"),
    )

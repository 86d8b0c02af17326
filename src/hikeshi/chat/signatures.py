"""Whether something really comes from the chat tool, as each maker publishes it. All comparisons take the same time
however much is right. Pure: secret and time are given.
"""

import base64
import binascii
import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Final

WINDOW: Final = timedelta(minutes=5)
"""Older or newer than that is a recording, or a clock that is wrong (Slack's own advice)."""


def slack(secret: str, *, at: str, signature: str, body: bytes, now: datetime) -> bool:
    """``v0=`` and the HMAC-SHA256, hex, of ``v0:<X-Slack-Request-Timestamp>:<body>`` under the signing secret
    (https://docs.slack.dev/authentication/verifying-requests-from-slack).
    """
    if not (at.isascii() and at.isdigit() and len(at) <= 12):
        return False
    if abs(now.timestamp() - int(at)) > WINDOW.total_seconds():
        return False
    proof = hmac.new(secret.encode(), b"v0:" + at.encode() + b":" + body, hashlib.sha256).hexdigest()
    return _same(secret, f"v0={proof}", signature)


def teams(token: str, *, authorization: str, body: bytes) -> bool:
    """``Authorization: HMAC <base64>``: HMAC-SHA256 of the body under the security token, which is base64 itself
    (https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/add-outgoing-webhook).
    """
    scheme, _, signature = authorization.partition(" ")
    try:
        key = base64.b64decode(token, validate=True)
    except (binascii.Error, ValueError):
        return False
    proof = base64.b64encode(hmac.new(key, body, hashlib.sha256).digest()).decode()
    return scheme == "HMAC" and len(key) > 0 and _same(token, proof, signature.strip())


def line_works(secret: str, *, signature: str, body: bytes) -> bool:
    """``X-WORKS-Signature``: base64 of the HMAC-SHA256 of the body under the bot secret
    (https://developers.worksmobile.com/en/docs/bot-callback).
    """
    proof = base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()
    return _same(secret, proof, signature)


def mattermost(token: str, *, authorization: str, given: str) -> bool:
    """``Authorization: Token <token>`` and the field ``token``, the one Mattermost showed when the command was made
    (https://developers.mattermost.com/integrate/slash-commands/custom). It signs nothing and names no time.
    """
    scheme, _, header = authorization.partition(" ")
    if authorization and not (scheme == "Token" and _same(token, token, header.strip())):
        return False
    return _same(token, token, given)


def is_fresh(at: str, now: datetime) -> bool:
    """A time in ISO 8601 within the window; what is no time is not."""
    try:
        said = datetime.fromisoformat(at)
    except ValueError:
        return False
    return said.tzinfo is not None and abs(now - said) <= WINDOW


def _same(secret: str, expected: str, given: str) -> bool:
    """Nothing is proved where no secret is set."""
    return bool(secret) and hmac.compare_digest(expected.encode(), given.encode("utf-8", "surrogatepass"))

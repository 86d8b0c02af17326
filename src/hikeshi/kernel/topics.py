"""Which topics a page may hear of. Django signs them for a page it has just shown; the door only checks the signature.

A token is bound to the session cookie it was made for and lives for minutes: what a person may see is asked again each
time a page takes a new one. Pure: secret, session and time are given.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec

LIFE: Final = timedelta(minutes=10)
_PURPOSE: Final = b"hikeshi.topics"


@dataclass(frozen=True, slots=True)
class Grant:
    topics: frozenset[str]
    issued_at: datetime
    expires_at: datetime


def sign(topics: Sequence[str], *, session: str, secret: str, now: datetime) -> str:
    """``session`` is the value of the session cookie. Raises ValueError without one: nobody is listening then."""
    if not session:
        raise ValueError("a topic token needs a session")
    payload = _wrap(msgspec.json.encode([sorted(set(topics)), int(now.timestamp())]))
    return f"{payload}.{_seal(payload, session, secret)}"


def read(token: str, *, session: str, secret: str, now: datetime) -> Grant | None:
    """What the token grants, or None where it is not this session's, is over, or was never ours."""
    payload, _, seal = token.partition(".")
    if not session or not hmac.compare_digest(seal.encode(), _seal(payload, session, secret).encode()):
        return None
    try:
        topics, issued = msgspec.json.decode(_unwrap(payload), type=tuple[list[str], int])
    except (msgspec.MsgspecError, binascii.Error):
        return None
    issued_at = datetime.fromtimestamp(issued, UTC)
    if now >= issued_at + LIFE:
        return None
    return Grant(frozenset(topics), issued_at, issued_at + LIFE)


def _seal(payload: str, session: str, secret: str) -> str:
    key = hashlib.blake2b(secret.encode(), digest_size=32, person=_PURPOSE).digest()
    bound = hashlib.sha256(session.encode("utf-8", "replace")).digest() + payload.encode("utf-8", "replace")
    return _wrap(hmac.new(key, bound, hashlib.sha256).digest())


def _wrap(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def _unwrap(text: str) -> bytes:
    return base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))

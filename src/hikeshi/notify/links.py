"""The signed link that answers one delivery. What it is signed with is derived from the site's key: no row holds it."""

import base64
import binascii
import hmac
from typing import Final
from uuid import UUID

from django.conf import settings

from hikeshi.accounts import sealing

PURPOSE: Final = "notify.answers"
MARKS: Final = "notify.marks"
_SEAL: Final = 16


def token(delivery: UUID) -> str:
    """43 characters: who it is for, and 128 bits that nobody can guess."""
    return _spelt(delivery, PURPOSE)


def mark(delivery: UUID) -> str:
    """Names it and answers nothing: by it a mail is known again that comes back undelivered."""
    return _spelt(delivery, MARKS)


def read(text: str) -> UUID | None:
    """The delivery it answers; None where it was never ours."""
    return _read(text, PURPOSE)


def read_mark(text: str) -> UUID | None:
    return _read(text, MARKS)


def _spelt(delivery: UUID, purpose: str) -> str:
    return base64.urlsafe_b64encode(delivery.bytes + _seal(delivery, purpose)).rstrip(b"=").decode("ascii")


def _read(text: str, purpose: str) -> UUID | None:
    try:
        raw = base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError):
        return None
    if len(raw) != 16 + _SEAL:
        return None
    delivery = UUID(bytes=raw[:16])
    # The whole text: base64 has spare bits at its end, and one link has one spelling.
    return delivery if hmac.compare_digest(text, _spelt(delivery, purpose)) else None


def _seal(delivery: UUID, purpose: str) -> bytes:
    key = sealing.derive(settings.MASTER_KEY, purpose)
    return hmac.new(key, delivery.bytes, "sha256").digest()[:_SEAL]


def address(path: str) -> str:
    """The whole address of a path of the desk; empty while the site does not know its own."""
    return f"{settings.PUBLIC_URL.rstrip('/')}{path}" if settings.PUBLIC_URL and path else ""


def answering(delivery: UUID) -> str:
    return address(f"/a/{token(delivery)}")

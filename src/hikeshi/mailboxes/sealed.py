"""The password of a mailbox and the letters themselves: sealed in their rows under keys of their own."""

import hashlib
import json
import secrets
from collections.abc import Mapping
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.fernet import InvalidToken
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from hikeshi.accounts import sealing

PASSWORDS: Final = "mailboxes.passwords"
LETTERS: Final = "mailboxes.letters"
SENDERS: Final = "mailboxes.senders"
NONCES: Final = "mailboxes.nonces"
_NONCE: Final = 12


def seal(secret: Mapping[str, str]) -> str:
    return sealing.seal(settings.MASTER_KEY, PASSWORDS, json.dumps(dict(secret), sort_keys=True))


def unseal(sealed: str) -> dict[str, str]:
    """Empty where another key sealed it: a restored backup must be given its passwords anew."""
    if not sealed:
        return {}
    try:
        opened: dict[str, str] = json.loads(sealing.unseal(settings.MASTER_KEY, PASSWORDS, sealed))
    except InvalidToken:
        return {}
    return opened


def seal_letter(raw: bytes) -> bytes:
    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(sealing.derive(settings.MASTER_KEY, LETTERS)).encrypt(nonce, raw, None)


def open_letter(kept: bytes) -> bytes | None:
    """None where another key sealed it, or nothing is left of it."""
    try:
        return AESGCM(sealing.derive(settings.MASTER_KEY, LETTERS)).decrypt(kept[:_NONCE], kept[_NONCE:], None)
    except (InvalidTag, ValueError):
        return None


def sender(address: str) -> str:
    """By which letters of one sender are counted without keeping who it is."""
    return sealing.keyed(settings.MASTER_KEY, SENDERS, address.casefold()) if address else ""


def nonce(mailbox: str, digest: str) -> str:
    """Names the report that a letter becomes: the same letter is the same report."""
    return sealing.keyed(settings.MASTER_KEY, NONCES, f"{mailbox} {digest}")


def name_of(raw: bytes, message_id: str) -> str:
    """What makes a mail that is delivered twice one: its id and its body. Servers on the way change its head."""
    body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")[2].rstrip()
    return hashlib.sha256(message_id.encode() + b"\0" + hashlib.sha256(body).digest()).hexdigest()

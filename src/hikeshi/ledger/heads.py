"""Signed heads: a line to keep somewhere else, so that a cut tail or a recomputed chain is found.

``hikeshi-head:1:<number>:<hash>:<time>:<Ed25519 signature, base64url>``. The signing key is derived from the site's
master key, which no copy of the database holds.
"""

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from hikeshi.kernel import clock
from hikeshi.ledger import chain
from hikeshi.ledger.models import Head

PREFIX = "hikeshi-head:1"


class BadHead(ValueError):
    """Not a head, or not one this site signed."""


@dataclass(frozen=True, slots=True)
class Kept:
    number: int
    hash: str
    at: datetime


def _key(master_key: str) -> Ed25519PrivateKey:
    seed = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"hikeshi.ledger.heads").derive(master_key.encode())
    return Ed25519PrivateKey.from_private_bytes(seed)


def public_key(master_key: str) -> str:
    """What an auditor needs to check a head without the site: 32 bytes, hex."""
    return _key(master_key).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()


def sign(master_key: str) -> str:
    """The head as it is now."""
    head = Head.objects.filter(pk=1).first() or Head(number=0, hash=chain.GENESIS)
    text = f"{PREFIX}:{head.number}:{head.hash}:{clock.now().strftime('%Y%m%dT%H%M%SZ')}"
    return f"{text}:{base64.urlsafe_b64encode(_key(master_key).sign(text.encode())).decode()}"


def sign_digest(digest: str, purpose: str, master_key: str) -> str:
    """The same key under another word: nobody takes what it signs for a head."""
    text = f"hikeshi-{purpose}:1:{digest}"
    return f"{text}:{base64.urlsafe_b64encode(_key(master_key).sign(text.encode())).decode()}"


def read(line: str, master_key: str) -> Kept:
    """As it was kept, or copied from paper where it ran over several lines. Raises BadHead."""
    text, _, signature = "".join(line.replace("\u200b", "").split()).rpartition(":")
    try:
        _key(master_key).public_key().verify(base64.urlsafe_b64decode(signature), text.encode())
        number, entry_hash, at = text.removeprefix(f"{PREFIX}:").split(":")
        return Kept(int(number), entry_hash, datetime.strptime(f"{at}+0000", "%Y%m%dT%H%M%SZ%z"))
    except (InvalidSignature, ValueError, binascii.Error) as error:
        raise BadHead(line.strip()[:120]) from error

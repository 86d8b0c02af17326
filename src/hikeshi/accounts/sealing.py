"""Secrets that are shown once and kept as digests, and secrets that must be read again and are kept sealed."""

import base64
import hashlib
import hmac
import secrets
from functools import lru_cache
from typing import Final

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

TOKEN_PREFIX: Final = "hks_"  # noqa: S105  # lets scanners of leaked secrets recognise ours
_ALPHABET: Final = "abcdefghjkmnpqrstuvwxyz23456789"  # no letter that looks like another: people type this


def new_token() -> str:
    """256 random bits; nothing slower than a plain digest is needed to keep what cannot be guessed."""
    return TOKEN_PREFIX + secrets.token_urlsafe(32)


def new_password() -> str:
    """For the first administrator: 99 random bits, easy to type."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(5)) for _ in range(4))


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


@lru_cache(maxsize=16)
def derive(master_key: str, purpose: str) -> bytes:
    """A key of its own for each purpose, so that one that leaks opens nothing else."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"hikeshi.{purpose}".encode()).derive(
        master_key.encode()
    )


def keyed(master_key: str, purpose: str, text: str) -> str:
    """A digest that nobody can guess back without the key."""
    return hmac.new(derive(master_key, purpose), text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def seal(master_key: str, purpose: str, text: str) -> str:
    key = base64.urlsafe_b64encode(derive(master_key, purpose))
    return Fernet(key).encrypt(text.encode()).decode()


def unseal(master_key: str, purpose: str, sealed: str) -> str:
    """Raises cryptography.fernet.InvalidToken where the key or the text is another."""
    key = base64.urlsafe_b64encode(derive(master_key, purpose))
    return Fernet(key).decrypt(sealed.encode()).decode()

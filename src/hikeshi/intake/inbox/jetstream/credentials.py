"""Who the desk is at the stream's servers, where it proves that with a key: a NATS credentials file (a JWT and the seed
of its key, as ``nsc`` writes it) or the seed alone. The seed never leaves this machine; the servers get a signature.

https://docs.nats.io/running-a-nats-service/configuration/securing_nats/auth_intro/nkey_auth
"""

import base64
import binascii
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_SEED: Final = re.compile(r"\bSU[A-Z2-7]{56}\b")
_JWT: Final = re.compile(r"-----BEGIN NATS USER JWT-----\s+(\S+)\s+-+END NATS USER JWT-+")
_USER: Final = 20 << 3
"""The first byte of a user's public key, before base32 makes it "U"."""
_LONGEST: Final = 64 * 1024


class BadCredentials(ValueError):
    """The file holds no key of a user; the message never holds what it does hold."""


@dataclass(frozen=True, slots=True)
class Key:
    """``jwt`` is empty where the servers know the public key by itself."""

    _private: Ed25519PrivateKey
    jwt: bytes

    @property
    def public(self) -> str:
        """As servers list it: ``U…``."""
        raw = self._private.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        return _written(bytes([_USER]) + raw)

    def sign(self, nonce: str) -> bytes:
        return base64.b64encode(self._private.sign(nonce.encode()))


def read(file: str) -> Key:
    """Raises BadCredentials."""
    try:
        with Path(file).open(encoding="ascii") as held:
            text = held.read(_LONGEST)
    except (OSError, ValueError) as error:
        raise BadCredentials(f"{file} cannot be read: {type(error).__name__}") from None
    seed, jwt = _SEED.search(text), _JWT.search(text)
    if seed is None:
        raise BadCredentials(f"{file} holds no seed of a user (SU…)")
    return Key(Ed25519PrivateKey.from_private_bytes(_raw(seed[0], file)), jwt[1].encode() if jwt else b"")


def _raw(seed: str, file: str) -> bytes:
    """The 32 bytes behind two of prefix and before two of checksum."""
    try:
        found = base64.b32decode(seed + "=" * (-len(seed) % 8))
    except binascii.Error:
        raise BadCredentials(f"the seed in {file} is damaged") from None
    if _crc(found[:-2]) != int.from_bytes(found[-2:], "little") or len(found) != 36:
        raise BadCredentials(f"the seed in {file} is damaged")
    return found[2:-2]


def _written(raw: bytes) -> str:
    return base64.b32encode(raw + _crc(raw).to_bytes(2, "little")).decode().rstrip("=")


def _crc(raw: bytes) -> int:
    """CRC-16/XMODEM."""
    return binascii.crc_hqx(raw, 0)

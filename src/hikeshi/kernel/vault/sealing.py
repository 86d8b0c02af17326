"""How a file is sealed. Bytes in, bytes out; nothing here touches the disk.

Every file has a random key of its own, which lies sealed in the file's row under the key of its class, which is derived
from the site's master key: whoever has the disk but not the key, or the key's class but not the row, has nothing, and
a file whose row forgets the key is gone wherever a copy of its bytes may lie.

The content is cut into chunks, each AES-256-GCM under the nonce (index, last). So a chunk that was changed, moved,
repeated or left out, and a tail that was cut off at the edge of a chunk, do not open (the STREAM construction of Hoang,
Reyhanitabar, Rogaway and Vizár, 2015).
"""

import base64
import binascii
import secrets
from functools import lru_cache
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

CHUNK: Final = 1 << 20
SEALED: Final = CHUNK + 16
"""A whole chunk with its tag."""
MARK: Final = b"HIKESHI1"
_NONCE: Final = 12


class Broken(ValueError):
    """It does not open: another key, or not the bytes that were sealed."""


@lru_cache(maxsize=16)
def class_key(master_key: str, kind: str) -> bytes:
    """A key of its own for each class of files."""
    info = f"hikeshi.vault.{kind}".encode()
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(master_key.encode())


def wrap(file_key: bytes, under: bytes, file: UUID) -> str:
    nonce = secrets.token_bytes(_NONCE)
    return base64.urlsafe_b64encode(nonce + AESGCM(under).encrypt(nonce, file_key, file.bytes)).decode()


def unwrap(sealed: str, under: bytes, file: UUID) -> bytes:
    """Raises Broken, also where the key was sealed for another file."""
    try:
        raw = base64.urlsafe_b64decode(sealed)
        return AESGCM(under).decrypt(raw[:_NONCE], raw[_NONCE:], file.bytes)
    except (InvalidTag, ValueError, binascii.Error) as error:
        raise Broken(str(file)) from error


def nonce(index: int, *, last: bool) -> bytes:
    return index.to_bytes(11, "big") + (b"\1" if last else b"\0")


class Chunks:
    """Seals or opens the chunks of one file, in order."""

    __slots__ = ("_aead", "_file", "_index")

    def __init__(self, file_key: bytes, file: UUID) -> None:
        self._aead = AESGCM(file_key)
        self._file = file.bytes
        self._index = 0

    def seal(self, plain: bytes | memoryview, *, last: bool) -> bytes:
        sealed = self._aead.encrypt(nonce(self._index, last=last), plain, self._file)
        self._index += 1
        return sealed

    def open(self, sealed: bytes, *, last: bool) -> bytes:
        """Raises Broken."""
        try:
            plain = self._aead.decrypt(nonce(self._index, last=last), sealed, self._file)
        except InvalidTag as error:
            raise Broken(f"chunk {self._index}") from error
        self._index += 1
        return plain

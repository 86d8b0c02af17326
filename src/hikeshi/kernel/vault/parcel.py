"""A ZIP with one file behind a password, as malware is handed round: AES-256 in the form WinZip calls AE-2.

https://www.winzip.com/en/support/aes-encryption/ and PKWARE's APPNOTE 6.3. Written as it is read: memory stays flat and
the size is known beforehand. Stored, not deflated: what is encrypted next does not matter, and samples hardly shrink.
"""

import hmac
import secrets
import struct
import sys
from array import array
from collections.abc import Iterable, Iterator
from datetime import datetime
from hashlib import pbkdf2_hmac
from typing import Final

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import ECB

PASSWORD: Final = "infected"  # noqa: S105  # the one everybody who handles samples knows; it guards against slips only
_SALT, _CHECK, _MAC = 16, 2, 10
_BLOCK: Final = 16
_ROUNDS: Final = 1000  # the form fixes it
_LARGE: Final = 0xFFFFFFFF
_FLAGS: Final = 0x0801  # encrypted; the name is UTF-8
_AES: Final = struct.pack("<HHH2sBH", 0x9901, 7, 2, b"AE", 3, 0)
"""The extra field: AE-2, AES-256, what is inside is stored."""


class _Stream:
    """AES in counter mode with the counter running from its low end, as this form alone has it, and its seal."""

    def __init__(self, key: bytes, mac_key: bytes) -> None:
        self._cipher = Cipher(AES(key), ECB()).encryptor()  # noqa: S305  # of counters, each of which comes once
        self._count = 0
        self._rest = b""
        self.mac = hmac.new(mac_key, digestmod="sha1")

    def crypt(self, data: bytes) -> bytes:
        pad = self._rest + self._pad(len(data) - len(self._rest))
        self._rest = pad[len(data) :]
        mixed = int.from_bytes(data, "little") ^ int.from_bytes(pad[: len(data)], "little")
        return mixed.to_bytes(len(data), "little")

    def _pad(self, size: int) -> bytes:
        blocks = max(0, -(-size // _BLOCK))
        counters = array("Q", bytes(_BLOCK * blocks))
        counters[::2] = array("Q", range(self._count + 1, self._count + 1 + blocks))
        if sys.byteorder == "big":
            counters.byteswap()
        self._count += blocks
        return self._cipher.update(counters.tobytes())


def _keys(password: str, salt: bytes) -> tuple[bytes, bytes, bytes]:
    made = pbkdf2_hmac("sha1", password.encode(), salt, _ROUNDS, 2 * 32 + _CHECK)
    return made[:32], made[32:64], made[64:]


def size_of(name: str, size: int) -> int:
    """Bytes of the parcel for a file of that name and size."""
    inside = size + _SALT + _CHECK + _MAC
    sizes = 20 if inside >= _LARGE else 0
    name_length = len(name.encode())
    heads = 30 + 46 + 2 * (name_length + len(_AES) + sizes)
    offset_large = 30 + name_length + len(_AES) + sizes + inside >= _LARGE
    return inside + heads + 22 + (56 + 20 if offset_large else 0)


def packed(name: str, size: int, at: datetime, chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The parcel in pieces. ``chunks`` must be ``size`` bytes in all."""
    inside = size + _SALT + _CHECK + _MAC
    head = _local(name, size, inside, at)
    yield head
    salt = secrets.token_bytes(_SALT)
    key, mac_key, check = _keys(PASSWORD, salt)
    stream = _Stream(key, mac_key)
    yield salt + check
    for chunk in chunks:
        sealed = stream.crypt(chunk)
        stream.mac.update(sealed)
        yield sealed
    yield stream.mac.digest()[:_MAC]
    yield _end(name, size, inside, at, len(head) + inside)


def _extra(size: int, inside: int) -> tuple[bytes, int, int]:
    """The extra fields, and the sizes as the old fields give them: all ones where only the 64-bit field can say."""
    if inside < _LARGE:
        return _AES, size, inside
    return _AES + struct.pack("<HHQQ", 0x0001, 16, size, inside), _LARGE, _LARGE


def _dos(at: datetime) -> tuple[int, int]:
    return at.hour << 11 | at.minute << 5 | at.second // 2, (at.year - 1980) << 9 | at.month << 5 | at.day


def _local(name: str, size: int, inside: int, at: datetime) -> bytes:
    extra, plain, packed_ = _extra(size, inside)
    raw = name.encode()
    fields = (0x04034B50, 51, _FLAGS, 99, *_dos(at), 0, packed_, plain, len(raw), len(extra))
    return struct.pack("<IHHHHHIIIHH", *fields) + raw + extra


def _end(name: str, size: int, inside: int, at: datetime, offset: int) -> bytes:
    extra, plain, packed_ = _extra(size, inside)
    raw = name.encode()
    fields = (0x02014B50, 0x033F, 51, _FLAGS, 99, *_dos(at), 0, packed_, plain, len(raw), len(extra), 0, 0, 0)
    central = struct.pack("<IHHHHHHIIIHHHHHII", *fields, 0o100600 << 16, 0) + raw + extra
    large = b""
    if offset >= _LARGE:
        counts = (1, 1, len(central), offset)
        large = struct.pack("<IQHHIIQQQQ", 0x06064B50, 44, 0x033F, 51, 0, 0, *counts)
        large += struct.pack("<IIQI", 0x07064B50, 0, offset + len(central), 1)
    last = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 1, 1, len(central), min(offset, _LARGE), 0)
    return central + large + last


class BadParcel(ValueError):
    """Not a parcel of this form, another password, or changed since it was packed."""


def opened(parcel: Iterator[bytes]) -> Iterator[bytes]:
    """The file inside, as it is read. Raises BadParcel, at the latest at the end: then nothing of it counts."""
    source = _Source(parcel)
    fields = struct.unpack("<IHHHHHIIIHH", source.take(30))
    if fields[0] != 0x04034B50 or fields[3] != 99:
        raise BadParcel
    source.take(fields[9])
    extra = source.take(fields[10])
    inside = struct.unpack("<Q", extra[-8:])[0] if fields[7] == _LARGE else fields[7]
    key, mac_key, check = _keys(PASSWORD, source.take(_SALT))
    if not hmac.compare_digest(source.take(_CHECK), check):
        raise BadParcel
    stream = _Stream(key, mac_key)
    left = inside - _SALT - _CHECK - _MAC
    while left:
        sealed = source.take(min(left, 1 << 20))
        left -= len(sealed)
        stream.mac.update(sealed)
        yield stream.crypt(sealed)
    if not hmac.compare_digest(source.take(_MAC), stream.mac.digest()[:_MAC]):
        raise BadParcel


class _Source:
    """Exactly as many bytes as asked for, from pieces of any size."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._waiting = bytearray()

    def take(self, size: int) -> bytes:
        while len(self._waiting) < size:
            piece = next(self._pieces, b"")
            if not piece:
                raise BadParcel
            self._waiting += piece
        taken = bytes(self._waiting[:size])
        del self._waiting[:size]
        return taken

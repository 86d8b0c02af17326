"""winmail.dat: what Outlook wraps round a mail that it thinks goes to Outlook (MS-OXTNEF). Files and the plain body.

Every length is checked against what is left; what breaks off in the middle gives what came before.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from hikeshi.mail.charsets import decoded, looked_at

SIGNATURE: Final = b"\x78\x9f\x3e\x22"
MOST: Final = 100
_BODY: Final = 0x800C
_RENDERING: Final = 0x9002
_TITLE: Final = 0x8010
_DATA: Final = 0x800F
_PROPERTIES: Final = 0x9005
_CODE_PAGE: Final = 0x9007
_LONG_NAME: Final = 0x3707
_TYPES: Final = {0x1E: "text", 0x1F: "wide"}
_FIXED: Final = {0x02: 4, 0x03: 4, 0x04: 4, 0x05: 8, 0x06: 8, 0x07: 8, 0x0A: 4, 0x0B: 4, 0x14: 8, 0x40: 8, 0x48: 16}


@dataclass(slots=True)
class Wrapped:
    name: str = ""
    content: bytes = b""


@dataclass(frozen=True, slots=True)
class Unwrapped:
    text: str
    files: tuple[Wrapped, ...]


def is_tnef(raw: bytes) -> bool:
    return raw.startswith(SIGNATURE)


def unwrapped(raw: bytes) -> Unwrapped:
    files: list[Wrapped] = []
    text, page = "", ""
    for name, data in _attributes(raw):
        if name == _CODE_PAGE and len(data) >= 4:
            page = f"cp{struct.unpack_from('<I', data)[0]}"
        elif name == _BODY:
            text = _text(data, page)
        elif name == _RENDERING and len(files) < MOST:
            files.append(Wrapped())
        elif files:
            _fill(files[-1], name, data, page)
    return Unwrapped(text, tuple(one for one in files if one.content))


def _fill(file: Wrapped, name: int, data: bytes, page: str) -> None:
    if name == _TITLE and not file.name:
        file.name = _text(data, page)
    elif name == _DATA:
        file.content = data
    elif name == _PROPERTIES:
        file.name = _long_name(data, page) or file.name


def _attributes(raw: bytes) -> Iterator[tuple[int, bytes]]:
    at = 6  # the signature and a key
    while at + 9 <= len(raw):
        _, name, _, size = struct.unpack_from("<BHHI", raw, at)
        at += 9
        if at + size > len(raw):
            return
        yield name, raw[at : at + size]
        at += size + 2  # and a checksum


def _text(data: bytes, page: str) -> str:
    raw = data.rstrip(b"\0")
    return decoded(raw, page) if page else looked_at(raw)


def _long_name(data: bytes, page: str) -> str:
    """Out of the MAPI properties; they end where one of a kind that is not known stands."""
    try:
        return next((text for text in _names(data, page) if text), "")
    except (struct.error, IndexError):
        return ""


def _names(data: bytes, page: str) -> Iterator[str]:
    count, at = min(struct.unpack_from("<I", data)[0], 500), 4
    for _ in range(count):
        kind, name = struct.unpack_from("<HH", data, at)
        at += 4
        if name >= 0x8000:
            at = _past_name(data, at)
        if kind in _FIXED:
            at += _FIXED[kind]
            continue
        if kind not in {0x1E, 0x1F, 0x0D, 0x102}:
            return
        values, at = struct.unpack_from("<I", data, at)[0], at + 4
        for _ in range(min(values, 100)):
            size = struct.unpack_from("<I", data, at)[0]
            value, at = data[at + 4 : at + 4 + size], at + 4 + size + (-size % 4)
            if name == _LONG_NAME and kind in _TYPES:
                yield value.decode("utf-16-le", "replace").rstrip("\0") if kind == 0x1F else _text(value, page)


def _past_name(data: bytes, at: int) -> int:
    at += 16
    kind, size = struct.unpack_from("<II", data, at)
    return at + 8 + (size + (-size % 4) if kind == 1 else 0)

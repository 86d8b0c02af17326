"""The fonts of every PDF: Noto Sans JP, regular and bold, put here by tools/assets.py when the package is built.

What they cannot write is written as its code point: a box that stands for anything stands for nothing.
"""

import struct
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

from hikeshi.documents.refusals import FontsMissing

FOLDER: Final = Path(__file__).parent / "fonts"
FILES: Final = ("NotoSansJP-Regular.ttf", "NotoSansJP-Bold.ttf")
_SEGMENTED: Final = 12


def folder() -> Path:
    """Raises FontsMissing, naming the first that is not there."""
    for name in FILES:
        if not (FOLDER / name).is_file():
            raise FontsMissing(name)
    return FOLDER


@cache
def written() -> frozenset[int]:
    """Code points that have a glyph. Raises FontsMissing; read once."""
    raw = (folder() / FILES[0]).read_bytes()
    return frozenset(_characters(_table(raw, b"cmap")))


def _table(raw: bytes, wanted: bytes) -> bytes:
    """OpenType: 12 bytes of header, then 16 for each table: tag, checksum, offset, length."""
    (count,) = struct.unpack_from(">H", raw, 4)
    for place in range(count):
        tag, _checksum, offset, length = struct.unpack_from(">4sIII", raw, 12 + 16 * place)
        if tag == wanted:
            return raw[offset : offset + length]
    raise FontsMissing(FILES[0])


def _characters(cmap: bytes) -> Iterator[int]:
    """From the subtable that knows all of Unicode (format 12): groups of first, last, glyph."""
    _version, count = struct.unpack_from(">HH", cmap)
    offsets = {struct.unpack_from(">HHI", cmap, 4 + 8 * place)[2] for place in range(count)}
    for offset in offsets:
        if struct.unpack_from(">H", cmap, offset)[0] == _SEGMENTED:
            (groups,) = struct.unpack_from(">I", cmap, offset + 12)
            for place in range(groups):
                first, last, _glyph = struct.unpack_from(">III", cmap, offset + 16 + 12 * place)
                yield from range(first, last + 1)
            return
    raise FontsMissing(FILES[0])

"""The fonts of every PDF: Noto Sans JP, regular and bold, put here by tools/assets.py when the package is built.

In further_fonts, fonts for what it cannot write: more of Latin, Greek and Cyrillic, Hangul,
simplified Chinese, Arabic, Hebrew, Thai, Devanagari, emoji. They are read only for a text that needs them. What no font
can write is written as its code point: a box that stands for anything stands for nothing.
"""

import struct
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

from hikeshi.documents.refusals import FontsMissing

FOLDER: Final = Path(__file__).parent / "fonts"
FILES: Final = ("NotoSansJP-Regular.ttf", "NotoSansJP-Bold.ttf")
OTHERS: Final = FOLDER.parent / "further_fonts"
FAMILIES: Final = {
    "NotoSans-Regular.ttf": "Noto Sans",
    "NotoSansArabic-Regular.ttf": "Noto Sans Arabic",
    "NotoSansHebrew-Regular.ttf": "Noto Sans Hebrew",
    "NotoSansThai-Regular.ttf": "Noto Sans Thai",
    "NanumGothic-Regular.ttf": "NanumGothic",
    "ZCOOLXiaoWei-Regular.ttf": "ZCOOL XiaoWei",
    "NotoEmoji-Regular.ttf": "Noto Emoji",
}
"""In this order they are asked."""
_JOINERS: Final = frozenset({0x200C, 0x200D})
_SEGMENTED: Final = 12
_PLAIN: Final = 4


def folder() -> Path:
    """Raises FontsMissing, naming the first that is not there."""
    for name in FILES:
        if not (FOLDER / name).is_file():
            raise FontsMissing(name)
    return FOLDER


@cache
def written() -> frozenset[int]:
    """Code points that Noto Sans JP has a glyph for. Raises FontsMissing; read once."""
    return _covered(folder() / FILES[0])


@cache
def others() -> dict[str, frozenset[int]]:
    """Family to what it can write, of those the package was built with; read once, and only when needed."""
    return {family: _covered(OTHERS / name) for name, family in FAMILIES.items() if (OTHERS / name).is_file()}


@cache
def writable() -> frozenset[int]:
    """Code points that any of the fonts has a glyph for. Raises FontsMissing."""
    return written().union(*others().values())


def families(letters: frozenset[int]) -> list[str]:
    """The further fonts a text of these letters needs, in the order they are asked. Raises FontsMissing."""
    lacking = letters - written() - _JOINERS
    return [family for family, known in others().items() if known & lacking] if lacking else []


def _covered(file: Path) -> frozenset[int]:
    return frozenset(_characters(_table(file.read_bytes(), b"cmap", file.name), file.name))


def _table(raw: bytes, wanted: bytes, name: str) -> bytes:
    """OpenType: 12 bytes of header, then 16 for each table: tag, checksum, offset, length."""
    (count,) = struct.unpack_from(">H", raw, 4)
    for place in range(count):
        tag, _checksum, offset, length = struct.unpack_from(">4sIII", raw, 12 + 16 * place)
        if tag == wanted:
            return raw[offset : offset + length]
    raise FontsMissing(name)


def _characters(cmap: bytes, name: str) -> Iterator[int]:
    """From the subtable that knows all of Unicode (format 12), or else the basic plane (format 4)."""
    _version, count = struct.unpack_from(">HH", cmap)
    offsets = {struct.unpack_from(">HHI", cmap, 4 + 8 * place)[2] for place in range(count)}
    by_form = {struct.unpack_from(">H", cmap, offset)[0]: offset for offset in sorted(offsets)}
    if _SEGMENTED in by_form:
        return _of_groups(cmap, by_form[_SEGMENTED])
    if _PLAIN in by_form:
        return _of_segments(cmap, by_form[_PLAIN])
    raise FontsMissing(name)


def _of_groups(cmap: bytes, offset: int) -> Iterator[int]:
    """Format 12: groups of first, last, glyph."""
    (groups,) = struct.unpack_from(">I", cmap, offset + 12)
    for place in range(groups):
        first, last, _glyph = struct.unpack_from(">III", cmap, offset + 16 + 12 * place)
        yield from range(first, last + 1)


def _of_segments(cmap: bytes, offset: int) -> Iterator[int]:
    """Format 4: columns of last, first, shift and place, one of each for every segment."""
    (doubled,) = struct.unpack_from(">H", cmap, offset + 6)
    lasts, firsts = offset + 14, offset + 16 + doubled
    for step in range(0, doubled, 2):
        (last,), (first,) = struct.unpack_from(">H", cmap, lasts + step), struct.unpack_from(">H", cmap, firsts + step)
        (shift,) = struct.unpack_from(">h", cmap, firsts + doubled + step)
        place = firsts + 2 * doubled + step
        (distance,) = struct.unpack_from(">H", cmap, place)
        for code in range(first, min(last, 0xFFFE) + 1):
            if distance:
                (glyph,) = struct.unpack_from(">H", cmap, place + distance + 2 * (code - first))
            else:
                glyph = (code + shift) & 0xFFFF
            if glyph:
                yield code

"""What people and machines wrote, as a document can hold it: nothing is lost in silence, nothing turns round."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from hikeshi.documents import fonts

# Controls but for tab and line feed, half surrogate pairs, what is no character; and what orders its own display:
# honest text never needs that, and `exe.png` must not be read as `gnp.exe`.
_UNSHOWN: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufff9-\uffff]"
)
_BLANKS: Final = str.maketrans({"\t": "    ", "\u00a0": " ", "\ufeff": "", "\ufe0e": "", "\ufe0f": ""})
_BLANK: Final = re.compile("[\r\t\u00a0\ufeff\ufe0e\ufe0f]")
LONG: Final = 25
_LONG: Final = re.compile(rf"[^\s\u200b\u3000-\u9fff\uac00-\ud7af\uf900-\uffef]{{{LONG},}}")
_AFTER: Final = re.compile(r"(?<=[/.\-_?&=:;,@+%#|\\])(?=[^\s/])")
_STEP: Final = 12
_JOINER: Final = "\u200d"
_TONES: Final = ("\U0001f3fb", "\U0001f3ff")  # of skin, which colour the emoji before them
_CURSIVE: Final = "AL"  # letters of Arabic and its kin, whose forms change where a word is divided
BREAK: Final = "\u200b"


def visible(text: str) -> str:
    """Line ends as line feeds; what cannot or must not be shown as itself by its code point."""
    if _BLANK.search(text):  # seldom, and each of these steps reads every letter
        text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_BLANKS)
    return _UNSHOWN.sub(_named, text)


def _named(found: re.Match[str]) -> str:
    return f"[U+{ord(found[0]):04X}]"


def printable(text: str) -> str:
    """``visible``, of characters the fonts have, with places to break in what is too long for a line.

    Raises FontsMissing.
    """
    if len(text) < LONG and text.isascii() and text.isprintable():
        return text
    shown = visible(text)
    if not shown.isascii():
        shown = unicodedata.normalize("NFC", shown)
        lacking = set(map(ord, {*shown} - {"\n", BREAK})) - fonts.written()
        if lacking:
            lacking -= fonts.writable()
            shown = shown.translate({code: _lacking(code) for code in lacking})
    return _LONG.sub(_breakable, shown)


def _lacking(code: int) -> str:
    joins = unicodedata.category(chr(code)) in {"Cf", "Zs"}  # joiners draw nothing; odd spaces are spaces
    return " " if unicodedata.category(chr(code)) == "Zs" else "" if joins else f"[U+{code:04X}]"


def _breakable(found: re.Match[str]) -> str:
    """After what divides an address, and in the rest every few characters: a line must end somewhere."""
    parts = _AFTER.split(found[0])
    return BREAK.join(piece for part in parts for piece in _pieces(part))


def _pieces(part: str) -> Iterator[str]:
    """None begins with what belongs to the letter before, and none stands within a joined word or sign."""
    if part.isascii():
        yield from (part[at : at + _STEP] for at in range(0, len(part), _STEP))
        return
    begun = 0
    for at in range(1, len(part)):
        if at - begun >= _STEP and _divides(part[at - 1], part[at]):
            yield part[begun:at]
            begun = at
    yield part[begun:]


def _divides(before: str, after: str) -> bool:
    if unicodedata.category(after)[0] == "M" or _JOINER in {before, after} or _TONES[0] <= after <= _TONES[1]:
        return False
    return not (unicodedata.bidirectional(before) == unicodedata.bidirectional(after) == _CURSIVE)

"""Text that cannot be kept as it came, or would lie on a screen, made visible instead. The raw body keeps the truth.

NUL and lone surrogates are refused by PostgreSQL; control characters break terminals and CSV; bidirectional overrides
turn `gnp.exe` into `exe.png`. Each is replaced by a visible sign, never dropped: an analyst must see it was there.
"""

import re

CLEANED = "characters_replaced"

# As JSON escapes or as UTF-8: C0 and C1 controls, DEL, halves of surrogate pairs, bidirectional controls. A false alarm
# only costs a slow look.
_SUSPICIOUS = re.compile(
    rb"\\u00[0189]|\\u007f|\\[bf]|\\u[dD][89a-fA-F]|\\u061[cC]|\\u20[026][0-9a-fA-F]|\\u[fF][eE][fF]{2}"
    rb"|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\x8e\x8f\xaa-\xae]|\xe2\x81[\xa6-\xa9]"
    rb"|\xd8\x9c|\xef\xbb\xbf|\xed[\xa0-\xbf]"
)
_HARMLESS = bytes(code for code in (9, 10, 13, *range(0x20, 0x7F)) if code != ord("\\"))
_BAD = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)


def suspicious(raw: bytes) -> bool:
    # Nearly every body is plain ASCII without an escape; to see that costs a tenth of the search.
    return bool(raw.translate(None, _HARMLESS)) and _SUSPICIOUS.search(raw) is not None


def text(value: str) -> str:
    """NUL becomes its control picture, U+202E the text ⟨U+202E⟩, half a surrogate pair U+FFFD."""
    return _BAD.sub(_visible, value) if _BAD.search(value) else value


def clean(document: object) -> tuple[object, bool]:
    """The document with every string and key cleaned, and whether anything changed."""
    if isinstance(document, str):
        cleaned = text(document)
        return cleaned, cleaned != document
    if isinstance(document, list):
        items = [clean(item) for item in document]
        return [item for item, _ in items], any(changed for _, changed in items)
    if isinstance(document, dict):
        pairs = [(clean(key), clean(value)) for key, value in document.items()]
        changed = any(key[1] or value[1] for key, value in pairs)
        return {key[0]: value[0] for key, value in pairs}, changed
    return document, False


def _visible(match: re.Match[str]) -> str:
    code = ord(match.group())
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    if 0xD800 <= code <= 0xDFFF:
        return "\ufffd"
    return f"\u27e8U+{code:04X}\u27e9"

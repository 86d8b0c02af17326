"""Bytes to text whatever their label says. Pure; never raises.

Japanese mail carries characters that Python's own ``iso2022_jp`` codecs refuse (NEC row 13: circled numbers, the number
sign; IBM's extensions; half-width kana), under labels that Python does not know (``iso-2022-jp-ms``, ``cp50221``).
Each pair of bytes has one place in CP932, so it is read as that. Shift_JIS is read as CP932, gb2312 as gb18030, since
that is what those who write these labels mean.
"""

import codecs
import re
from typing import Final

_JIS: Final = re.compile(rb"\x1b(?:\$\([A-Z@]|\$[@AB]|\([A-Z])|[\x0e\x0f]")
_SHIFT: Final = re.compile(rb"\x1b(?:\$|\([IJ])")
_MEANT: Final = {
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "ms_kanji": "cp932",
    "windows-31j": "cp932",
    "cswindows31j": "cp932",
    "ms932": "cp932",
    "shift_jis-2004": "cp932",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "cp936": "gb18030",
    "x-gbk": "gb18030",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "x-euc-jp": "euc_jp",
    "euc-jp": "euc_jp",
    "eucjp-ms": "euc_jp",
    "cp51932": "euc_jp",
    "unicode-1-1-utf-7": "utf-7",
    "utf8": "utf-8",
    "utf-8": "utf-8",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "iso-8859-8-i": "iso-8859-8",
}
_SAYS_NOTHING: Final = frozenset({"", "us-ascii", "ascii", "unknown", "unknown-8bit", "x-unknown", "binary", "8bit"})
_JIS_LABELS: Final = ("iso-2022-jp", "iso2022", "iso_2022_jp", "csiso2022jp", "cp5022", "jis")
_TO_TEXT: Final = frozenset(
    {"base64", "base64_codec", "bz2", "bz2_codec", "hex", "hex_codec", "quopri", "quopri_codec", "rot13", "rot_13",
     "uu", "uu_codec", "zip", "zlib", "zlib_codec", "idna", "punycode", "undefined", "unicode_escape",
     "raw_unicode_escape", "mbcs", "oem"}
)  # fmt: skip
"""What Python calls codecs and no mail may name; one of them unpacks, and makes a small mail large."""


def decoded(raw: bytes, label: str = "") -> str:
    """As the label means; where that cannot be, as the bytes look; what nothing reads becomes U+FFFD."""
    name = label.strip().strip("\"'").casefold()[:60]
    if name.startswith(_JIS_LABELS) or _SHIFT.search(raw):
        return jis(raw)
    meant = _MEANT.get(name, name)
    if meant not in _SAYS_NOTHING and _known(meant):
        text = _euc(raw) if meant == "euc_jp" else _strictly(raw, meant)
        if text is not None and not (meant in {"cp1252", "cp932"} and _is_rather_utf8(raw, text)):
            return text
    return looked_at(raw)


def looked_at(raw: bytes) -> str:
    """By what the bytes look like alone."""
    if _SHIFT.search(raw):
        return jis(raw)
    text = _strictly(raw, "utf-8")
    if text is not None:
        return text
    shifted, packed = _strictly(raw, "cp932"), _euc(raw)
    likely = [text for text in (shifted, packed) if text is not None]
    if likely:
        return max(likely, key=_looks_japanese)
    return raw.decode("utf-8", "replace")


def jis(raw: bytes) -> str:
    """ISO-2022-JP with all that its relatives add, and with the bytes of eight bits that some senders leave in it."""
    shown: list[str] = []
    at, kind, kana = 0, b"\x1b(B", False
    for mark in _JIS.finditer(raw):
        shown.append(_piece(raw[at : mark.start()], kind, kana=kana))
        at = mark.end()
        if mark[0] in {b"\x0e", b"\x0f"}:
            kana = mark[0] == b"\x0e"
        else:
            kind = mark[0]
    shown.append(_piece(raw[at:], kind, kana=kana))
    return "".join(shown)


def _piece(raw: bytes, kind: bytes, *, kana: bool) -> str:
    if not raw:
        return ""
    if kind == b"\x1b(I" or kana:
        return bytes(one | 0x80 if 0x21 <= one <= 0x5F else one for one in raw).decode("cp932", "replace")
    if kind == b"\x1b$(D":
        return b"".join(b"\x8f" + pair for pair in _pairs(raw, 0x80)).decode("euc_jp", "replace")
    if kind in {b"\x1b$B", b"\x1b$@", b"\x1b$(B", b"\x1b$(@"}:
        return _double(raw)
    return raw.decode("ascii") if raw.isascii() else looked_at(raw.replace(b"\x1b", b""))


def _pairs(raw: bytes, add: int) -> list[bytes]:
    plain = bytes(one for one in raw if 0x21 <= one <= 0x7E)
    return [bytes((plain[at] | add, plain[at + 1] | add)) for at in range(0, len(plain) - 1, 2)]


def _double(raw: bytes) -> str:
    """Lines and blanks that stand inside a shifted stretch stay what they are; a byte without its partner is lost."""
    shown, at = bytearray(), 0
    while at < len(raw):
        one = raw[at]
        if 0x21 <= one <= 0x7E and at + 1 < len(raw) and 0x21 <= raw[at + 1] <= 0x7E:
            shown += _shift_jis(one, raw[at + 1])
            at += 2
        else:
            shown += bytes((one,)) if one < 0x21 else b"?"
            at += 1
    return shown.decode("cp932", "replace")


def _shift_jis(row: int, cell: int) -> bytes:
    """JIS X 0208 annex 1: two rows share a lead byte."""
    lead = ((row - 0x21) >> 1) + 0x81
    trail = cell + (0x1F if cell < 0x60 else 0x20) if row % 2 else cell + 0x7E
    return bytes((lead if lead < 0xA0 else lead + 0x40, trail))


def _euc(raw: bytes) -> str | None:
    """EUC-JP, its row 13 too. None where it is none."""
    plain = _strictly(raw, "euc_jp")
    if plain is not None:
        return plain
    shown, at = bytearray(), 0
    while at < len(raw):
        one, two = raw[at], raw[at + 1] if at + 1 < len(raw) else 0
        if one < 0x80:
            shown.append(one)
            at += 1
        elif one == 0x8E and 0xA1 <= two <= 0xDF:
            shown.append(two)
            at += 2
        elif 0xA1 <= one <= 0xFE and 0xA1 <= two <= 0xFE:
            shown += _shift_jis(one & 0x7F, two & 0x7F)
            at += 2
        else:
            return None
    return _strictly(bytes(shown), "cp932")


def _looks_japanese(text: str) -> float:
    """Kana speak for it, half-width kana and letters of nobody's language against it."""
    return sum(_weight(letter) for letter in text[:4_000])


def _weight(letter: str) -> float:
    code = ord(letter)
    if code < 0x80:
        return 0.0
    if 0x3040 <= code <= 0x30FF or 0x3000 <= code <= 0x3002:
        return 2.0
    if 0x4E00 <= code <= 0x9FFF or 0xFF01 <= code <= 0xFF5E:
        return 0.5
    return -0.5 if 0xFF61 <= code <= 0xFF9F else -1.0


def _known(name: str) -> bool:
    if name.replace("-", "_") in _TO_TEXT:
        return False
    try:
        codecs.lookup(name)
    except (LookupError, ValueError, UnicodeError):
        return False
    return True


def _is_rather_utf8(raw: bytes, text: str) -> bool:
    """Whether a label is left over from another program: the bytes are UTF-8, and say more that way."""
    other = _strictly(raw, "utf-8")
    return other is not None and not raw.isascii() and _looks_japanese(other) >= _looks_japanese(text)


def _strictly(raw: bytes, name: str) -> str | None:
    try:
        text = raw.decode(name)
    except (UnicodeError, LookupError, ValueError, AssertionError):
        return None
    return text if isinstance(text, str) else None

"""Names of files, which strangers choose. Pure.

What is shown is the name as it was given (NFC; half-width kana stay half-width), without the path before it and without
characters that cannot be seen or that turn the reading around. What a browser is told to save is safe on every system.
"""

import re
import unicodedata
from enum import StrEnum
from mimetypes import guess_type
from typing import Final
from urllib.parse import quote

LONGEST: Final = 255
"""Bytes in UTF-8: what file systems take."""
UNNAMED: Final = "unnamed"
_HIDDEN: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_JOINERS: Final = "\u200c\u200d"  # scripts and emoji need them, and they turn nothing around
_NOWHERE: Final = re.compile(r'[<>:"/\\|?*]')
_RESERVED: Final = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)", re.IGNORECASE)


class Look(StrEnum):
    """What a file seems to be, for its icon. Nobody trusts it."""

    IMAGE = "image"
    DOCUMENT = "document"
    TABLE = "table"
    TEXT = "text"
    ARCHIVE = "archive"
    MAIL = "mail"
    PROGRAM = "program"
    OTHER = "other"


_LOOKS: Final = {
    Look.DOCUMENT: "pdf doc docx odt rtf ppt pptx odp",
    Look.TABLE: "csv tsv xls xlsx xlsm ods",
    Look.ARCHIVE: "zip 7z rar tar gz tgz bz2 xz zst lzh lha cab iso img vhd vhdx e01 dmp raw mem",
    Look.MAIL: "eml msg mbox",
    Look.PROGRAM: "exe dll sys scr com bat cmd ps1 vbs js jse wsf hta msi lnk jar apk sh elf py",
    Look.TEXT: "txt log json ndjson xml yml yaml html htm md evtx pcap pcapng conf ini",
}
_BY_ENDING: Final = {ending: look for look, endings in _LOOKS.items() for ending in endings.split()}


def tidy(name: str) -> str:
    """The name as it is kept and shown."""
    last = re.split(r"[/\\]", name)[-1]
    seen = "".join("_" if _hidden(character) else character for character in last)
    return _short(unicodedata.normalize("NFC", seen).strip()) or UNNAMED


def _hidden(character: str) -> bool:
    return unicodedata.category(character) in _HIDDEN and character not in _JOINERS


def _short(name: str) -> str:
    """At most 255 bytes, the ending kept."""
    if len(name.encode()) <= LONGEST:
        return name
    stem, dot, ending = name.rpartition(".")
    tail = (dot + ending).encode() if stem and len(ending) <= 16 else b""
    head = (stem if tail else name).encode()[: LONGEST - len(tail)]
    return head.decode(errors="ignore") + tail.decode()


def safe(name: str) -> str:
    """A name that can be saved on any system, and is no device and no hidden file of one."""
    plain = _NOWHERE.sub("_", tidy(name)).rstrip(". ").lstrip(".") or UNNAMED
    return f"_{plain}" if _RESERVED.fullmatch(plain.split(".", 1)[0].rstrip()) else plain


def disposition(name: str) -> str:
    """Content-Disposition: saved, never shown (RFC 6266, with a plain name for whoever knows no other)."""
    wanted = safe(name)
    plain = "".join(c if c.isascii() and c not in '%"\\' else "_" for c in wanted)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(wanted, safe='')}"


def look(name: str) -> Look:
    ending = name.rpartition(".")[2].lower()
    if ending in _BY_ENDING:
        return _BY_ENDING[ending]
    kind = (guess_type(name)[0] or "").partition("/")[0]
    return {"image": Look.IMAGE, "text": Look.TEXT}.get(kind, Look.OTHER)

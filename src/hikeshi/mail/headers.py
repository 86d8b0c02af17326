"""Headers as they really come: RFC 2047 words cut in the middle of a letter, without a charset, or raw bytes.

Works on ``email.message.Message`` of the compat32 policy: it alone hands every header over as it stood.
"""

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime
from typing import Final

from hikeshi.mail.charsets import decoded, looked_at

LONGEST: Final = 16_000
MOST_ADDRESSES: Final = 200
MOST_IDS: Final = 100
_WORD: Final = re.compile(
    r"=\?([^?\s]{0,60})\?([bBqQ])\?([^?]{0,4000}(?=\?=)|[^?\s]{0,4000}(?=\??\s*\Z))(?:\?=|\??\s*)"
)
"""The last one may have lost its end: some senders cut a subject at a number of letters."""
_BETWEEN: Final = re.compile(r"\s+")
_ID: Final = re.compile(r"<([^<>\s]{1,500})>")
_ADDRESS: Final = re.compile(r"[^\s<>()\[\],;:\"\\]{1,120}@[^\s<>()\[\],;:\"\\]{1,253}")
_UNSEEN: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
"""Controls, and marks that turn text about: a name must not pretend to be another."""


@dataclass(frozen=True, slots=True)
class Address:
    name: str
    address: str

    def __str__(self) -> str:
        return f"{self.name} <{self.address}>" if self.name else self.address


@dataclass(frozen=True, slots=True)
class _Coded:
    charset: str
    raw: bytes


def raw_values(mail: Message, name: str) -> list[str]:
    """As they stood, folded lines joined; bytes of eight bits as lone surrogates."""
    wanted = name.casefold()
    found = [str(value) for known, value in mail.raw_items() if known.casefold() == wanted]
    return [re.sub(r"\r?\n(?=[ \t])|[\r\n]+", "", one)[:LONGEST] for one in found]


def values(mail: Message, name: str) -> list[str]:
    return [words(one) for one in raw_values(mail, name)]


def value(mail: Message, name: str) -> str:
    """The first, legible; "" where there is none."""
    return next(iter(values(mail, name)), "")


def words(text: str) -> str:
    """A header's text, its encoded words read. Words that follow each other in one charset are joined before they are
    read: many senders cut a letter in two.
    """
    parts: list[str | _Coded] = []
    at = 0
    for mark in _WORD.finditer(text):
        between = text[at : mark.start()]
        coded = _Coded(mark[1].partition("*")[0].casefold(), _bytes(mark[2], mark[3]))
        last = parts[-1] if parts else None
        if between and not (isinstance(last, _Coded) and not between.strip()):
            parts.append(between)
            last = None
        if isinstance(last, _Coded) and last.charset == coded.charset:
            parts[-1] = _Coded(coded.charset, _joined(last.raw, coded.raw))
        else:
            parts.append(coded)
        at = mark.end()
    parts.append(text[at:])
    shown = "".join(decoded(one.raw, one.charset) if isinstance(one, _Coded) else _legible(one) for one in parts)
    return _UNSEEN.sub("", shown).strip()


def _joined(first: bytes, second: bytes) -> bytes:
    """A shifted stretch that was closed and opened again at the cut is one stretch."""
    if first.endswith(b"\x1b(B") and second.startswith(b"\x1b$B"):
        return first[:-3] + second[3:]
    return first + second


def _bytes(how: str, text: str) -> bytes:
    raw = text.encode("ascii", "surrogateescape") if _escapable(text) else text.encode("utf-8", "replace")
    if how in "qQ":
        return binascii.a2b_qp(raw.replace(b" ", b"_"), header=True)
    plain = re.sub(rb"[^A-Za-z0-9+/]", b"", raw)
    if len(plain) % 4 == 1:
        plain = plain[:-1]
    return base64.b64decode(plain + b"=" * (-len(plain) % 4))


def _escapable(text: str) -> bool:
    return all(ord(one) < 0x80 or 0xDC80 <= ord(one) <= 0xDCFF for one in text)


def _legible(text: str) -> str:
    """Bytes of eight bits that stand in a header as they are, or a shifted stretch without its word."""
    if not text or (text.isascii() and "\x1b" not in text):
        return text
    if not _escapable(text):
        return text.encode("utf-8", "replace").decode()
    return looked_at(text.encode("ascii", "surrogateescape"))


def addresses(mail: Message, name: str) -> tuple[Address, ...]:
    """Split before names are read: a comma inside an encoded name parts nobody."""
    found: list[Address] = []
    for text in raw_values(mail, name):
        found += _split(text)
    return tuple(found[:MOST_ADDRESSES])


def _split(text: str) -> Iterator[Address]:
    safe = _WORD.sub(lambda mark: re.sub(r"[\s,;<>()\"]", "_", mark[0]), text)
    try:
        pairs = getaddresses([safe])
    except Exception:  # noqa: BLE001  # the library raises many things on what strangers write
        pairs = []
    good = [(name, address) for name, address in pairs if _ADDRESS.fullmatch(address)]
    if not good:
        good = [("", one) for one in _ADDRESS.findall(safe)]
    for name, address in good:
        yield Address(words(name)[:300], _legible(address))


def ids(mail: Message, name: str) -> tuple[str, ...]:
    """Message ids without their brackets; some programs write a long one as encoded words."""
    found = [one for text in values(mail, name) for one in _ID.findall(text) if one.isascii()]
    return tuple(dict.fromkeys(found))[:MOST_IDS]


def sent_at(mail: Message) -> datetime | None:
    for text in raw_values(mail, "Date")[:1]:
        try:
            found = parsedate_to_datetime(text)
            return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, TypeError, IndexError, OverflowError):
            return None
    return None

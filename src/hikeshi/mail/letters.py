"""One mail, read: what it says, who wrote it, what hangs on it. ``read`` never raises and never loses the words."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes
from email.message import Message
from email.policy import compat32
from email.utils import collapse_rfc2231_value
from typing import Final

from hikeshi.mail import headers, machines, tnef
from hikeshi.mail.charsets import decoded, looked_at
from hikeshi.mail.headers import Address
from hikeshi.mail.machines import Automatic
from hikeshi.mail.marked_up import links_of, text_of

MOST_PARTS: Final = 500
MOST_FILES: Final = 100
DEEPEST: Final = 20
LONGEST: Final = 1024 * 1024
"""Letters of text that are read; the mail itself is kept whole by whoever took it."""
_PARTS: Final = re.compile(rb"content-type\s{0,5}:|boundary\s{0,5}=", re.IGNORECASE)
_END: Final = re.compile(rb"\r?\n\r?\n")
_KIND: Final = re.compile(r"[\w!#$&^.+-]+/[\w!#$&^.+-]+", re.ASCII)
_BAD: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class File:
    """``letter``: the mail it is, where it is one."""

    name: str
    content_type: str
    content: bytes = field(repr=False)
    letter: "Letter | None" = None

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class Letter:
    """``sender`` is empty where there is none, or where the mail names several: it cannot be all of them."""

    mail: Message = field(repr=False)
    subject: str
    sender: Address
    reply_to: tuple[Address, ...]
    to: tuple[Address, ...]
    sent_at: datetime | None
    message_id: str
    follows: tuple[str, ...]
    text: str
    links: tuple[str, ...]
    files: tuple[File, ...]
    automatic: Automatic
    unanswerable: bool
    flat: bool = False
    """Too deep, or of too many parts, to be taken apart: read as one piece."""

    @property
    def letters(self) -> tuple["Letter", ...]:
        return tuple(one.letter for one in self.files if one.letter is not None)


@dataclass(slots=True)
class _Found:
    plain: list[str] = field(default_factory=list)
    marked_up: list[str] = field(default_factory=list)
    files: list[File] = field(default_factory=list)


def read(raw: bytes, deep: int = 0) -> Letter:
    """What cannot be taken apart is read as one piece: head, and everything behind it as text."""
    if sum(1 for _ in _PARTS.finditer(raw)) <= MOST_PARTS:
        try:
            return _letter(message_from_bytes(raw, policy=compat32), deep)
        except Exception:  # noqa: BLE001  # the parser raises many things on what strangers write, and recurses
            return _flat(raw)
    return _flat(raw)


def _flat(raw: bytes) -> Letter:
    end = _END.search(raw[: 256 * 1024])
    head, body = (raw[: end.start()], raw[end.end() :]) if end else (b"", raw)
    try:
        mail = message_from_bytes(re.sub(rb"(?im)^(content-[a-z-]+):", rb"X-\1:", head) + b"\r\n\r\n", policy=compat32)
        letter = _letter(mail, DEEPEST)
    except Exception:  # noqa: BLE001  # as above
        mail = Message(policy=compat32)
        letter = _letter(mail, DEEPEST)
    return _with_text(letter, _tidy(looked_at(body[: LONGEST * 2])))


def _with_text(letter: Letter, text: str) -> Letter:
    return Letter(
        letter.mail, letter.subject, letter.sender, letter.reply_to, letter.to, letter.sent_at, letter.message_id,
        letter.follows, text, (), (), letter.automatic, letter.unanswerable, flat=True,
    )  # fmt: skip


def _letter(mail: Message, deep: int) -> Letter:
    found = _Found()
    _take(mail, found, deep)
    senders = headers.addresses(mail, "From")
    text = "\n\n".join(one for one in found.plain if one.strip())
    return Letter(
        mail=mail,
        subject=_tidy(headers.value(mail, "Subject")),
        sender=senders[0] if len(senders) == 1 else Address("", ""),
        reply_to=headers.addresses(mail, "Reply-To"),
        to=(*headers.addresses(mail, "Delivered-To"), *headers.addresses(mail, "To"), *headers.addresses(mail, "Cc")),
        sent_at=headers.sent_at(mail),
        message_id=next(iter(headers.ids(mail, "Message-ID")), ""),
        follows=tuple(dict.fromkeys((*headers.ids(mail, "In-Reply-To"), *headers.ids(mail, "References")))),
        text=_tidy(text or "\n\n".join(text_of(one) for one in found.marked_up)).strip("\n"),
        links=tuple(dict.fromkeys(link for one in found.marked_up for link in links_of(one)))[:1_000],
        files=tuple(found.files),
        automatic=machines.automatic(mail),
        unanswerable=machines.never_answered(mail),
    )


def _take(part: Message, found: _Found, deep: int) -> None:
    kind = part.get_content_type()
    if kind == "message/rfc822" or (kind == "message/global" and part.is_multipart()):
        _take_letter(part, found, deep)
    elif part.is_multipart():
        for one in _inside(part):
            _take(one, found, deep + 1)
    elif _is_file(part, kind):
        _take_file(part, kind, found, deep)
    else:
        (found.marked_up if kind == "text/html" else found.plain).append(_text(part))


def _inside(part: Message) -> Iterator[Message]:
    inside = part.get_payload()
    if isinstance(inside, list):
        yield from (one for one in inside if isinstance(one, Message))


def _is_file(part: Message, kind: str) -> bool:
    said = headers.value(part, "Content-Disposition").partition(";")[0].strip().casefold()
    if said == "attachment" or not kind.startswith("text/"):
        return not (kind == "message/delivery-status" and said != "attachment")
    return kind not in {"text/plain", "text/html"} or (said != "inline" and bool(_name(part)))


def _take_letter(part: Message, found: _Found, deep: int) -> None:
    for one in _inside(part):
        raw = one.as_bytes(policy=compat32)
        inner = read(raw, deep + 1) if deep < DEEPEST else None
        name = _name(part) or f"{(inner.subject if inner else '')[:80] or 'mail'}.eml"
        _keep(found, File(name, "message/rfc822", raw, inner))


def _take_file(part: Message, kind: str, found: _Found, deep: int) -> None:
    raw, name = _payload(part), _name(part)
    if kind in {"application/ms-tnef", "application/vnd.ms-tnef"} or tnef.is_tnef(raw):
        wrapped = tnef.unwrapped(raw)
        if wrapped.text:
            found.plain.append(wrapped.text)
        for one in wrapped.files:
            _keep(found, _file(one.name, "application/octet-stream", one.content, deep))
    _keep(found, _file(name or ("winmail.dat" if tnef.is_tnef(raw) else ""), kind, raw, deep))


def _file(name: str, kind: str, raw: bytes, deep: int) -> File:
    """A mail that was attached as a mere file is a mail nonetheless."""
    is_mail = name.casefold().endswith(".eml") and deep < DEEPEST
    kind = kind[:100] if _KIND.fullmatch(kind) else "application/octet-stream"
    return File(_tidy(name)[:200] or "file", kind, raw, read(raw, deep + 1) if is_mail else None)


def _keep(found: _Found, file: File) -> None:
    if len(found.files) < MOST_FILES:
        found.files.append(file)


def _payload(part: Message) -> bytes:
    try:
        raw = part.get_payload(decode=True)
    except (ValueError, LookupError, AssertionError):
        raw = None
    if isinstance(raw, bytes):
        return raw
    return str(part.get_payload()).encode("utf-8", "replace")


def _text(part: Message) -> str:
    raw = _payload(part)[: LONGEST * 4]
    label = part.get_param("charset", "")
    name = collapse_rfc2231_value(label) if label else ""
    return decoded(raw, str(name))[:LONGEST]


def _name(part: Message) -> str:
    """As RFC 2231 says it, or as everybody writes it: an encoded word in quotation marks."""
    for header, parameter in (("Content-Disposition", "filename"), ("Content-Type", "name")):
        found = part.get_param(parameter, None, header)
        if isinstance(found, tuple):
            raw = str(found[2]).encode("latin-1", "replace")
            return _tidy(decoded(raw, found[0] or ""))
        if found:
            return _tidy(headers.words(found))
    return ""


def _tidy(text: str) -> str:
    return _BAD.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))[:LONGEST]

"""What a mail that came back says. Pure; whatever is in it, nothing is raised.

Machines answer too: a holiday notice or a bounce (RFC 3834, RFC 3464) is never taken for somebody's answer.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import default
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Final

import msgspec
import yaml

from hikeshi.mail.charsets import decoded
from hikeshi.mail.marked_up import text_of

WORDS: Final = Path(__file__).parents[1] / "data" / "replies.yaml"
MOST_TOKENS: Final = 20
LONGEST: Final = 64 * 1024
_TOKEN: Final = re.compile(r"(?<![\w-])[A-Za-z0-9_-]{43}(?![\w-])")
_PLACES: Final = ("To", "Delivered-To", "X-Original-To", "Cc", "In-Reply-To", "References", "Subject")
_RETURNED: Final = ("Message-ID", "Reply-To", "In-Reply-To")
_MACHINES: Final = ("X-Autoreply", "X-Autorespond", "X-Autoresponder", "X-Autoreply-From", "X-Mail-Autoreply")
_BULK: Final = frozenset({"auto_reply", "bulk", "junk", "list"})


class Sort(StrEnum):
    ANSWER = "answer"
    UNCLEAR = "unclear"  # somebody wrote, and not one of the words
    MACHINE = "machine"
    BOUNCE = "bounce"


@dataclass(frozen=True, slots=True)
class Reply:
    """``tokens``: what may be one of ours, the likeliest first. ``choice`` is a code, of an answer alone."""

    sort: Sort
    tokens: tuple[str, ...] = ()
    choice: str = ""


def read(raw: bytes) -> Reply:
    try:
        mail = message_from_bytes(raw, policy=default)
        if _is_report(mail):
            return Reply(Sort.BOUNCE if _failed(mail) else Sort.MACHINE, _tokens(_returned(mail)))
        if _is_of_a_machine(mail):
            return Reply(Sort.MACHINE)
        text = _text(mail)
        found = _tokens([*(_header(mail, name) for name in _PLACES), text])
    except Exception:  # noqa: BLE001  # the parser raises many things on what strangers write; none of them is an answer
        return Reply(Sort.MACHINE)
    choice = choice_of(_first_line(text))
    return Reply(Sort.ANSWER if choice else Sort.UNCLEAR, found, choice)


def _header(mail: Message, name: str) -> str:
    return " ".join(str(one) for one in mail.get_all(name, []))


def _is_report(mail: Message) -> bool:
    return mail.get_content_type() == "multipart/report"


def _failed(mail: Message) -> bool:
    """Given up; what is merely late comes later or comes back."""
    if str(mail.get_param("report-type", "")).lower() != "delivery-status":
        return False
    statuses = [part for part in mail.walk() if part.get_content_type() == "message/delivery-status"]
    blocks = [block for part in statuses for block in part.walk()]
    return any(_header(block, "Action").strip().lower() == "failed" for block in blocks)


def _returned(mail: Message) -> Iterator[str]:
    """Names of our own mail, as it came back inside the report."""
    for part in mail.walk():
        if part.get_content_type() == "text/rfc822-headers":
            yield _decoded(part)
        elif part is not mail and part.get("Message-ID"):
            yield from (_header(part, name) for name in _RETURNED)
    yield _header(mail, "In-Reply-To")


def _is_of_a_machine(mail: Message) -> bool:
    submitted = _header(mail, "Auto-Submitted").partition(";")[0].strip().lower()
    if submitted not in {"", "no"} or any(mail.get(name) is not None for name in _MACHINES):
        return True
    bulk = _header(mail, "Precedence").strip().lower() in _BULK
    return bulk or _header(mail, "Return-Path").strip() == "<>"


def _tokens(texts: Iterator[str] | list[str]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for text in texts:
        found |= dict.fromkeys(_TOKEN.findall(text[:LONGEST]))
    return tuple(found)[:MOST_TOKENS]


def _text(mail: EmailMessage | Message) -> str:
    if not isinstance(mail, EmailMessage):
        return ""
    body = mail.get_body(("plain", "html"))
    if body is None:
        return ""
    text = _decoded(body)[:LONGEST]
    return text_of(text) if body.get_content_type() == "text/html" else text


def _decoded(part: Message) -> str:
    """As its charset says; where it names none that is known, what can be read of it."""
    raw = part.get_payload(decode=True)
    if not isinstance(raw, bytes):
        return str(part.get_payload())
    return decoded(raw, part.get_content_charset(""))


def _first_line(text: str) -> str:
    lines = (line.strip() for line in text.splitlines())
    return next((line for line in lines if line and not line.startswith(">")), "")


@cache
def words() -> Mapping[str, str]:
    kept = msgspec.convert(yaml.load(WORDS.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader), dict[str, list[str]])
    return {_plain(word): choice for choice, known in kept.items() for word in known}


def choice_of(line: str) -> str:
    """Empty where the line is none of the words."""
    return words().get(_plain(line), "") if len(line) < 100 else ""


def _plain(line: str) -> str:
    """Full width as half, small letters, without marks at either end."""
    text = " ".join(unicodedata.normalize("NFKC", line).casefold().split())
    begin, end = 0, len(text)
    while begin < end and unicodedata.category(text[begin])[0] in "PSZC":
        begin += 1
    while end > begin and unicodedata.category(text[end - 1])[0] in "PSZC":
        end -= 1
    return text[begin:end]

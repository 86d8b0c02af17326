"""Bodies as text: what cannot be read as text is shown as bytes, never guessed."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from urllib.parse import urlencode
from uuid import UUID

SHOWN = 200_000
NEWEST = ("-received_at", "-id")


class Body(Protocol):
    body: bytes | memoryview
    content_type: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Shown:
    text: str
    size: int
    content_type: str
    received_at: datetime
    cut: bool

    @classmethod
    def of(cls, row: Body) -> "Shown":
        body = bytes(row.body)
        return cls(text_of(body[:SHOWN]), len(body), row.content_type, row.received_at, cut=len(body) > SHOWN)


def text_of(body: bytes) -> str:
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return visible(body.decode(encoding))
        except UnicodeDecodeError:
            continue
    return visible(body.decode("utf-8", "backslashreplace"))


def visible(text: str) -> str:
    """Control characters as their pictures, so that none of them acts on the page and none is hidden."""
    return "".join(chr(0x2400 + ord(one)) if ord(one) < 0x20 and one not in "\n\t\r" else one for one in text)


def pretty(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2, sort_keys=False, default=str)


def uuids(typed: Iterable[str]) -> list[UUID]:
    """Those that are references; the others were not made by our pages."""
    found = []
    for one in typed:
        try:
            found.append(UUID(one))
        except ValueError:
            continue
    return found[:200]


def next_page(cursor: str | None) -> str:
    return urlencode({"cursor": cursor}) if cursor else ""

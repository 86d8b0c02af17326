"""Bodies as text: what cannot be read as text is shown as bytes, never guessed."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from urllib.parse import urlencode
from uuid import UUID

from hikeshi.web.turning import TURNING

SHOWN = 200_000
PICTURES = {**{code: chr(0x2400 + code) for code in range(0x20) if chr(code) not in "\n\t\r"}, **TURNING}
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
    """Control characters as their pictures and those that turn writing round by name: none acts, none is hidden."""
    return text.translate(PICTURES)


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

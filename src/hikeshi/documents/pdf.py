"""A document as PDF, by Typst: tagged (PDF/UA-1) and made to be kept (PDF/A-2a).

Each is set in a process of its own, so that a document nobody foresaw can be stopped and its memory goes back. As many
are made at once as the machine has processors, four at most; each may take up to 2 GiB and usually takes 90 MiB.
"""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC
from pathlib import Path
from typing import Final

from hikeshi.documents import fonts
from hikeshi.documents.refusals import DocumentBusy, DocumentFailed, DocumentTooLarge
from hikeshi.documents.texts import printable
from hikeshi.documents.tree import (
    Bars,
    Block,
    Break,
    Bullets,
    Cell,
    Document,
    Heading,
    Notice,
    Pairs,
    Paragraph,
    Poster,
    Span,
    Table,
    numbers,
    spans,
)
from hikeshi.kernel.facts import JSON

TEMPLATE: Final = Path(__file__).parent / "templates/document.typ"
TYPESETTER: Final = Path(__file__).parent / "typesetter.py"
AT_ONCE: Final = max(1, min(4, os.cpu_count() or 1))
PATIENCE: Final = 20.0
"""Seconds to wait for a turn."""
LONGEST: Final = 60.0
"""Seconds one document may take."""
LARGEST: Final = 8 * 1024 * 1024
"""Characters of data; some 4,000 pages."""
LINE: Final = 4_000
"""Letters after which a line without end is broken: setting one of half a million takes minutes."""
KEPT_WHOLE: Final = 500
"""Letters of a table's row that is not divided between pages."""
_turns: Final = threading.BoundedSemaphore(AT_ONCE)


def render(document: Document) -> bytes:
    """Raises DocumentBusy, DocumentTooLarge, FontsMissing; DocumentFailed where the typesetter broke."""
    with turn():
        return _set(document, "pdf")


def pictures(document: Document) -> list[bytes]:
    """Its pages as PNG, for eyes. Raises as ``render``."""
    with turn():
        raw = _set(document, "png")
    found = []
    while raw:
        length = int.from_bytes(raw[:8], "big")
        found.append(raw[8 : 8 + length])
        raw = raw[8 + length :]
    return found


@contextmanager
def turn() -> Iterator[None]:
    """One of the few that are made at once. Raises DocumentBusy."""
    if not _turns.acquire(timeout=PATIENCE):
        raise DocumentBusy
    try:
        yield
    finally:
        _turns.release()


def _set(document: Document, kind: str) -> bytes:
    data = json.dumps(_shape(document), ensure_ascii=False, separators=(",", ":"))
    if len(data) > LARGEST:
        raise DocumentTooLarge
    further = fonts.families(frozenset(map(ord, {*data})))
    folders = [str(one) for one in (fonts.folder(), *([fonts.OTHERS] if further else []))]
    sent = f"{int(document.made_at.timestamp())}\n{json.dumps(further)}\n{data}".encode()
    command = [sys.executable, "-E", "-s", "-P", str(TYPESETTER), str(TEMPLATE), kind, *folders]
    try:
        done = subprocess.run(  # noqa: S603  # our own file; what people wrote goes in as data
            command, input=sent, capture_output=True, timeout=LONGEST, env={}, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise DocumentTooLarge from error
    if done.returncode == 1:
        raise DocumentFailed(done.stderr.decode("utf-8", "replace")[-2_000:])
    if done.returncode != 0:  # a limit ended it
        raise DocumentTooLarge
    return done.stdout


def _shape(document: Document) -> JSON:
    made, front = document.made_at.astimezone(UTC), document.front
    heads = numbers(document.blocks)
    return {
        "title": _line(document.title),
        "author": _line(document.author),
        "keywords": [_line(one) for one in document.keywords],
        "language": document.language,
        "made": [made.year, made.month, made.day, made.hour, made.minute, made.second],
        "marking": _line(document.marking),
        "running": _line(document.running),
        "foot": _line(document.foot),
        "page": document.page,
        "poster": _poster(document.poster),
        "front": {
            "kind": _lines(front.kind),
            "title": _lines(front.title),
            "state": _lines(front.state),
            "above": [_lines(one) for one in front.above],
            "rows": [_pair(name, cell) for name, cell in front.rows],
        },
        "blocks": [_block(block, number) for block, number in zip(document.blocks, heads, strict=True)],
    }


def _poster(poster: Poster | None) -> JSON:
    return {"paper": poster.paper.value, "parted": _line(poster.parted)} if poster else None


def _block(block: Block, number: str) -> JSON:
    match block:
        case Heading():
            return {"type": "heading", "level": block.level, "number": number, "text": _line(block.text)}
        case Paragraph():
            return {"type": "paragraph", "tone": block.tone, "lines": _lines(block.text)}
        case Notice():
            return {"type": "notice", "lines": _lines(block.text)}
        case Pairs():
            return {"type": "pairs", "rows": [_pair(name, cell) for name, cell in block.rows]}
        case Table():
            columns: list[JSON] = [{"title": _lines(one.title), "share": one.share} for one in block.columns]
            rows: list[JSON] = [_row(row) for row in block.rows]
            return {"type": "table", "columns": columns, "rows": rows}
        case Bullets() | Bars() | Break():
            return _listed(block)


def _listed(block: Bullets | Bars | Break) -> JSON:
    match block:
        case Bullets():
            return {"type": "bullets", "items": [_span(spans(one)[0]) for one in block.items]}
        case Bars():
            bars: list[JSON] = [_bar(*one) for one in block.rows]
            return {"type": "bars", "rows": bars}
        case Break():
            return {"type": "break"}


def _bar(name: str, share: float, text: str) -> JSON:
    return {"name": _lines(name), "share": round(min(max(share, 0), 1) * 100, 2), "text": _line(text)}


def _row(row: tuple[Cell, ...]) -> JSON:
    """A row stays whole at the end of a page unless it is long."""
    cells = [spans(cell) for cell in row]
    letters = sum(len(span.text) for cell in cells for span in cell)
    return {"keep": letters < KEPT_WHOLE, "cells": [[_span(span) for span in cell] for cell in cells]}


def _pair(name: str, cell: Cell) -> JSON:
    return [_lines(name), _cell(cell)]


def _cell(cell: Cell) -> JSON:
    return [_span(one) for one in spans(cell)]


def _span(span: Span) -> JSON:
    return {"tone": span.tone, "lines": _lines(span.text)}


def _lines(text: str) -> list[JSON]:
    plain = printable(text)
    if len(plain) <= LINE and "\n" not in plain:
        return [plain]
    lines = plain.split("\n")
    return [line[at : at + LINE] for line in lines for at in range(0, len(line) or 1, LINE)]


def _line(text: str) -> str:
    return " ".join(printable(text).split())

"""A file of unknown making becomes rows of text. Formulas are named, never worked out."""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Final

from hikeshi.documents.tables import delimited, guards, workbooks
from hikeshi.documents.tables.headings import Field, find
from hikeshi.documents.tables.shapes import LONGEST_CELL, MOST_BYTES, MOST_COLUMNS, MOST_ROWS, Row, Table
from hikeshi.kernel.refusals import Invalid
from hikeshi.kernel.texts import storable

_ABOVE_HEADINGS: Final = 10


def read(body: bytes, *, fields: Sequence[Field] = (), field: str = "file") -> Table:
    """``fields`` help to find the line of the headings; ``field`` is what a refusal is about.

    Raises Invalid: empty, too large, neither CSV nor Excel, broken (with its line), too many rows.
    """
    if not body.strip():
        raise Invalid(field, "empty_file")
    if len(body) > MOST_BYTES:
        raise Invalid(field, "file_too_large", limit=MOST_BYTES // 1024 // 1024)
    found = workbooks.read(body, field) if workbooks.is_one(body) else delimited.read(body, field)
    rows = _kept(found.lines, field)
    if not rows:
        raise Invalid(field, "empty_file")
    at = find(rows, fields)
    digest = hashlib.sha256(body).hexdigest()
    return Table(_trimmed(rows[at]), tuple(rows[at + 1 :]), found.encoding, digest, found.sheet)


def _kept(lines: Iterable[tuple[int, list[str]]], field: str) -> list[Row]:
    """Lines that say something. Raises Invalid."""
    rows: list[Row] = []
    for line, cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        if len(rows) > MOST_ROWS + _ABOVE_HEADINGS:
            raise Invalid(field, "too_many_rows", limit=MOST_ROWS)
        if len(cells) > MOST_COLUMNS and any(cells[MOST_COLUMNS:]):
            raise Invalid(field, "too_many_columns", limit=MOST_COLUMNS, line=line)
        rows.append(_row(line, cells[:MOST_COLUMNS], field))
    return rows


def _row(line: int, cells: Sequence[str], field: str) -> Row:
    written = []
    faults = []
    for column, raw in enumerate(cells):
        if not storable(raw):
            raise Invalid(field, "unstorable_line", line=line)
        text = guards.bared(raw.strip())
        if len(text) > LONGEST_CELL:
            faults.append((column, "cell_too_long"))
        elif workbooks.is_error(text):
            faults.append((column, "cell_error"))
        elif guards.is_formula(text) and not raw.strip().startswith("'"):
            faults.append((column, "formula"))
        written.append(text[:LONGEST_CELL].replace("\r\n", "\n").replace("\r", "\n"))
    return Row(line, tuple(written), tuple(faults))


def _trimmed(headings: Row) -> Row:
    """Without the empty columns behind the last heading."""
    last = max(column for column, cell in enumerate(headings.cells) if cell)
    return Row(headings.line, headings.cells[: last + 1])

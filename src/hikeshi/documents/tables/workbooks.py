"""Excel files (.xlsx): looked through as hostile first, then read row by row, values as they stand."""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from hikeshi.documents.tables.lines import Lines
from hikeshi.documents.tables.shapes import MOST_COLUMNS, MOST_ROWS
from hikeshi.kernel.refusals import Invalid

if TYPE_CHECKING:
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

MOST_UNPACKED: Final = 300 * 1024 * 1024
MOST_PARTS: Final = 2_000
MOST_MERGED: Final = 20_000
_ZIP: Final = b"PK\x03\x04"
_COMPOUND: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # .xls, and .xlsx under a password
_CHUNK: Final = 1024 * 1024
_ENCODING: Final = re.compile(rb"""encoding\s*=\s*["']([^"']*)""")
_MERGED: Final = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*?\bref="([A-Z0-9:]+)"')
_ERRORS: Final = frozenset({"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"})
_ROWS_READ: Final = MOST_ROWS * 2  # empty ones between included

Merged = Mapping[int, tuple[tuple[int, int], ...]]
"""Row a merged block begins in, to its column and its last row; all counted from 1."""


def is_one(body: bytes) -> bool:
    return body.startswith((_ZIP, _COMPOUND))


def is_error(text: str) -> bool:
    """What a formula leaves behind that could not be worked out."""
    return text in _ERRORS


def read(body: bytes, field: str) -> Lines:
    """The first sheet that can be seen. Raises Invalid."""
    from openpyxl import load_workbook  # noqa: PLC0415  # takes a quarter of a second to load, and few ever need it
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet  # noqa: PLC0415  # as above

    if body.startswith(_COMPOUND):
        raise Invalid(field, "old_workbook")
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as parts:
            _look_through(parts, field)
            book = load_workbook(io.BytesIO(body), read_only=True, data_only=False, keep_links=False)
            sheet = next(one for one in book.worksheets if isinstance(one, ReadOnlyWorksheet) and _seen(one))
            merged = _merged(parts, str(vars(sheet)["_worksheet_path"]))
            sheet.reset_dimensions()  # what the file claims about its size is not believed
            rows = sheet.iter_rows(max_row=_ROWS_READ, values_only=True)
            found = list(_lines(rows, merged))
    except Invalid:
        raise
    except Exception as error:  # openpyxl meets a broken file with whatever happens to break
        raise Invalid(field, "broken_workbook") from error
    return Lines(found, "xlsx", str(sheet.title))


def _seen(sheet: "ReadOnlyWorksheet") -> bool:
    return sheet.sheet_state == "visible"


def _look_through(parts: zipfile.ZipFile, field: str) -> None:
    """Sizes are counted, not believed; a part that declares entities or another encoding is none of Excel's."""
    entries = parts.infolist()
    if len(entries) > MOST_PARTS:
        raise Invalid(field, "unpacks_too_large")
    left = MOST_UNPACKED
    for entry in entries:
        is_xml = entry.filename.endswith((".xml", ".rels", ".vml"))
        with parts.open(entry) as part:
            before = b""
            while chunk := part.read(_CHUNK):
                left -= len(chunk)
                if left < 0:
                    raise Invalid(field, "unpacks_too_large")
                if is_xml and _is_hostile(before[-16:] + chunk, first=not before):
                    raise Invalid(field, "broken_workbook")
                before = chunk


def _is_hostile(chunk: bytes, *, first: bool) -> bool:
    if first:
        said = _ENCODING.search(chunk[:200])
        if 0 in chunk[:4] or (said and said[1].lower() not in {b"utf-8", b"us-ascii", b"ascii"}):
            return True
    return b"<!DOCTYPE" in chunk or b"<!ENTITY" in chunk


def _merged(parts: zipfile.ZipFile, path: str) -> Merged:
    """Blocks that span rows; they stand behind the rows, so only the end of the sheet is searched."""
    from openpyxl.utils.cell import range_boundaries  # noqa: PLC0415  # as in read

    before, last = b"", b""
    with parts.open(path.lstrip("/")) as part:
        while chunk := part.read(_CHUNK):
            before, last = last, chunk
    blocks: dict[int, tuple[tuple[int, int], ...]] = {}
    for number, found in enumerate(_MERGED.finditer(before + last)):
        if number >= MOST_MERGED:
            break
        left, top, _, bottom = range_boundaries(found[1].decode())
        if left and top and bottom and bottom > top:
            blocks[top] = (*blocks.get(top, ()), (left, bottom))
    return blocks


def _lines(rows: Iterator[tuple[object, ...]], merged: Merged) -> Iterator[tuple[int, list[str]]]:
    """A block merged over several rows says the same of each of them."""
    standing: dict[int, tuple[int, str]] = {}
    for number, values in enumerate(rows, start=1):
        cells = [_text(value) for value in _said(values)]
        standing = {column: block for column, block in standing.items() if block[0] >= number}
        for column, (_, text) in standing.items():
            cells += [""] * (column - len(cells))
            cells[column - 1] = cells[column - 1] or text
        for column, bottom in merged.get(number, ()):
            if column <= len(cells):
                standing[column] = (bottom, cells[column - 1])
        yield number, cells


def _said(values: tuple[object, ...]) -> tuple[object, ...]:
    """Without the empty cells at the end, and never many more than are taken: a row may be 16,384 wide."""
    last = max((column for column, value in enumerate(values) if value is not None), default=-1)
    return values[: min(last, MOST_COLUMNS) + 1]


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        midnight = (value.hour, value.minute, value.second) == (0, 0, 0)
        return value.date().isoformat() if midnight else value.isoformat(timespec="minutes")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return value if isinstance(value, str) else _other(value)


def _other(value: object) -> str:
    """Numbers as they are; formulas of several cells come as objects."""
    return str(value) if isinstance(value, int | float) else "="

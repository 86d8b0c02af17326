"""Excel files out: nothing in them runs when opened."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import chain, islice
from typing import IO, Final, cast

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.cell.cell import Cell as BookCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.workbook.child import _WorkbookChild
from openpyxl.worksheet.worksheet import Worksheet

from hikeshi.documents.tables.guards import guarded
from hikeshi.documents.tables.shapes import LONGEST_CELL, Cell

_WIDEST: Final = 60
LINES: Final = 1_048_576
"""What a sheet of Excel holds, its headings among them."""
_CUT: Final = "…"


def write(file: IO[bytes], title: str, headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """Sheets of at most a million lines, their headings bold and standing still, their columns as wide as what they are
    called. openpyxl keeps the lines in a file of its own until the book is closed.
    """
    book = Workbook(write_only=True)
    coming, name, number = iter(rows), _sheet_name(title), 1
    some = list(islice(coming, 1))
    while some or number == 1:
        sheet = _begun(book, name if number == 1 else f"{name[:27]} {number}", headings)
        for row in chain(some, islice(coming, LINES - 2)):
            sheet.append([_kept(one) for one in row])
        some, number = list(islice(coming, 1)), number + 1
    book.save(file)


def _begun(book: Workbook, name: str, headings: Sequence[str]) -> Worksheet:
    sheet = cast("Worksheet", book.create_sheet(name))  # one that only writes, which the stubs know too little of
    sheet.freeze_panes = "A2"
    for column, heading in enumerate(headings, start=1):
        width = sum(2 if ord(letter) > 0x2E7F else 1 for letter in heading) + 4
        sheet.column_dimensions[get_column_letter(column)].width = min(max(width, 12), _WIDEST)
    sheet.append([_bold(sheet, one) for one in headings])
    return sheet


def _bold(sheet: _WorkbookChild, heading: str) -> BookCell:
    cell = WriteOnlyCell(sheet, value=str(_kept(heading)))
    cell.font = Font(bold=True)
    return cell


def _kept(cell: Cell) -> Cell:
    """As a workbook can hold it: no control characters, no zones, no text beyond what Excel takes."""
    if isinstance(cell, datetime):
        return cell.isoformat(timespec="minutes")
    if not isinstance(cell, str):
        return cell
    text = guarded(ILLEGAL_CHARACTERS_RE.sub("", cell).encode("utf-8", "replace").decode())
    return text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - 1] + _CUT


def _sheet_name(title: str) -> str:
    """Excel allows 31 letters and few signs."""
    return "".join(letter for letter in title if letter not in "[]:*?/\\'")[:31] or "1"

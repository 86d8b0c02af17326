"""Excel files out: one sheet, and nothing in it runs when opened."""

import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.cell.cell import Cell as BookCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.workbook.child import _WorkbookChild

from hikeshi.documents.tables.guards import guarded
from hikeshi.documents.tables.shapes import LONGEST_CELL, Cell

_WIDEST: Final = 60
_CUT: Final = "…"


def write(title: str, headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """One sheet, its headings bold and standing still, its columns as wide as what they are called."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_sheet_name(title))
    sheet.freeze_panes = "A2"
    for column, heading in enumerate(headings, start=1):
        width = sum(2 if ord(letter) > 0x2E7F else 1 for letter in heading) + 4
        sheet.column_dimensions[get_column_letter(column)].width = min(max(width, 12), _WIDEST)
    sheet.append([_bold(sheet, one) for one in headings])
    for row in rows:
        sheet.append([_kept(one) for one in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


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

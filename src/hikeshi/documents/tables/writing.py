"""Tables out: CSV that Excel opens in the right letters, and Excel files. Nothing in them runs when opened."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date

from hikeshi.documents.tables.guards import guarded
from hikeshi.documents.tables.shapes import Cell


def to_csv(headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """UTF-8 with its mark, lines as RFC 4180 wants them."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([guarded(one) for one in headings])
    writer.writerows([_said(one) for one in row] for row in rows)
    return out.getvalue().encode("utf-8-sig", "replace")


def _said(cell: Cell) -> str | int | float:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return guarded(cell)
    return cell.isoformat() if isinstance(cell, date) else cell


def to_workbook(title: str, headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """One sheet, its headings bold and standing still, its columns as wide as what they are called."""
    from hikeshi.documents.tables import sheets  # noqa: PLC0415  # what knows Excel takes a quarter of a second to load

    return sheets.write(title, headings, rows)

"""Tables out: CSV that Excel opens in the right letters, and Excel files. Nothing in them runs when opened."""

import codecs
import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import islice
from typing import IO, Final

from hikeshi.documents.tables.guards import guarded_throughout
from hikeshi.documents.tables.shapes import Cell

_AT_ONCE: Final = 500


def to_csv(headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """UTF-8 with its mark, lines as RFC 4180 wants them. Texts in quotes: a spreadsheet that parts at semicolons and
    tabs too parts none of them.
    """
    return b"".join(csv_pieces(headings, rows))


def csv_pieces(headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """The same in pieces of some hundred lines: memory does not grow with their number."""
    yield codecs.BOM_UTF8 + _lines([[guarded_throughout(one) for one in headings]])
    coming = iter(rows)
    while some := list(islice(coming, _AT_ONCE)):
        yield _lines([_said(one) for one in row] for row in some)


def _lines(rows: Iterable[Sequence[str | int | float]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n", quoting=csv.QUOTE_NONNUMERIC).writerows(rows)
    return out.getvalue().encode("utf-8", "replace")


def _said(cell: Cell) -> str | int | float:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return guarded_throughout(cell)
    return cell.isoformat() if isinstance(cell, date) else cell


def to_workbook(title: str, headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """One sheet, its headings bold and standing still, its columns as wide as what they are called."""
    out = io.BytesIO()
    write_workbook(out, title, headings, rows)
    return out.getvalue()


def write_workbook(file: IO[bytes], title: str, headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """The same into a file, row by row; beyond what one sheet holds it goes on on the next."""
    from hikeshi.documents.tables import sheets  # noqa: PLC0415  # what knows Excel takes a quarter of a second to load

    sheets.write(file, title, headings, rows)

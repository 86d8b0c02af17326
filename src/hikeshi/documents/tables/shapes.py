"""What a file of rows is once it has been read."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, TypeAlias

Cell: TypeAlias = "str | int | float | date | datetime | None"
"""What a table is written from."""

MOST_BYTES: Final = 15 * 1024 * 1024  # a form with it must fit through the door (edge.people.LIMIT)
MOST_ROWS: Final = 100_000
MOST_COLUMNS: Final = 200
LONGEST_CELL: Final = 32_767  # what Excel itself holds


@dataclass(frozen=True, slots=True)
class Row:
    """``line`` is where it stands in the file, counted from 1 as editors and Excel count. ``faults`` are columns whose
    cell cannot be used, with the code of the reason: a formula, or the error of one.
    """

    line: int
    cells: tuple[str, ...]
    faults: tuple[tuple[int, str], ...] = ()

    def cell(self, column: int) -> str:
        return self.cells[column] if column < len(self.cells) else ""


@dataclass(frozen=True, slots=True)
class Table:
    """Lines that are not empty, the one with the headings taken off. ``digest`` is the SHA-256 of the file."""

    headings: Row
    rows: tuple[Row, ...]
    encoding: str
    digest: str
    sheet: str = ""

    def beyond(self, row: Row) -> bool:
        """Whether the row says something where no heading stands: a delimiter inside a text, most likely."""
        return any(row.cells[len(self.headings.cells) :])

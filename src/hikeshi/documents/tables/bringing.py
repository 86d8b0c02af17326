"""A file that has to be a table of these fields, and what is wrong with a line whatever its fields mean."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hikeshi.documents.tables.headings import Field, Fit, fit
from hikeshi.documents.tables.plans import Problem
from hikeshi.documents.tables.reading import read
from hikeshi.documents.tables.shapes import MOST_ROWS, Row, Table
from hikeshi.kernel.refusals import Invalid


@dataclass(frozen=True, slots=True)
class Brought:
    """The rows of a file, and which column is which field. ``twice``: lines that say again what an earlier one said."""

    table: Table
    fit: Fit
    twice: Mapping[int, int]

    def said(self, row: Row) -> dict[str, str]:
        """Its cells by field."""
        return {code: row.cell(column).strip() for code, column in self.fit.columns.items()}

    def problems(self, row: Row) -> list[Problem]:
        found = [Problem(name, reason) for name, reason in self.fit.faults(row).items()]
        if self.table.beyond(row):
            found.append(Problem("", "line_too_wide"))
        if row.line in self.twice:
            found.append(Problem("", "line_twice", {"line": str(self.twice[row.line])}))
        return found


def bring(body: bytes, fields: Sequence[Field], *, most: int = MOST_ROWS) -> tuple[Table, Fit]:
    """Raises Invalid for what is no table of them: unreadable, a column lacking or there twice, no rows or too many."""
    table = read(body, fields=fields)
    found = fit(table.headings, fields)
    for lacking in found.missing:
        near = next((one.heading for one in found.unknown if one.meant == lacking), "")
        reason = "missing_heading_near" if near else "missing_heading"
        raise Invalid("file", reason, heading=f"{lacking.ja} / {lacking.en}", **({"meant": near} if near else {}))
    for one in found.doubled:
        raise Invalid("file", "doubled_heading", heading=f"{one.ja} / {one.en}")
    if not table.rows:
        raise Invalid("file", "empty_file")
    if len(table.rows) > most:
        raise Invalid("file", "too_many_rows", limit=f"{most:,}")
    return table, found

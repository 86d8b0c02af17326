"""Tables that people bring and take away: CSV and Excel files in, CSV and Excel files out.

``bring`` makes a ``Table`` of a file (``read``) and finds its fields in the headings (``fit``); ``to_csv`` and
``to_workbook`` write.
What somebody imports is first a ``Plan`` (per line: new, changed, same or wrong, and why), then carried out by one act.
"""

from hikeshi.documents.tables.bringing import Brought, bring
from hikeshi.documents.tables.columns import Column, Sheet, Words
from hikeshi.documents.tables.headings import Field, Fit, Unknown, find, fit
from hikeshi.documents.tables.plans import Fate, Plan, Planned, Problem, same_twice
from hikeshi.documents.tables.reading import read
from hikeshi.documents.tables.shapes import MOST_BYTES, MOST_ROWS, Cell, Row, Table
from hikeshi.documents.tables.writing import csv_pieces, to_csv, to_workbook, write_workbook

__all__ = [
    "MOST_BYTES",
    "MOST_ROWS",
    "Brought",
    "Cell",
    "Column",
    "Fate",
    "Field",
    "Fit",
    "Plan",
    "Planned",
    "Problem",
    "Row",
    "Sheet",
    "Table",
    "Unknown",
    "Words",
    "bring",
    "csv_pieces",
    "find",
    "fit",
    "read",
    "same_twice",
    "to_csv",
    "to_workbook",
    "write_workbook",
]

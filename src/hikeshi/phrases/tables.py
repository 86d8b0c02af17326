"""Why a file of rows, or one line of it, cannot be used."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

REASONS: Final[Mapping[str, Promise]] = {
    "broken_line": gettext_lazy("Line %(line)s is broken: a quotation mark is not closed, or text stands behind it."),
    "broken_workbook": gettext_lazy("This Excel file is damaged or is not one. Save it again as .xlsx or as CSV."),
    "cell_error": gettext_lazy("The cell holds the error of a formula."),
    "cell_too_long": gettext_lazy("The cell holds more than 32,767 characters."),
    "doubled_heading": gettext_lazy("Two columns are called “%(heading)s”. Remove one."),
    "empty_file": gettext_lazy("The file holds no rows."),
    "file_too_large": gettext_lazy("The file is larger than %(limit)s MB. Split it."),
    "formula": gettext_lazy("The cell holds a formula. Paste its value instead; nothing is worked out here."),
    "line_too_wide": gettext_lazy("The line has more cells than there are headings: a separator inside a text?"),
    "line_twice": gettext_lazy("Line %(line)s already says this."),
    "missing_heading": gettext_lazy("The column “%(heading)s” is missing."),
    "not_a_table": gettext_lazy(
        "Line %(line)s cannot be read. A file is CSV in UTF-8, UTF-16 or Shift_JIS (CP932), or Excel (.xlsx)."
    ),
    "old_workbook": gettext_lazy("This is an old .xls file, or a password guards it. Save it as .xlsx without one."),
    "too_many_columns": gettext_lazy("Line %(line)s has more than %(limit)s columns."),
    "too_many_rows": gettext_lazy("The file has more than %(limit)s rows. Split it."),
    "unknown_heading": gettext_lazy("The column “%(heading)s” is not known and is left aside."),
    "unknown_heading_near": gettext_lazy("The column “%(heading)s” is not known. Did you mean “%(meant)s”?"),
    "unpacks_too_large": gettext_lazy("Unpacked, this file would be far too large."),
    "unstorable_line": gettext_lazy("Line %(line)s holds a character that cannot be kept (NUL or half a pair)."),
}

"""CSV as people really send it: by Excel in CP932, with or without a mark of its encoding, with tabs or semicolons."""

import codecs
import csv
import io
from collections.abc import Iterator
from typing import Final

from hikeshi.documents.tables.lines import Lines
from hikeshi.kernel.refusals import Invalid

_DELIMITERS: Final = (",", "\t", ";", "|")
_SAYS_DELIMITER: Final = "sep="  # Excel's own first line
_SNIFFED: Final = 4_096


def read(body: bytes, field: str) -> Lines:
    """Raises Invalid."""
    text, encoding = _decoded(body, field)
    delimiter = _delimiter(text)
    return Lines(_lines(text, delimiter, field), encoding)


def _decoded(body: bytes, field: str) -> tuple[str, str]:
    if body.startswith(codecs.BOM_UTF8):
        return _strictly(body, "utf-8-sig", field), "utf-8-sig"
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _strictly(body, "utf-16", field), "utf-16"
    unmarked = _unmarked_utf_16(body)
    if unmarked:
        return _strictly(body, unmarked, field), "utf-16"
    try:
        return body.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return _strictly(body, "cp932", field), "cp932"


def _unmarked_utf_16(body: bytes) -> str:
    """Every second byte of Latin letters in UTF-16 is zero; no other encoding we read has zeros at all."""
    head = body[:_SNIFFED]
    if 0 not in head:
        return ""
    return "utf-16-le" if head[1::2].count(0) >= head[::2].count(0) else "utf-16-be"


def _strictly(body: bytes, encoding: str, field: str) -> str:
    try:
        return body.decode(encoding)
    except UnicodeDecodeError as error:
        raise Invalid(field, "not_a_table", line=body[: error.start].count(b"\n") + 1) from error


def _delimiter(text: str) -> str:
    first = next((line for line in text[:_SNIFFED].splitlines() if line.strip()), "")
    said = first.strip().casefold()
    if said.startswith(_SAYS_DELIMITER) and len(said) == len(_SAYS_DELIMITER) + 1:
        return said[-1]
    outside = "".join(first.split('"')[::2])
    return max(_DELIMITERS, key=outside.count)


def _lines(text: str, delimiter: str, field: str) -> Iterator[tuple[int, list[str]]]:
    """Each record with the line it begins on: a quoted text may run over several."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise Invalid(field, "broken_line", line=line) from error
        if cells is None:
            return
        if line > 1 or not "".join(cells).casefold().startswith(_SAYS_DELIMITER):
            yield line, cells

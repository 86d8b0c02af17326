"""Files of rows on pages: what one that was brought would do, in words, and one to take away."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, JsonResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hikeshi.documents import tables
from hikeshi.kernel import clock
from hikeshi.kernel.refusals import Invalid, NotFound
from hikeshi.phrases import labels, moments, refusals

Draft = TypeVar("Draft")
Said = Sequence[tuple[str, str]]
SHOWN: Final = 200
ACCEPTED: Final = ".csv,.tsv,.txt,.xlsx"
KINDS: Final[Mapping[str, str]] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True, slots=True)
class Line:
    line: int
    name: str
    said: Said


@dataclass(frozen=True, slots=True)
class Group:
    """Lines of one fate; ``more`` are not shown."""

    fate: str
    word: str
    count: int
    lines: Sequence[Line]

    @property
    def more(self) -> int:
        return self.count - len(self.lines)


def groups(
    plan: tables.Plan[Draft], field: Callable[[str], str], becomes: Callable[[tables.Planned[Draft]], Said]
) -> list[Group]:
    """What is wrong first; of what stays the same the number is enough. ``field`` names one in words; ``becomes`` says
    what a good line comes to.
    """
    found = []
    for fate in (tables.Fate.WRONG, tables.Fate.NEW, tables.Fate.CHANGED, tables.Fate.SAME):
        lines = plan.of(fate)
        shown = lines[: SHOWN if fate is not tables.Fate.SAME else 0]
        said = [Line(one.line, one.name, _problems(one, field) or becomes(one)) for one in shown]
        found.append(Group(fate.value, labels.label("fate", fate), len(lines), said))
    return found


def _problems(one: tables.Planned[Draft], field: Callable[[str], str]) -> Said:
    return [
        (field(problem.field) if problem.field else "", refusals.reason(problem.reason, problem.params))
        for problem in one.problems
    ]


def preview(file: tables.Brought, field: Callable[[str], str]) -> dict[str, object]:
    """How the file was read: its encoding, its sheet, and the columns left aside, each in a sentence."""
    said = []
    for one in file.fit.unknown:
        params = {"heading": one.heading[:80]}
        if one.meant is not None:
            params["meant"] = field(one.meant.code)
        said.append(refusals.reason("unknown_heading_near" if one.meant else "unknown_heading", params))
    return {"encoding": file.table.encoding, "sheet": file.table.sheet, "aside": said}


def sent(file: object) -> tuple[str, bytes]:
    """Name and content of what a form was sent; what is too large is not even read. Raises Invalid."""
    if not isinstance(file, UploadedFile):
        raise Invalid("file", "required")
    if (file.size or 0) > tables.MOST_BYTES:
        raise Invalid("file", "file_too_large", limit=tables.MOST_BYTES // 1_048_576)
    return file.name or "", file.read()


def stopped(code: str, line: int) -> str:
    """Why an import that was under way ended before its end."""
    if code == "lines_wrong":
        return _("Line %(line)s cannot be taken.") % {"line": line}
    if code in refusals.SENTENCES:
        return _("You may no longer do this here.")
    return refusals.reason(code, {})


def columns(sheet: tables.Sheet) -> list[tuple[str, bool, str]]:
    """Name, whether it is needed, and what is written there; in the reader's language."""
    language = get_language() or "en"
    return [
        (field.name(language), field.required, sheet.columns[field.code].hint.said(language)) for field in sheet.fields
    ]


def dated(name: str) -> str:
    return f"{name}-{moments.local(clock.now()):%Y-%m-%d}"


def given(
    sheet: tables.Sheet, form: str, *, name: str, title: str, rows: Iterable[Sequence[tables.Cell]] | None = None
) -> HttpResponse:
    """The sheet as a file to take away; without ``rows`` it is its template, in the forms that can be brought back.
    Raises NotFound for a form nobody makes.
    """
    if form == "json" and rows is not None:
        return _coded(sheet, name, rows)
    if form not in KINDS:
        raise NotFound("form")
    headings = [field.name(get_language() or "en") for field in sheet.fields]
    lines = rows if rows is not None else ()
    body = tables.to_csv(headings, lines) if form == "csv" else tables.to_workbook(title, headings, lines)
    return as_file(body, f"{name}.{form}", KINDS[form])


def as_file(body: bytes, name: str, kind: str) -> HttpResponse:
    response = HttpResponse(body, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _coded(sheet: tables.Sheet, name: str, rows: Iterable[Sequence[tables.Cell]]) -> HttpResponse:
    """The same cells by the names of their columns, whatever language they are read in."""
    codes = [field.code for field in sheet.fields]
    found = [dict(zip(codes, row, strict=True)) for row in rows]
    response = JsonResponse(found, safe=False, json_dumps_params={"ensure_ascii": False})
    response["Content-Disposition"] = f'attachment; filename="{name}.json"'
    response["X-Content-Type-Options"] = "nosniff"
    return response

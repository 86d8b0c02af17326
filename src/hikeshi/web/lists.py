"""A whole list to take away: as CSV and Excel in the reader's words, as JSON in codes. Read from the newest on, a page
at a time, so that neither memory nor one long look at the database grows with it.
"""

import json
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Generic, TypeVar

from django.db.models import Model, QuerySet
from django.http import FileResponse
from django.http.response import HttpResponseBase
from django.utils import timezone, translation
from django.utils.functional import Promise

from hikeshi.documents import tables
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import NotFound
from hikeshi.ledger import access
from hikeshi.phrases import labels
from hikeshi.web.files import giving
from hikeshi.web.sheets import KINDS, dated

M = TypeVar("M", bound=Model)
PAGE: Final = 500
FORMS: Final = {**KINDS, "json": "application/json"}


@dataclass(frozen=True, slots=True)
class Column(Generic[M]):
    """``code`` names it to machines. ``words`` is the group of labels its codes belong to, or says them itself."""

    code: str
    heading: Promise | str
    value: Callable[[M], tables.Cell]
    words: str | Callable[[M], str] = ""

    def said(self, row: M) -> tables.Cell:
        """In the language and zone of whoever reads."""
        if callable(self.words):
            return self.words(row)
        value = self.value(row)
        if self.words and value not in {"", None}:
            return labels.label(self.words, value if isinstance(value, int) else str(value))
        return timezone.localtime(value) if isinstance(value, datetime) else value


@dataclass(frozen=True, slots=True)
class List(Generic[M]):
    """``name`` stands in the file's name and in the access log; ``shared`` as for ``newest``."""

    name: str
    title: str
    columns: Sequence[Column[M]]
    shared: Sequence[tuple[str, type[Model]]] = ()


def newest(rows: QuerySet[M], shared: Sequence[tuple[str, type[Model]]] = ()) -> Iterator[M]:
    """All of them. What comes meanwhile is not among them; what changes meanwhile is there once. What ``shared``
    foreign keys point to, few where these are many, is read once.
    """
    wanted = rows.select_related(None).order_by("-pk")
    known: dict[str, dict[object, Model]] = {name: {} for name, _model in shared}
    some = list(wanted[:PAGE])
    while some:
        for name, model in shared:
            _join(some, name, model, known[name])
        yield from some
        some = list(wanted.filter(pk__lt=some[-1].pk)[:PAGE]) if len(some) == PAGE else []


def _join(some: Sequence[M], name: str, model: type[Model], known: dict[object, Model]) -> None:
    keys = [getattr(row, f"{name}_id") for row in some]
    missing = {key for key in keys if key is not None and key not in known}
    if missing:
        known.update(model._default_manager.in_bulk(missing))
    for row, key in zip(some, keys, strict=True):
        setattr(row, name, known.get(key))


def taken(by: Actor, what: List[M], rows: QuerySet[M], form: str) -> HttpResponseBase:
    """Noted in the access log, as is everything that leaves in bulk. Raises NotFound for a form nobody makes."""
    if form not in FORMS:
        raise NotFound("form")
    access.note_reading(by=by, subject=what.name, what=f"list.{form}")
    name = f"{dated(what.name)}.{form}"
    if form == "xlsx":
        return _workbook(what, rows, name)
    pieces = _json(what, rows) if form == "json" else tables.csv_pieces(_headings(what), _said(what, rows))
    return giving.saved(name, _as_asked(pieces), None, FORMS[form])


def _headings(what: List[M]) -> list[str]:
    return [str(one.heading) for one in what.columns]


def _said(what: List[M], rows: QuerySet[M]) -> Iterator[list[tables.Cell]]:
    return ([one.said(row) for one in what.columns] for row in newest(rows, what.shared))


def _workbook(what: List[M], rows: QuerySet[M], name: str) -> FileResponse:
    file = tempfile.TemporaryFile()  # noqa: SIM115  # the answer closes it
    tables.write_workbook(file, what.title, _headings(what), _said(what, rows))
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=name, content_type=FORMS["xlsx"], headers=giving.HEADERS)


def _json(what: List[M], rows: QuerySet[M]) -> Iterator[bytes]:
    """An array, a line for each: what was cut off on the way is not taken for whole."""
    before = "[\n"
    for row in newest(rows, what.shared):
        values = {one.code: one.value(row) for one in what.columns}
        yield (before + json.dumps(values, ensure_ascii=False, default=datetime.isoformat)).encode("utf-8", "replace")
        before = ",\n"
    yield b"\n]\n" if before != "[\n" else b"[]\n"


def _as_asked(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """An answer is made while it leaves, when the page's language and zone are no longer set."""
    language, zone, coming = translation.get_language() or "en", timezone.get_current_timezone(), iter(pieces)
    while True:
        with translation.override(language), timezone.override(zone):
            piece = next(coming, None)
        if piece is None:
            return
        yield piece

"""A whole list to take away: as CSV and Excel in the reader's words, as JSON in codes. Read from the newest on, a page
at a time, so that neither memory nor one long look at the database grows with it.
"""

import json
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Generic, TypeVar

from django.db.models import Model, QuerySet
from django.http import FileResponse
from django.http.response import HttpResponseBase
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.views.decorators.http import require_GET

from hikeshi.documents import tables
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import NotFound
from hikeshi.ledger import access
from hikeshi.phrases import labels, moments
from hikeshi.web.access import SignedIn
from hikeshi.web.files import giving
from hikeshi.web.sheets import KINDS, dated

M = TypeVar("M", bound=Model)
R = TypeVar("R")
PAGE: Final = 500
FORMS: Final = {**KINDS, "json": "application/json"}


@dataclass(frozen=True, slots=True)
class Column(Generic[R]):
    """``code`` names it to machines. ``words`` is the group of labels its codes belong to, or says them itself."""

    code: str
    heading: Promise | str
    value: Callable[[R], tables.Cell]
    words: str | Callable[[R], str] = ""

    def said(self, row: R) -> tables.Cell:
        """In the language and zone of whoever reads."""
        if callable(self.words):
            return self.words(row)
        value = self.value(row)
        if self.words and value not in {"", None}:
            return labels.label(self.words, value if isinstance(value, int) else str(value))
        return moments.local(value) if isinstance(value, datetime) else value


@dataclass(frozen=True, slots=True)
class List(Generic[R]):
    """``name`` stands in the file's name and in the access log."""

    name: str
    title: Promise | str
    columns: Sequence[Column[R]]


Pages = Iterable[Sequence[R]]
"""Rows a page at a time: what a page needs beside them is then read once for it."""
Taking = Callable[..., HttpResponseBase]


def view(what: List[R], rows: Callable[[SignedIn], Pages[R]]) -> Taking:
    """The page's neighbour from which its list is taken away; its rows as the address narrows them, for this reader."""

    @require_GET
    def export(request: SignedIn, form: str) -> HttpResponseBase:
        return taken(request.actor, what, rows(request), form)

    return export


def newest(rows: QuerySet[M], shared: Sequence[tuple[str, type[Model]]] = ()) -> Iterator[Sequence[M]]:
    """All of them in pages. What comes meanwhile is not among them; what changes meanwhile is there once. What
    ``shared`` foreign keys point to, few where these are many, is read once.
    """
    wanted = rows.select_related(None).order_by("-pk")
    known: dict[str, dict[object, Model]] = {name: {} for name, _model in shared}
    some = list(wanted[:PAGE])
    while some:
        for name, model in shared:
            _join(some, name, model, known[name])
        yield some
        some = list(wanted.filter(pk__lt=some[-1].pk)[:PAGE]) if len(some) == PAGE else []


def _join(some: Sequence[M], name: str, model: type[Model], known: dict[object, Model]) -> None:
    keys = [getattr(row, f"{name}_id") for row in some]
    missing = {key for key in keys if key is not None and key not in known}
    if missing:
        known.update(model._default_manager.in_bulk(missing))
    for row, key in zip(some, keys, strict=True):
        setattr(row, name, known.get(key))


def taken(by: Actor, what: List[R], rows: Pages[R], form: str) -> HttpResponseBase:
    """Noted in the access log, as is everything that leaves in bulk. Raises NotFound for a form nobody makes."""
    if form not in FORMS:
        raise NotFound("form")
    access.note_reading(by=by, subject=what.name, what=f"list.{form}")
    name = f"{dated(what.name)}.{form}"
    if form == "xlsx":
        return _workbook(what, rows, name)
    pieces = _json(what, rows) if form == "json" else tables.csv_pieces(_headings(what), _said(what, rows))
    return giving.saved(name, _as_asked(pieces), None, FORMS[form])


def _headings(what: List[R]) -> list[str]:
    return [str(one.heading) for one in what.columns]


def _said(what: List[R], rows: Pages[R]) -> Iterator[list[tables.Cell]]:
    return ([one.said(row) for one in what.columns] for some in rows for row in some)


def _workbook(what: List[R], rows: Pages[R], name: str) -> FileResponse:
    file = tempfile.TemporaryFile()  # noqa: SIM115  # the answer closes it
    tables.write_workbook(file, str(what.title), _headings(what), _said(what, rows))
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=name, content_type=FORMS["xlsx"], headers=giving.HEADERS)


def _json(what: List[R], rows: Pages[R]) -> Iterator[bytes]:
    """An array, a line for each: what was cut off on the way is not taken for whole."""
    before = "[\n"
    for row in (row for some in rows for row in some):
        values = {one.code: one.value(row) for one in what.columns}
        yield (before + json.dumps(values, ensure_ascii=False, default=_dated)).encode("utf-8", "replace")
        before = ",\n"
    yield b"\n]\n" if before != "[\n" else b"[]\n"


def _dated(value: date) -> str:
    """A day, or an instant with its time: each has a way of its own."""
    return value.isoformat()


def _as_asked(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """An answer is made while it leaves, when the page's language and zone are no longer set."""
    language, zone, coming = translation.get_language() or "en", timezone.get_current_timezone(), iter(pieces)
    while True:
        with translation.override(language), timezone.override(zone):
            piece = next(coming, None)
        if piece is None:
            return
        yield piece

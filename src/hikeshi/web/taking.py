"""Any table of a page as a file to take away: what its reader sees, row by row, and nothing else.

The page itself is asked, so whoever may not read it takes nothing away either, and no second list of what a table holds
can fall behind it. Lists that have pages, or hold more than is shown, have files of their own.
"""

import json
import re
from collections.abc import Callable, Sequence
from html.parser import HTMLParser
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from hikeshi.documents import tables
from hikeshi.web import sheets

Answer = Callable[[HttpRequest], HttpResponse]
ASKED: Final = "take"
FORMS: Final = ("xlsx", "csv", "json")
_NAMED: Final = re.compile(r"([a-z][a-z0-9_-]{0,60})\.(xlsx|csv|json)")
_VOID: Final = frozenset({"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"})
_ASIDE: Final = frozenset({"button", "form", "script", "style", "svg", "template"})
_BLOCKS: Final = frozenset({"br", "dd", "div", "dt", "li", "p"})
_NUMBER: Final = re.compile(r"-?[0-9][0-9,]*(\.[0-9]+)?")


def taken(answer: Answer) -> Answer:
    """Innermost: `?take=NAME.csv` turns the page into the file of its table of that name, if it has one."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        asked = _NAMED.fullmatch(request.GET.get(ASKED, "")) if request.method == "GET" else None
        if asked is None or response.status_code != 200 or response.streaming:
            return response
        if not response.headers.get("Content-Type", "").startswith("text/html"):
            return response
        reader = Reader(asked[1])
        reader.feed(response.content.decode())
        return _file(reader, asked[2]) if reader.rows else response

    return middleware


def _file(reader: "Reader", form: str) -> HttpResponse:
    headings, rows = reader.table()
    name = sheets.dated(reader.name)
    if form == "json":
        found = [dict(zip(headings, row, strict=True)) for row in rows]
        return sheets.as_file(json.dumps(found, ensure_ascii=False).encode(), f"{name}.json", "application/json")
    if form == "csv":
        body = tables.to_csv(headings, rows)
    else:
        body = tables.to_workbook(reader.title or reader.name, headings, rows)
    return sheets.as_file(body, f"{name}.{form}", sheets.KINDS[form])


class Reader(HTMLParser):
    """The cells of a table as a person reads them: what was chosen of a choice, what stands in a box, no buttons."""

    def __init__(self, name: str) -> None:
        super().__init__(convert_charrefs=True)
        self.name = name
        self.title = ""
        self.rows: list[list[tuple[str, bool]]] = []
        self._inside = False
        self._aside: list[str] = []
        self._cell: list[str] | None = None
        self._number = False
        self._heading = False
        self._choice: bool | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        classes = given.get("class", "").split()
        if tag == "table":
            self._inside = given.get("data-take") == self.name
        elif tag == "h1":
            self._heading = not self.title
        if not self._inside:
            return
        if self._aside or tag in _ASIDE or "hidden" in given or {"unseen", "button"} & set(classes):
            if tag not in _VOID:
                self._aside.append(tag)
            return
        self._begin(tag, given, classes)

    def _begin(self, tag: str, given: dict[str, str], classes: Sequence[str]) -> None:
        if tag == "tr":
            self.rows.append([])
        elif tag in {"td", "th"} and self.rows:
            self._cell, self._number = [], "number" in classes
        elif tag == "option":
            self._choice = "selected" in given
        elif tag == "input":
            self._box(given)
        elif tag in _BLOCKS or "chip" in classes:
            self._say("\n")

    def _box(self, given: dict[str, str]) -> None:
        kind = given.get("type", "text")
        if kind in {"checkbox", "radio"}:
            self._say(_("Yes") if "checked" in given else "")
        elif kind not in {"hidden", "password", "submit", "file"}:
            self._say(given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "h1":
            self._heading = False
        if self._aside:
            if tag in self._aside:
                while self._aside.pop() != tag:
                    continue
            return
        if tag == "table":
            self._inside = False
        elif tag in {"td", "th"} and self._cell is not None:
            lines = (" ".join(line.split()) for line in "".join(self._cell).split("\n"))
            self.rows[-1].append(("; ".join(line for line in lines if line), self._number))
            self._cell = None
        elif tag == "option":
            self._choice = None

    def handle_data(self, data: str) -> None:
        if self._heading:
            self.title = f"{self.title} {data}".strip()
        if not self._aside and self._choice is not False:
            self._say(re.sub(r"\s+", " ", data))

    def _say(self, text: str) -> None:
        if self._cell is not None:
            self._cell.append(text)

    def table(self) -> tuple[list[str], list[list[tables.Cell]]]:
        """Headings, each of its own, and rows as wide; columns in which nothing stands are left out."""
        first, *others = self.rows
        wide = max(map(len, self.rows))
        rows = [[*row, *[("", False)] * (wide - len(row))] for row in others if row]
        heads = [text for text, _number in first] + [""] * (wide - len(first))
        kept = [place for place in range(wide) if heads[place] or any(row[place][0] for row in rows)]
        headings = _each_of_its_own([heads[place] for place in kept])
        return headings, [[_cell(*row[place]) for place in kept] for row in rows]


def _each_of_its_own(heads: Sequence[str]) -> list[str]:
    nameless = _("Column")
    return [
        head if head and heads.index(head) == place else f"{head or nameless} {place + 1}"
        for place, head in enumerate(heads)
    ]


def _cell(text: str, number: bool) -> tables.Cell:
    if number and _NUMBER.fullmatch(text):
        plain = text.replace(",", "")
        return float(plain) if "." in plain else int(plain)
    return text

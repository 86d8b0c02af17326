"""Every table of rows leaves as a file: a template that draws one offers it, and what leaves is what its page shows."""

import csv
import io
import json
import re
from pathlib import Path

import openpyxl
import pytest
from django.test import Client

from hikeshi.web.taking import Reader
from tests.architecture import scene as scenes
from tests.architecture.paths import PAGES
from tests.architecture.scene import Scene
from tests.architecture.test_every_url import by_session

TEMPLATES = Path(__file__).parents[2] / "src/hikeshi/web/templates/web"
OWN = "parts/take.html"
"""Lists that have pages, or filters, have a file of their own, of all that the filter means."""
WITHOUT = {
    "calendar/calendar.html": "a month drawn as a table; its events are tasks, clocks, shifts",
    "figures/table.html": "the figures of a dashboard, which is taken away as a whole",
    "gantt/table.html": "the chart in words; the chart is printed, its records are the list's",
    "oncall/board.html": "a week drawn as a table; rotas are subscribed to as calendars",
    "room/explained.html": "how one priority came about",
    "parts/columns.html": "how a file is to be written",
    "parts/lines.html": "what a file that was brought would do",
    "oncall/import.html": "what a file that was brought would do",
    "contacts/staff_columns.html": "what a file that was brought would do",
    "contacts/staff_differences.html": "what a file that was brought would do",
    "contacts/edit_sheet.html": "a form",
    "load/hand_over.html": "a form",
    "lists/change.html": "a form",
    "lists/changed.html": "what one act has just done",
    "lists/edit.html": "a form",
    "ruling/trial.html": "a trial, which nobody keeps",
    "settings/load_try.html": "a trial, which nobody keeps",
    "settings/sources/preview.html": "a trial, which nobody keeps",
    "escalation/try.html": "a trial, which nobody keeps",
}


def test_every_template_that_draws_a_table_of_rows_offers_it_as_a_file() -> None:
    lacking, known = [], set()
    for path in sorted(TEMPLATES.rglob("*.html")):
        text, name = path.read_text(), str(path.relative_to(TEMPLATES))
        found = [text[one.start() :].split("</table>", 1)[0] for one in re.finditer("<table", text)]
        rows = [one for one in found if "<thead" in one]
        open_ones = [one for one in rows if "data-take=" not in one]
        if open_ones and OWN not in text and name not in WITHOUT:
            lacking.append(name)
        known |= {name} if open_ones else set()
        assert text.count("data-take=") == text.count("{% taken "), name
    assert lacking == []
    assert WITHOUT.keys() <= known, "no line for what has gone or offers a file by now"


def test_what_leaves_is_what_the_page_shows_to_its_reader_and_nobody_elses() -> None:
    scene = scenes.built()
    desk, met = by_session(scene, "administrator").client, set()
    for line, row in PAGES.items():
        method, _, route = line.partition(" ")
        if method != "GET":
            continue
        address = f"/{row.path(route, scene)}"
        page = desk.get(address)
        if page.status_code != 200 or not page.headers["Content-Type"].startswith("text/html"):
            continue
        names = re.findall(r'data-take="([^"]+)"', page.content.decode())
        assert len(names) == len(set(names)), address
        for name in names:
            met.add(name)
            _taken(desk, address, name, page.content.decode())
            _refused(scene, address, name)
    assert len(met) > 25, f"the scene has tables: {sorted(met)}"


def _taken(desk: Client, address: str, name: str, text: str) -> None:
    rows = text.split(f'data-take="{name}"', 1)[1].split("</table>", 1)[0].count("<tr") - 1
    between = "&" if "?" in address else "?"
    coded = desk.get(f"{address}{between}take={name}.json")
    assert coded.headers["Content-Disposition"].startswith(f'attachment; filename="{name}-'), address
    assert len(json.loads(coded.content)) == rows, address
    lines = list(csv.reader(io.StringIO(desk.get(f"{address}{between}take={name}.csv").content.decode("utf-8-sig"))))
    assert len(lines) == rows + 1, address
    book = openpyxl.load_workbook(io.BytesIO(desk.get(f"{address}{between}take={name}.xlsx").content))
    assert book.active.max_row == rows + 1, address


def _refused(scene: Scene, address: str, name: str) -> None:
    """Whoever may not read the page takes nothing of it away."""
    stranger = by_session(scene, "nobody").client
    between = "&" if "?" in address else "?"
    if stranger.get(address).status_code != 200:
        assert stranger.get(f"{address}{between}take={name}.json").status_code != 200, address


TABLE = """<h1>Keys &amp; more</h1><table><tr><td>other</td></tr></table>
<table data-take="keys"><thead><tr><th>Name</th><th class="number">Hits</th><th>Kind</th><th></th></tr></thead><tbody>
<tr><td>=1+1 <b>x</b><span class="unseen">hint</span></td><td class="number">1,204</td>
<td><select><option>a</option><option selected>b</option></select></td><td>
<form><button>Revoke</button></form></td></tr>
<tr><td><span class="chip">one</span><span class="chip">two</span></td><td class="number">unknown</td>
<td><input type="hidden" value="token"><input type="password" value="secret"><input value="said"></td><td></td></tr>
</tbody></table><p>after</p>"""


def test_cells_are_read_as_a_person_reads_them_and_no_button_or_hidden_value_leaves() -> None:
    reader = Reader("keys")
    reader.feed(TABLE)
    assert reader.title == "Keys & more"
    assert reader.table() == (["Name", "Hits", "Kind"], [["=1+1 x", 1204, "b"], ["one; two", "unknown", "said"]])
    nothing = Reader("other")
    nothing.feed(TABLE)
    assert nothing.rows == []


@pytest.mark.parametrize("asked", ["calendars-1.exe", "nothing.csv", "x", "../x.csv"])
def test_what_no_page_has_is_no_file(asked: str) -> None:
    desk = by_session(scenes.built(), "administrator").client
    page = desk.get("/settings/calendars/", {"take": asked})
    assert "Content-Disposition" not in page.headers


def test_a_formula_in_a_cell_stays_text() -> None:
    scene = scenes.built()
    scene.ours.name = "=cmd|x"
    scene.ours.save(update_fields=["name"])
    desk = by_session(scene, "administrator").client
    said = desk.get("/settings/calendars/", {"take": "calendars-2.csv"}).content.decode("utf-8-sig")
    assert "'=cmd|x" in said

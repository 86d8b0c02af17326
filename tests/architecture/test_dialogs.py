"""Every window that templates and scripts open stands in the table of those that are walked by the keyboard."""

import re

from django.urls import resolve

from hikeshi.web.room import acts
from tests.architecture import scene as scenes
from tests.architecture.paths import PAGES
from tests.architecture.source import PACKAGE
from tests.architecture.test_every_url import by_session
from tests.browser.dialogs import ELSEWHERE, OF_EVERY_PAGE, WALKED

ACT = re.compile(r'{% act_link [\w.]+ "?([\w.-]+)')
NAMED = re.compile(r'url "(\w+:\w+)"')
GIVEN = re.compile(r"{{ ([\w.]+) }}")
OPENS = re.compile(r'{% act_link |hx-target="#sheet"')
SWITCHES = re.compile(r"{%.*?%}|{{.*?}}")
FORMS = {"board.html"}
"""What is dragged there by a hand is moved by the keyboard with a form."""
OTHERS = {"step.link", "report"}
"""One of the acts of a phase, as its state asks; and a page of its own."""
LEADS_ON = {"web:board_chosen"}
"""To the window of moving the card that was chosen: tests/browser/test_board.py goes there by keys."""
ELEMENT = re.compile(r'<dialog\b[^>]*?id="(\w+)"|<\w+ [^>]*?id="(\w+)" popover')
SHOWN = re.compile(r'(?:getElementById\("(\w+)"\)\?*|(\w+))\.show(?:Modal|Popover)\(')


def test_every_window_that_a_link_or_a_form_fills_is_in_the_table() -> None:
    found: set[str] = set()
    for path in PACKAGE.rglob("templates/**/*.html"):
        text = path.read_text(encoding="utf-8")
        found |= {f"act {name}" for name in ACT.findall(text)}
        for before in text.split('hx-target="#sheet"')[:-1]:
            asked = before[before.rindex('hx-get="') :]
            named = NAMED.search(asked) or GIVEN.search(asked)
            assert named, f"{path.name} fills the window from {asked}"
            name = named[1]
            kept = re.search(rf'url "(\w+:\w+)"[^%]* as {re.escape(name)} %}}', text)
            found.add(kept[1] if kept else name if ":" in name else f"{path.name} {name}")
    assert found == WALKED.keys() | ELSEWHERE


def test_there_is_no_other_element_that_opens_over_a_page() -> None:
    templates = "".join(path.read_text(encoding="utf-8") for path in PACKAGE.rglob("templates/**/*.html"))
    assert {one or other for one, other in ELEMENT.findall(templates)} == OF_EVERY_PAGE
    scripts = "".join(path.read_text(encoding="utf-8") for path in (PACKAGE / "web/static/web/js").glob("*.js"))
    assert {one or other for one, other in SHOWN.findall(scripts)} <= OF_EVERY_PAGE


def test_every_window_is_opened_by_a_link_or_a_button_that_the_keyboard_reaches() -> None:
    for path in PACKAGE.rglob("templates/**/*.html"):
        text = path.read_text(encoding="utf-8")
        for one in OPENS.finditer(text):
            before = text[: one.start()]
            (tag,) = SWITCHES.sub("", before[before.rindex("<") + 1 :]).split(maxsplit=1)[:1]
            assert tag in {"a", "button"} or (tag == "form" and path.name in FORMS), f"{path.name}: {before[-80:]}"


def test_every_act_of_the_room_is_one_view_with_one_template_in_the_one_frame() -> None:
    names = {name.removeprefix("act ") for name in WALKED.keys() | ELSEWHERE if name.startswith("act ")}
    assert names - OTHERS <= acts.ACTS.keys()
    view = (PACKAGE / "web/room/views.py").read_text(encoding="utf-8").partition("def act(")[2].partition("\n\n\n")[0]
    assert re.findall(r"render\(request, \"([^\"]+)", view) == ["web/room/act.html"]
    text = (PACKAGE / "web/templates/web/room/act.html").read_text(encoding="utf-8")
    assert text.startswith("{% extends frame %}")
    assert "data-close" in text


def test_every_other_window_is_the_one_frame_with_something_to_work_at_and_to_close() -> None:
    scene = scenes.built()
    caller = by_session(scene, "administrator")
    windows = {name for name in WALKED.keys() | ELSEWHERE if ":" in name} - LEADS_ON
    asked = {"HX-Request": "true", "HX-Target": "sheet"}
    seen: set[str] = set()
    for line, row in PAGES.items():
        route = line.partition(" ")[2]
        path = f"/{row.path(route, scene)}"
        name = resolve(path.partition("?")[0]).view_name
        if name not in windows - seen:
            continue
        shown = caller.client.get(path, headers=asked).content.decode()
        assert shown.lstrip().startswith('<div class="sheet-head"><h2>'), name
        assert "data-close" in shown, name
        assert re.search(r"<(a href|button|input|select|textarea)\b", shown.partition("sheet-body")[2]), name
        seen.add(name)
    assert seen == windows

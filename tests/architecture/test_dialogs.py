"""Every window that templates and scripts open stands in the table of those that are walked by the keyboard."""

import re

from tests.architecture.source import PACKAGE
from tests.browser.dialogs import ELSEWHERE, OF_EVERY_PAGE, WALKED

ACT = re.compile(r'{% act_link [\w.]+ "?([\w.-]+)')
NAMED = re.compile(r'url "(\w+:\w+)"')
GIVEN = re.compile(r"{{ ([\w.]+) }}")
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
            found.add(named[1] if ":" in named[1] else f"{path.name} {named[1]}")
    assert found == WALKED.keys() | ELSEWHERE


def test_there_is_no_other_element_that_opens_over_a_page() -> None:
    templates = "".join(path.read_text(encoding="utf-8") for path in PACKAGE.rglob("templates/**/*.html"))
    assert {one or other for one, other in ELEMENT.findall(templates)} == OF_EVERY_PAGE
    scripts = "".join(path.read_text(encoding="utf-8") for path in (PACKAGE / "web/static/web/js").glob("*.js"))
    assert {one or other for one, other in SHOWN.findall(scripts)} <= OF_EVERY_PAGE

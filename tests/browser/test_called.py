"""Three in the morning, a telephone in one hand: the link in a call answers with the thumb, in either language."""

import json
import subprocess
import sys
from itertools import combinations
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.people import NARROW, Desk, Window, barriers, overflow, press

ROOT = Path(__file__).parents[2]
THUMB = 44
APART = 8


def called(desk: Desk, *people: str) -> dict[str, str]:
    """The link each of them got by user name: one record, all called at once."""
    ref = desk.incident("Files on the shared server are encrypted", impact=2, effect=1, urgency=1)
    environment = {**desk.site.environment, "DJANGO_SETTINGS_MODULE": "hikeshi.config.settings"}
    script = [sys.executable, "-m", "tests.browser.called", ref, *people]
    said = subprocess.run(script, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=110, check=False)
    assert said.returncode == 0, said.stderr
    found: dict[str, str] = json.loads(said.stdout)
    return found


def within_reach(page: Page, where: str) -> int:
    """How many buttons there are; each in the lower half of the screen, tall enough, and apart from the others."""
    boxes = [box for one in page.locator(where).all() if (box := one.bounding_box())]
    for box in boxes:
        assert box["height"] >= THUMB, boxes
        assert NARROW[1] / 2 <= box["y"] <= NARROW[1] - box["height"], boxes
    for one, other in combinations(boxes, 2):
        across = max(one["x"], other["x"]) - min(one["x"] + one["width"], other["x"] + other["width"])
        down = max(one["y"], other["y"]) - min(one["y"] + one["height"], other["y"] + other["height"])
        assert max(across, down) >= APART, boxes
    return len(boxes)


@pytest.mark.parametrize(
    ("who", "other", "language", "take", "after", "name"),
    [
        ("denwa", "wright", "ja", "対応します", "ほかの人は呼び出しません", "電話 一郎"),
        ("wright", "denwa", "en", "I take it", "Nobody else is called", "Anne Wright"),
    ],
)
def test_a_call_is_answered_with_one_press_of_the_thumb_and_whoever_comes_later_reads_who_has_it(
    desk: Desk, window: Window, who: str, other: str, language: str, take: str, after: str, name: str
) -> None:
    links = called(desk, who, other)
    page, late = window.open(size=NARROW), window.open(size=NARROW)
    late.goto(links[other])
    for _ in range(2):  # a preview or a scanner may have looked before
        page.goto(links[who])
    assert page.locator("html").get_attribute("lang") == language
    assert within_reach(page, ".called-acts .button") == 4
    assert overflow(page) == []
    assert barriers(page) == []
    forwarded = window.open("kaku", size=NARROW)
    forwarded.goto(links[who])
    expect(forwarded.locator("[role=alert]")).to_be_visible()
    expect(forwarded.locator("button[name=choice]")).to_have_count(0)

    expect(page.locator("button.main")).to_contain_text(take)
    press(page.locator("button.main"))
    expect(page.locator(".called")).to_contain_text(after)
    again = window.open(size=NARROW)
    again.goto(links[who])
    expect(again.locator(".called")).to_contain_text(after)
    expect(again.locator("button[name=choice]")).to_have_count(0)
    assert within_reach(again, ".called-acts .button") == 1
    press(late.locator("button.main"))
    expect(late.locator("[role=alert]")).to_contain_text(name)


def test_the_room_is_acknowledged_with_the_thumb(desk: Desk, window: Window) -> None:
    ref = desk.incident("Somebody sends mail in our name")
    page = window.open("shiki", size=NARROW)
    page.goto(f"/incidents/{ref}/")
    assert within_reach(page, "#thumb .button:visible")
    press(page.locator("#thumb button.main"))
    expect(page.locator("#thumb form[action$='/take']")).to_have_count(0)
    expect(page.locator("#people")).to_contain_text("指揮 一郎")

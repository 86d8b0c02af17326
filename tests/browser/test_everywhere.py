"""What holds wherever one looks: nothing jumps when others work, nothing moves for who asked for none, rows stand close
for who asked for that.
"""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.people import NARROW, WIDE, Desk, Window

GOOD = 0.1
"""Of a window's area moved times how far, all in all: what Web Vitals calls good."""
WATCH = """window.shifts = []; new PerformanceObserver((list) => {
  for (const one of list.getEntries()) if (!one.hadRecentInput) window.shifts.push(one.value);
}).observe({type: "layout-shift", buffered: true});"""


@pytest.mark.parametrize("size", [WIDE, NARROW])
@pytest.mark.parametrize("path", ["/incidents/", "/board/"])
def test_what_one_looks_at_stays_where_it_is_while_others_work(
    desk: Desk, window: Window, path: str, size: tuple[int, int]
) -> None:
    mine = f"Steady {path.strip('/')} {size[0]}"
    title = f"{mine}, by somebody else"
    desk.incident(mine)
    page = window.open("planner", language="en", size=size)
    page.context.add_init_script(WATCH)
    page.goto(f"{path}?q={mine}")
    expect(page.locator("#main")).to_contain_text(mine)
    desk.incident(title)
    expect(page.locator("#main")).to_contain_text(title)
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert page.evaluate("window.shifts.reduce((all, one) => all + one, 0)") < GOOD


def test_who_asked_for_no_motion_gets_none(desk: Desk, window: Window) -> None:
    ref = desk.incident("Still")
    page = window.open("planner", language="en")
    for path in ("/", "/incidents/", f"/incidents/{ref}/", "/board/", "/gantt/"):
        page.goto(path)
        assert _moving(page) == []


def _moving(page: Page) -> list[str]:
    return list(
        page.evaluate(
            """() => [...document.querySelectorAll("body *")].filter((one) => {
              const { transitionDuration, animationName, animationDuration, scrollBehavior } = getComputedStyle(one);
              const lasts = (text) => text.split(",").some((part) => parseFloat(part) > 0);
              return lasts(transitionDuration) || (animationName !== "none" && lasts(animationDuration))
                || scrollBehavior === "smooth";
            }).slice(0, 5).map((one) => one.outerHTML.slice(0, 120))"""
        )
    )


def test_rows_stand_close_in_the_browser_where_that_was_asked_and_a_finger_keeps_its_room(
    desk: Desk, window: Window
) -> None:
    desk.incident("A row that stands close")
    page, elsewhere = window.open("planner", language="en"), window.open("planner", language="en", size=NARROW)
    page.goto("/incidents/?q=A row that stands close")
    row = page.locator(".table tbody tr").first
    before = row.bounding_box()
    page.locator("#menu [name=density]").evaluate("one => one.click()")
    expect(page.locator("html")).to_have_attribute("data-density", "close")
    after = row.bounding_box()
    assert before
    assert after
    assert after["height"] <= before["height"] - 8
    elsewhere.goto("/incidents/?q=A row that stands close")
    expect(elsewhere.locator("html")).not_to_have_attribute("data-density", "close")
    page.locator("#menu [name=density]").evaluate("one => one.click()")
    expect(page.locator("html")).not_to_have_attribute("data-density", "close")

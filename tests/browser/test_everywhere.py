"""What holds wherever one looks: nothing moves for who asked for no motion, rows stand close for who asked for that."""

from playwright.sync_api import Page, expect

from tests.browser.people import NARROW, Desk, Window
from tests.browser.planning import calm


def test_who_asked_for_no_motion_gets_none(desk: Desk, window: Window) -> None:
    ref = calm(desk, "Still")
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
    calm(desk, "One row")
    page, elsewhere = window.open("planner", language="en"), window.open("planner", language="en", size=NARROW)
    page.goto("/incidents/")
    row = page.locator(".table tbody tr").first
    before = row.bounding_box()
    page.locator("#menu [name=density]").evaluate("one => one.click()")
    expect(page.locator("html")).to_have_attribute("data-density", "close")
    after = row.bounding_box()
    assert before
    assert after
    assert after["height"] <= before["height"] - 8
    elsewhere.goto("/incidents/")
    expect(elsewhere.locator("html")).not_to_have_attribute("data-density", "close")
    page.locator("#menu [name=density]").evaluate("one => one.click()")
    expect(page.locator("html")).not_to_have_attribute("data-density", "close")

"""What holds wherever one looks: nothing jumps when others work, nothing moves for who asked for none, rows stand close
for who asked for that.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.every_page import HEAVIEST
from tests.browser.people import (
    NARROW,
    NEVER_GOES,
    NO_TIME_PASSES,
    WIDE,
    Desk,
    Window,
    act,
    press,
    send,
    settled,
    weight,
)
from tests.browser.planning import Plan, today

GOOD = 0.1
"""Of a window's area moved times how far, all in all: what Web Vitals calls good."""
WATCH = """window.shifts = []; new PerformanceObserver((list) => {
  for (const one of list.getEntries()) if (!one.hadRecentInput) window.shifts.push(one.value);
}).observe({type: "layout-shift", buffered: true});"""


@dataclass(frozen=True, slots=True)
class Scene:
    """A page; ``other`` is what somebody else does meanwhile, after which ``seen`` stands on it."""

    path: str
    other: Callable[[], object]
    seen: Callable[[Page], Locator]


def _scene(desk: Desk, where: str, title: str) -> Scene:
    def main(page: Page) -> Locator:
        return page.locator("#main").filter(has_text=title)

    if where in {"/", "/incidents/"}:
        return Scene(where, lambda: desk.incident(title), main)
    if where == "/board/":  # a column shows its gravest, and other stories have graver ones
        word = title.rsplit(maxsplit=1)[-1]
        desk.incident(f"There before {word}")
        return Scene(f"{where}?q={word}", lambda: desk.incident(title), main)
    if where == "/figures/":
        return Scene(where, lambda: desk.incident(title), lambda page: page.locator("#main .fresh").first)
    if where == "/alerts/":
        alert = {"title": title, "severity": "medium", "host": f"SV-{title.rsplit(maxsplit=1)[-1]}"}
        return Scene(where, lambda: desk.send("generic", alert), main)
    ref = desk.incident(f"Looked at in {where.strip('/')}")
    if where == "room":
        note = f"/api/v1/incidents/{ref}/note"
        return Scene(f"/incidents/{ref}/", lambda: desk.site.post(note, {"text": title}, token=desk.api), main)
    plan, day = Plan(desk, ref), date(2031, 3, 12) if where == "/calendar/" else today()
    plan.add("There before", None, day)
    path = "/calendar/?on=2031-03-01" if where == "/calendar/" else f"/gantt/?q={ref}"
    return Scene(path, lambda: plan.add(title, None, day), main)


PLACES = ("/", "/incidents/", "room", "/board/", "/gantt/", "/calendar/", "/figures/", "/alerts/")


@pytest.mark.parametrize("size", [WIDE, NARROW])
@pytest.mark.parametrize("where", PLACES)
def test_what_one_looks_at_stays_where_it_is_while_others_work(
    desk: Desk, window: Window, where: str, size: tuple[int, int]
) -> None:
    desk.incident("Before anything else")
    scene = _scene(desk, where, f"Somebody else's work {size[0]}{where.strip('/')}")
    page = window.open("planner", language="en", size=size)
    page.context.add_init_script(WATCH)
    page.goto(scene.path)
    settled(page)
    opening = _shifted(page)
    scene.other()
    expect(scene.seen(page)).to_be_attached()
    settled(page)
    assert _shifted(page) - opening < GOOD, "while others work"
    assert opening < GOOD, "while it opens"


SEEN = """() => {
  const found = {};
  for (const panel of document.querySelectorAll("#main [data-panel][id]")) {
    for (const one of [panel, ...panel.querySelectorAll("[data-row]")]) {
      const { top, height } = one.getBoundingClientRect();
      if (height && top >= innerHeight * 0.4 && top < innerHeight) found[`${panel.id} ${one.dataset.row ?? ""}`] = top;
    }
  }
  return found;
}"""
"""Where the panels and rows stand that begin in sight, from where one reads on."""


@pytest.mark.parametrize("where", ["/", "/incidents/", "/alerts/", "room"])
def test_nothing_in_sight_moves_for_who_sits_at_the_top_of_a_wide_screen_and_what_is_new_is_said(
    desk: Desk, window: Window, where: str
) -> None:
    for number in range(3):
        desk.incident(f"Before those who watch {number}")
    scene = _scene(desk, where, f"Come in while {where.strip('/')} is watched")
    page = window.open("planner", language="en")
    page.context.add_init_script(WATCH)
    page.add_init_script(NO_TIME_PASSES)  # for as long as it waits for the others it is a moment since the last touch
    page.goto(scene.path)
    page.locator("#unreached").evaluate_all("all => all.forEach((one) => one.remove())")  # alarms of other stories
    settled(page)
    page.keyboard.press("Shift")  # somebody sits there
    opening, before = _shifted(page), page.evaluate(SEEN)
    scene.other()
    expect(scene.seen(page)).to_be_attached()
    settled(page)
    after = page.evaluate(SEEN)
    assert {name: after[name] - top for name, top in before.items() if abs(after.get(name, top) - top) >= 1} == {}
    assert _shifted(page) - opening == 0
    for bar in page.locator("#main .behind button").all()[:1]:
        press(bar)
        expect(page.locator("#main .behind")).to_have_count(0)
    expect(scene.seen(page)).to_be_attached()


def test_what_one_reads_stays_in_its_place_when_something_comes_in_above(desk: Desk, window: Window) -> None:
    for number in range(9):
        desk.incident(f"Long shelf {number}")
    page = window.open("planner", language="en", size=NARROW)
    page.goto("/incidents/?q=Long+shelf")
    row = page.locator("#incident-rows [data-row]").filter(has_text="Long shelf 2")
    row.evaluate("one => one.scrollIntoView({block: 'center', behavior: 'instant'})")
    before = row.bounding_box()
    desk.incident("Long shelf, last of all")
    expect(page.locator("#incident-rows")).to_contain_text("last of all")
    after = row.bounding_box()
    assert before
    assert after
    assert abs(after["y"] - before["y"]) < 2


@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_at_the_top_of_a_page_too_the_row_one_is_at_stays_until_nobody_reads_any_more(
    desk: Desk, window: Window, size: tuple[int, int]
) -> None:
    shelf = f"Top shelf {size[0]}"
    for number in range(12):
        desk.incident(f"{shelf} {number}")
    page = window.open("planner", language="en", size=size, touch=size == NARROW)
    page.add_init_script(NO_TIME_PASSES)
    page.goto(f"/incidents/?q={shelf}")
    page.locator("#unreached").evaluate_all("all => all.forEach((one) => one.remove())")  # alarms of other stories
    settled(page)
    at = page.evaluate(READ_AT, size == WIDE)
    if size == WIDE:
        page.mouse.move(300, at["top"] + 8)
    page.evaluate("passed = 2_000")  # the hand lies still
    desk.incident(f"{shelf}, the newest")
    expect(page.locator("#incident-rows")).to_contain_text("the newest")
    assert abs(page.evaluate(TOP_OF, at["row"]) - at["top"]) < 2
    assert page.evaluate("scrollY") > 20
    expect(page.locator("#incident-rows").get_by_text("the newest")).to_be_in_viewport()
    page.evaluate("passed = 70_000")
    desk.incident(f"{shelf}, after the reader left")
    expect(page.locator("#incident-rows")).to_contain_text("after the reader left")
    assert page.evaluate("scrollY") == 0


READ_AT = """(wide) => {
  const rows = [...document.querySelectorAll("#incident-rows [data-row]")];
  const one = rows.find((row) => row.getBoundingClientRect().bottom > innerHeight * (wide ? 0.6 : 0.4));
  return { row: one.dataset.row, top: one.getBoundingClientRect().top };
}"""
TOP_OF = """(name) => document.querySelector(`#incident-rows [data-row="${name}"]`).getBoundingClientRect().top"""


def test_word_of_an_act_gives_way_to_the_menu_that_is_opened_next(desk: Desk, window: Window) -> None:
    """On a telephone it would lie over the menu's last entries."""
    ref = desk.incident("Many acts one after the other")
    page = window.open("planner", language="en", size=NARROW)
    page.add_init_script(NEVER_GOES)
    page.goto(f"/incidents/{ref}/")
    act(page, "edit")
    send(page)
    expect(page.locator(".toast:visible")).to_have_count(1)
    page.locator("#more > summary").tap()
    expect(page.locator(".toast:visible")).to_have_count(0)
    page.locator("#more .items > *").last.tap(trial=True)


def test_letters_that_are_seldom_met_are_written_with_the_systems_own_font(desk: Desk, window: Window) -> None:
    """Each may stand in a part of ours of its own, and all of them together weigh more than the page."""
    ref = desk.incident("稀な字 " + "".join(map(chr, range(0x4E00, 0x9FA0, 400))))
    page = window.open("planner")
    page.goto(f"/incidents/{ref}/")
    expect(page.locator("h1")).to_contain_text("稀な字")
    assert sum(weight(page)) < HEAVIEST


def _shifted(page: Page) -> float:
    return float(page.evaluate("window.shifts.reduce((all, one) => all + one, 0)"))


HOLES = """() => {
  const all = document.querySelector(".tiles"), rows = new Map();
  const { left, right } = all.getBoundingClientRect();
  for (const one of all.children) {
    const box = one.getBoundingClientRect();
    rows.set(Math.round(box.top), [...(rows.get(Math.round(box.top)) ?? []), box]);
  }
  const between = (boxes) => boxes.map((box, at) => box.left - (boxes[at - 1]?.right ?? left - 16));
  const gaps = (boxes) => between(boxes).concat(right - boxes.at(-1).right + 16);
  const heights = new Set([...rows.values()].flat().map((box) => Math.round(box.height)));
  return [...rows.values()].flatMap(gaps).filter((gap) => gap > 17).concat(heights.size > 2 ? [...heights] : []);
}"""
BELOW = "all => all.filter((one) => one.scrollHeight > one.clientHeight + 1).map((one) => one.textContent.slice(0, 60))"


@pytest.mark.parametrize("size", [WIDE, (1920, 1080)])
def test_on_a_wall_where_nobody_scrolls_no_column_is_cut_off(desk: Desk, window: Window, size: tuple[int, int]) -> None:
    ref = desk.incident("Seen from across the room")
    assert desk.site.post(f"/api/v1/incidents/{ref}/assign", {"owner": "planner"}, token=desk.api).status < 300
    page = window.open("planner", language="en", size=size)
    page.goto("/figures/?wall=1")
    expect(page.locator(".tallied th:nth-child(5)").first).to_be_attached()
    settled(page)
    cut = "all => all.filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.textContent.slice(0, 80))"
    assert page.locator(".tile .tallied").evaluate_all(cut) == []
    assert page.evaluate(HOLES) == []
    assert page.evaluate("document.documentElement.scrollHeight") <= size[1] + 1
    assert page.locator(".tile .body").evaluate_all(BELOW) == []
    rows = page.locator(".tile tbody tr")
    assert rows.evaluate_all("all => all.some((one) => one.offsetHeight)")
    page.set_viewport_size({"width": size[0], "height": 620})
    expect(page.locator(".tile .more").first).to_have_text(re.compile(r"and \d+ more"))
    assert page.locator(".tile .body").evaluate_all(BELOW) == []


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


def test_a_page_opens_at_its_top_wherever_its_place_stands_in_the_list_beside_it(window: Window) -> None:
    page = window.open("zaikan", size=WIDE)
    page.goto("/settings/chat/")
    place = page.locator(".side [aria-current]")
    edge = place.evaluate("one => one.getBoundingClientRect().bottom + scrollY")
    assert edge > WIDE[1], "its place stands below the window's edge"
    assert page.evaluate("scrollY") == 0
    narrow = window.open("zaikan", size=NARROW)
    narrow.goto("/help/backup")
    box = narrow.locator(".side [aria-current]").bounding_box()
    assert box is not None
    assert 0 <= box["x"] <= NARROW[0] - box["width"], "in sight though the places do not fit side by side"
    assert narrow.evaluate("scrollY") == 0

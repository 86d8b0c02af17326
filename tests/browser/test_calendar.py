"""The calendar by hand: a task is put on another day with a mouse, keys and a finger, and taken back."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.people import NARROW, WIDE, Desk, Window, barriers, overflow, press, send, sheet
from tests.browser.planning import DAY, UNHURRIED, Plan, drag, finger, flick, moment, on_its_way, quiet
from tests.running import eventually


def _task(page: Page, uuid: str) -> Locator:
    return page.locator(f"#task-{uuid}")


def _day(page: Page, day: object) -> Locator:
    return page.locator(f".calendar [data-day='{day}']")


def test_a_task_is_dragged_to_another_day_and_keeps_its_hour_and_goes_back_by_one_press(
    desk: Desk, window: Window
) -> None:
    plan = Plan(desk, desk.incident("暦で動かす"))
    first = quiet()
    task = plan.add("取締役会へ報告する", None, first)
    page, other = window.open("keikaku"), window.open("planner", language="en")
    page.add_init_script(UNHURRIED)
    for one in (page, other):
        one.goto(f"/calendar/?on={first}")
        expect(_day(one, first).locator(f"#task-{task}")).to_be_visible()
    assert barriers(page) == []
    drag(page, _task(page, task), to=_day(page, first + 4 * DAY))
    expect(page.locator("#calendar-told [role=status]")).to_contain_text("取締役会へ報告する")
    for one in (page, other):
        expect(_day(one, first + 4 * DAY).locator(f"#task-{task}")).to_be_visible()
    assert plan.task(task)["due_at"] is not None
    assert plan.days(task) == (None, first + 4 * DAY)
    expect(_task(page, task)).to_contain_text("10:00")
    press(page.locator("[data-calendar-undo]"))
    for one in (page, other):
        expect(_day(one, first).locator(f"#task-{task}")).to_be_visible()

    _task(page, task).focus()
    for key in ("ArrowDown", "ArrowRight"):
        page.keyboard.press(key)
    expect(_day(page, first + 8 * DAY).locator(f"#task-{task}")).to_be_focused()
    page.keyboard.press("Control+z")
    expect(_day(page, first).locator(f"#task-{task}")).to_be_visible()
    _task(page, task).focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/incidents/{plan.ref}/#tasks")

    plan.put(task, first, first + DAY)
    page.goto(f"/calendar/?on={first}")
    drag(page, _task(page, task), to=_day(page, first - DAY))
    expect(sheet(page).locator(".wrong, [role=alert]").first).to_be_visible()
    sheet(page).locator("[name=start_at]").fill(moment(first - DAY, 9)[:16])
    send(page)
    expect(_day(page, first - DAY).locator(f"#task-{task}")).to_be_visible()
    assert overflow(page) == []


@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_a_finger_that_rests_on_a_task_carries_it_to_a_day_on_which_nothing_stood(
    desk: Desk, window: Window, size: tuple[int, int]
) -> None:
    plan = Plan(desk, desk.incident("Carried by a finger"))
    first = quiet().replace(day=15)
    task = plan.add("Call the insurer", None, first)
    page = window.open("planner", language="en", size=size, touch=True)
    page.goto(f"/calendar/?on={first}&who=all")
    empty = _day(page, first + DAY)
    finger(
        page,
        _task(page, task),
        to=empty if size == WIDE else None,
        down=150 if size == NARROW else 0,
        held=".calendar .held",
    )
    eventually(lambda: plan.days(task) != (None, first))
    expect(page.locator("#calendar-told")).to_contain_text("Call the insurer")
    press(page.locator("[data-calendar-undo]"))
    eventually(lambda: plan.days(task) == (None, first))
    expect(page.locator(".calendar.carrying, .calendar .held")).to_have_count(0)
    flick(page, _task(page, task), up=200)
    expect(page.locator(".calendar.carrying, .calendar .held")).to_have_count(0)
    assert plan.days(task) == (None, first), "a finger that moves at once scrolls"
    assert overflow(page) == []


def test_what_nobody_puts_elsewhere_says_why_and_who_may_only_read_moves_nothing(desk: Desk, window: Window) -> None:
    plan = Plan(desk, desk.incident("読むだけの暦"))
    first = quiet().replace(day=22)
    task = plan.add("証拠を預ける", None, first)
    page = window.open("kansa")
    page.goto(f"/calendar/?on={first}")
    shown = page.locator(".calendar .event.task", has_text="証拠を預ける")
    expect(shown).to_have_attribute("title", re.compile("動かせません"))
    assert page.locator(".calendar [data-move]").count() == 0
    drag(page, shown, to=_day(page, first + DAY))
    assert plan.days(task) == (None, first)
    later = first + 3 * DAY
    wait = {"waiting": "supplier", "until": moment(later), "reason": "部品待ち"}
    waits = desk.site.post(f"/api/v1/incidents/{plan.ref}/wait", wait, token=desk.api)
    assert waits.status < 300, waits.body
    page.goto(f"/calendar/?on={later}")
    shown = page.locator(".calendar .event.wait", has_text=plan.ref)
    expect(shown).to_have_attribute("title", re.compile("終わりを動かせません"))


def test_the_end_of_a_wait_is_dragged_and_moved_by_keys_and_taken_back(desk: Desk, window: Window) -> None:
    plan = Plan(desk, desk.incident("部品を待つ"))
    last = quiet().replace(day=25)
    wait = {"waiting": "supplier", "until": moment(last), "reason": "部品待ち"}
    assert desk.site.post(f"/api/v1/incidents/{plan.ref}/wait", wait, token=desk.api).status < 300
    page = window.open("keikaku")
    page.goto(f"/calendar/?as=week&on={last}")
    shown, there = page.locator(".calendar .event.wait", has_text=plan.ref), last + DAY
    if last.weekday() == 6:
        there = last - DAY
    drag(page, shown, to=_day(page, there))
    expect(_day(page, there).locator(".event.wait", has_text=plan.ref)).to_contain_text("10:00")
    press(page.locator("[data-calendar-undo]"))
    expect(_day(page, last).locator(".event.wait", has_text=plan.ref)).to_be_visible()
    shown.focus()
    page.keyboard.press("ArrowLeft" if there < last else "ArrowRight")
    expect(_day(page, there).locator(".event.wait", has_text=plan.ref)).to_be_focused()
    page.keyboard.press("Control+z")
    expect(_day(page, last).locator(".event.wait", has_text=plan.ref)).to_be_visible()
    columns = page.locator(".calendar th").evaluate_all("all => all.map(one => Math.round(one.clientWidth))")
    assert max(columns) - min(columns) < 8, "the days of a week are as broad as each other"


def test_what_is_still_on_its_way_is_taken_back_once_it_is_there(desk: Desk, window: Window) -> None:
    plan = Plan(desk, desk.incident("遅い回線の暦"))
    first = quiet().replace(day=8)
    task = plan.add("回線を替える", None, first)
    page = window.open("keikaku")
    page.goto(f"/calendar/?on={first}")
    with on_its_way(page):
        drag(page, _task(page, task), to=_day(page, first + DAY))
        page.keyboard.press("Control+z")
    expect(page.locator("#calendar-told [role=status]")).to_contain_text("元に戻しました")
    expect(_day(page, first).locator(f"#task-{task}")).to_be_visible()
    assert plan.days(task) == (None, first)
    with on_its_way(page):
        drag(page, _task(page, task), to=_day(page, first + DAY))
        _task(page, task).focus()
        page.keyboard.press("ArrowDown")
    expect(_day(page, first + 7 * DAY).locator(f"#task-{task}")).to_be_visible()

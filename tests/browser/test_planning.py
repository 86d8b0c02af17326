"""The plan by hand: bars on the chart, with a mouse, keys and a finger, while others work beside one."""

import re

import pypdfium2
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.people import NARROW, Desk, Window, barriers, overflow, press, send, sheet
from tests.browser.planning import DAY, UNHURRIED, Plan, drag, finger, grasp, middle, on_its_way, today
from tests.running import eventually

PIXELS = 36
"""Of a day, where days are drawn one by one."""


def _chart(page: Page, ref: str) -> None:
    page.goto(f"/gantt/?zoom=day&q={ref}")
    expect(page.locator("#gantt")).to_be_visible()


def _bar(page: Page, uuid: str) -> Locator:
    return page.locator(f".gantt .bar[data-key='{uuid}']")


def _told(page: Page) -> Locator:
    return page.locator(".gantt .told [role=status]")


def test_a_bar_is_moved_by_mouse_at_both_ends_and_by_keys_and_everything_is_taken_back(
    desk: Desk, window: Window
) -> None:
    plan, now = Plan(desk, desk.incident("計画表で動かす")), today()
    first = plan.add("隔離する", now, now + 2 * DAY)
    task = plan.add("復旧する", now + 4 * DAY, now + 6 * DAY, after=(first,))
    page = window.open("keikaku")
    page.add_init_script(UNHURRIED)
    _chart(page, plan.ref)
    expect(page.locator(".gantt .bar.task")).to_have_count(2)
    expect(page.locator(".gantt path.tie")).to_have_count(1)
    assert barriers(page) == []
    bar = _bar(page, task)

    drag(page, bar, right=2 * PIXELS)
    expect(_told(page)).to_contain_text("復旧する")
    eventually(lambda: plan.days(task) == (now + 6 * DAY, now + 8 * DAY))
    drag(page, bar.locator(".grip.due"), right=PIXELS)
    eventually(lambda: plan.days(task) == (now + 6 * DAY, now + 9 * DAY))
    drag(page, bar.locator(".grip.start"), right=-PIXELS)
    eventually(lambda: plan.days(task) == (now + 5 * DAY, now + 9 * DAY))
    drag(page, bar.locator(".grip.start"), right=-5 * PIXELS)
    eventually(lambda: plan.days(task) == (now, now + 9 * DAY))
    expect(page.locator(".gantt path.tie.early")).to_have_count(1)

    expect(_told(page)).to_contain_text("までに変更しました")  # the page knows of its move what the desk knows
    press(page.locator("[data-gantt-undo]"))
    eventually(lambda: plan.days(task) == (now + 5 * DAY, now + 9 * DAY))
    expect(page.locator(".gantt path.tie.early")).to_have_count(0)
    bar.focus()
    for key in ("ArrowRight", "ArrowRight", "Shift+ArrowRight"):
        page.keyboard.press(key)
    eventually(lambda: plan.days(task) == (now + 7 * DAY, now + 12 * DAY))
    expect(bar).to_be_focused()
    expect(page.locator("[data-gantt-undo]")).to_be_visible()
    page.keyboard.press("Control+z")
    eventually(lambda: plan.days(task) == (now + 5 * DAY, now + 9 * DAY))
    page.keyboard.press("ArrowUp")
    expect(_bar(page, first)).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowRight")
    expect(_told(page)).to_contain_text("作業のほうを動かしてください")
    expect(page.locator(".gantt .bar.record")).to_have_attribute("aria-description", re.compile("作業のほうを"))
    assert overflow(page) == []


def test_what_is_still_on_its_way_is_taken_back_once_it_is_there_and_what_is_not_sent_never_goes(
    desk: Desk, window: Window
) -> None:
    plan, now = Plan(desk, desk.incident("遅い回線の計画表")), today()
    task = plan.add("回線を替える", now + 4 * DAY, now + 6 * DAY)
    page = window.open("keikaku")
    page.add_init_script(UNHURRIED)
    _chart(page, plan.ref)
    with on_its_way(page):
        drag(page, _bar(page, task), right=2 * PIXELS)
        page.keyboard.press("Control+z")
    expect(_told(page)).to_contain_text("元に戻しました")
    assert plan.days(task) == (now + 4 * DAY, now + 6 * DAY)
    before = plan.task(task)
    _bar(page, task).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Control+z")
    page.keyboard.press("ArrowUp")
    expect(page.locator(".gantt .bar.held")).to_have_count(0)
    assert plan.task(task) == before


def test_what_another_plans_arrives_while_one_drags_and_of_two_who_move_one_bar_the_second_sees_both(
    desk: Desk, window: Window
) -> None:
    plan, now = Plan(desk, desk.incident("Two hands on one plan")), today()
    mine, theirs = (plan.add(title, now, now + DAY) for title in ("Rebuild the server", "Warn the customers"))
    page = window.open("planner", language="en")
    _chart(page, plan.ref)
    data = page.locator("#gantt-rows")
    before = data.text_content()
    x, y = grasp(page, _bar(page, mine))
    page.mouse.move(x + 3 * PIXELS, y, steps=4)
    held = middle(_bar(page, mine), still=True)
    plan.put(theirs, now, now + 5 * DAY)
    expect(data).not_to_have_text(before or "")
    assert middle(_bar(page, mine), still=True) == held, "nothing moves under the hand"
    page.mouse.up()
    eventually(lambda: plan.days(mine) == (now + 3 * DAY, now + 4 * DAY))
    expect(_bar(page, theirs)).to_have_css("width", f"{6 * PIXELS}px")

    x, y = grasp(page, _bar(page, mine))
    page.mouse.move(x - PIXELS, y, steps=4)
    plan.put(mine, now, now + 9 * DAY)
    page.mouse.up()
    compared = sheet(page).locator(".compare").first
    expect(compared).to_be_visible()
    last = now + 9 * DAY
    year = "" if last.year == today().year else f" {last.year}"
    expect(sheet(page)).to_contain_text(f"{last.day} {last:%b}{year} ({last:%a}) 10:00")
    send(page)
    eventually(lambda: plan.days(mine) == (now + 2 * DAY, now + 3 * DAY))


def test_a_finger_moves_the_ends_of_a_bar_and_a_task_leads_to_a_milestone_on_a_telephone(
    desk: Desk, window: Window
) -> None:
    plan, now = Plan(desk, desk.incident("A plan in the hand")), today()
    task = plan.add("Write the report", now, now + DAY)
    phone = window.open("planner", language="en", size=NARROW, touch=True)
    phone.goto("/gantt/milestones/new")
    phone.fill("[name=name]", "Papers for the regulator")
    phone.fill("[name=day]", str(now + 3 * DAY))
    press(phone.locator("#main form button.main"))
    expect(phone.locator("#main")).to_contain_text("Papers for the regulator")
    phone.goto(f"/incidents/{plan.ref}/plan-task/{task}")
    phone.locator("[name=milestone]").select_option(label=f"Papers for the regulator ({now + 3 * DAY})")
    press(phone.locator("#main form[data-draft] button.main"))
    phone.wait_for_url(f"**/incidents/{plan.ref}/")
    phone.goto(f"/gantt/?zoom=day&by=milestone&q={plan.ref}")
    expect(phone.locator(".gantt .lane.heading").first).to_contain_text("Papers for the regulator")
    expect(phone.locator(".gantt .mark").first).to_contain_text("Papers for the regulator")
    finger(phone, _bar(phone, task).locator(".grip.due"), right=PIXELS)
    eventually(lambda: plan.days(task) == (now, now + 2 * DAY))
    press(phone.locator("[data-gantt-undo]"))
    eventually(lambda: plan.days(task) == (now, now + DAY))
    assert overflow(phone) == []
    assert barriers(phone) == []


def test_on_paper_the_whole_plan_stands_on_the_sheet(desk: Desk, window: Window) -> None:
    plan, now = Plan(desk, desk.incident("紙の上の計画")), today()
    for number in range(30):
        plan.add(f"作業{number}", now + number * DAY, now + (number + 2) * DAY)
    page = window.open("keikaku")
    _chart(page, plan.ref)
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(page.locator(".gantt .bar.task")).to_have_count(30)
    assert overflow(page) == []
    assert page.locator(".gantt footer:visible, .button:visible").count() == 0
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    expect(page.locator(".gantt .sheet")).to_have_count(0)
    expect(page.locator(".gantt .bar.task").first).to_be_visible()


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_on_paper_no_row_is_cut_and_each_sheet_says_its_days_its_record_and_what_bars_mean(
    desk: Desk, window: Window, paper: str
) -> None:
    plan, now = Plan(desk, desk.incident(f"Paper {paper}")), today()
    for number in range(40):
        plan.add(f"Step-{number:02}", now + number * DAY, now + (number + 2) * DAY)
    page = window.open("planner", language="en")
    _chart(page, plan.ref)
    pages = pypdfium2.PdfDocument(page.pdf(format=paper, landscape=True))
    sheets = [str(one.get_textpage().get_text_range()) for one in pages]
    assert len(sheets) > 1
    for number, sheet_ in enumerate(sheets, 1):
        for word in (f"{number} / {len(sheets)}", plan.ref, "Step-", "Progress line", "Incident", now.strftime("%Y")):
            assert word in sheet_, (number, word)
    rows = re.findall(r"Step-\d\d", "".join(sheets))
    assert rows == [f"Step-{number:02}" for number in range(40)], "each once, whole"

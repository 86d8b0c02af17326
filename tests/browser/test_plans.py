"""What is dragged, and what keys do instead: bars of the Gantt chart, cards of the board, the days of the calendar."""

from datetime import UTC, datetime, timedelta

from playwright.sync_api import Locator, Page, expect

from tests.browser.people import NARROW, Desk, Window, overflow, press, sheet
from tests.running import eventually

DAY = timedelta(days=1)
FORMAT = "%Y-%m-%dT%H:%M:%SZ"


def planned(desk: Desk, title: str) -> tuple[str, str]:
    """A record with a task that takes three days from now, and how to ask for it."""
    ref = desk.incident(title)
    path = f"/api/v1/incidents/{ref}/tasks"
    task = desk.site.post(path, {"title": f"{title}の作業"}, token=desk.api).json()["uuid"]
    plan(desk, ref, task, datetime.now(UTC) + DAY, 2)
    return ref, task


def plan(desk: Desk, ref: str, task: str, start: datetime, days: int) -> None:
    path, due = f"/api/v1/incidents/{ref}/tasks/{task}/plan", start + days * DAY
    wanted = {"start_at": start.strftime(FORMAT), "due_at": due.strftime(FORMAT)}
    assert desk.site.request("PUT", path, wanted, token=desk.api).status == 200


def span(desk: Desk, ref: str, task: str) -> tuple[datetime, datetime]:
    found = desk.site.get(f"/api/v1/incidents/{ref}/tasks", token=desk.api).json()["items"]
    one = next(one for one in found if one["uuid"] == task)
    return datetime.fromisoformat(one["start_at"]), datetime.fromisoformat(one["due_at"])


def drag(page: Page, what: Locator, right: float, at: tuple[float, float]) -> None:
    """From a place on the thing, so many pixels to the right."""
    box = what.bounding_box()
    assert box
    x, y = box["x"] + at[0] * box["width"], box["y"] + at[1] * box["height"]
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + right / 2, y, steps=4)
    page.mouse.move(x + right, y, steps=4)
    page.mouse.up()


def test_a_bar_is_moved_by_mouse_and_by_keys_taken_back_and_somebody_faster_is_not_overwritten(
    desk: Desk, window: Window
) -> None:
    ref, task = planned(desk, "復旧の段取り")
    start, due = span(desk, ref, task)
    page = window.open("shiki")
    page.goto(f"/gantt/?q={ref}")
    bar = page.locator(f".gantt .bar[data-key='{task}']")
    expect(bar).to_be_visible()
    drag(page, bar, 28, (0.5, 0.5))
    assert eventually(lambda: span(desk, ref, task) == (start + 2 * DAY, due + 2 * DAY)), "two days of fourteen pixels"
    undo = page.locator("[data-gantt-undo]")
    expect(undo).to_be_visible()
    press(undo)
    assert eventually(lambda: span(desk, ref, task) == (start, due)), "taken back"
    expect(undo).to_be_hidden()
    bar.hover()
    drag(page, bar.locator(".grip.due"), 14, (0.5, 0.5))
    assert eventually(lambda: span(desk, ref, task) == (start, due + DAY)), "the end alone"

    bar.focus()
    for keys in ("ArrowRight", "ArrowRight", "Shift+ArrowRight", "Control+ArrowLeft"):
        page.keyboard.press(keys)
    expect(page.locator(".gantt [role=status]")).to_contain_text("復旧の段取りの作業")
    assert eventually(lambda: span(desk, ref, task) == (start + DAY, due + 4 * DAY)), "as the keys said"
    expect(undo).to_be_visible()
    page.keyboard.press("Control+z")
    assert eventually(lambda: span(desk, ref, task) == (start, due + DAY))
    expect(bar).to_be_focused()

    page.route("**/gantt/?*", lambda route: route.abort())  # news do not reach this page
    plan(desk, ref, task, start, 9)
    drag(page, bar, 14, (0.5, 0.5))
    expect(sheet(page).locator(".compare")).not_to_have_count(0)
    assert span(desk, ref, task) == (start, start + 9 * DAY), "the faster one stands until somebody has read both"
    page.unroute("**/gantt/?*")
    page.goto(f"/gantt/?q={ref}")
    bar.focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/incidents/{ref}/*")


def test_on_a_phone_bars_stand_below_their_names_and_without_a_script_days_are_typed(
    desk: Desk, window: Window
) -> None:
    ref, task = planned(desk, "電話での確認")
    phone, plain = window.open("denwa", size=NARROW), window.open("shiki", scripts=False)
    phone.goto(f"/gantt/?q={ref}")
    expect(phone.locator(f".gantt .bar[data-key='{task}']")).to_be_visible()
    name = phone.locator(".gantt .name", has_text="電話での確認の作業").bounding_box()
    bar = phone.locator(f".gantt .bar[data-key='{task}']").bounding_box()
    assert name
    assert bar
    assert name["y"] + name["height"] <= bar["y"] + 1
    assert overflow(phone) == []
    plain.goto(f"/gantt/?q={ref}")
    line = plain.locator("tr", has=plain.locator(f"#plan-{task}"))
    due = (datetime.now(UTC) + 30 * DAY).date()
    line.locator("[name=due]").fill(due.isoformat())
    press(line.locator("button"))
    expect(plain.locator(f"[form=plan-{task}][name=due]")).to_have_value(due.isoformat())


def test_a_card_is_put_into_another_column_by_mouse_and_by_keys_and_the_calendar_is_walked(
    desk: Desk, window: Window
) -> None:
    ref, _task = planned(desk, "ボードで動かす")
    page = window.open("shiki")
    page.goto(f"/board/?q={ref}")
    card = page.locator(f".slip[data-card='{ref}']")
    card.locator(".figure").drag_to(page.locator("#column-analyse header"))
    expect(page.locator("#column-analyse").locator(card)).to_be_visible()
    page.goto(f"/board/?by=owner&q={ref}")
    page.locator(f".slip[data-card='{ref}'] input[type=radio]").focus()
    page.keyboard.press("Space")
    page.locator("#board-to").select_option(label="指揮 一郎")
    page.locator(".chosen button").focus()
    page.keyboard.press("Enter")
    expect(sheet(page)).to_be_visible()
    press(sheet(page).locator("button.main"))
    expect(page.locator(".column", has_text="指揮 一郎").locator(card)).to_be_visible()

    page.goto("/calendar/?as=list")
    event = page.locator(".event.task", has_text=ref).first
    expect(event).to_be_visible()
    event.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/incidents/{ref}/*")

"""The board by hand: cards go to other columns by mouse and by keys, and two people never lose one another's move."""

import pypdfium2
from playwright.sync_api import Locator, Page, expect

from tests.browser.people import NARROW, Desk, Window, barriers, overflow, press, send, sheet
from tests.browser.planning import drag, grasp, middle


def _column(page: Page, to: str) -> Locator:
    return page.locator(f"#column-{to}")


def _card(page: Page, ref: str, to: str = "") -> Locator:
    return page.locator(f"{f'#column-{to} ' if to else ''}.slip[data-card='{ref}']")


def test_a_card_goes_to_another_column_by_mouse_and_whoever_looks_on_sees_it_come(desk: Desk, window: Window) -> None:
    ref = desk.incident("盤の上の札")
    page, other = window.open("keikaku"), window.open("planner", language="en")
    for one in (page, other):
        one.goto(f"/board/?q={ref}")
        expect(_card(one, ref, "detect")).to_have_count(1)
    assert barriers(page) == []
    drag(page, _card(page, ref), to=_column(page, "analyse"))
    for one in (page, other):
        expect(_card(one, ref, "analyse")).to_have_count(1)
        expect(_card(one, ref, "detect")).to_have_count(0)
    drag(other, _card(other, ref), to=_column(other, "contain"))
    expect(_card(page, ref, "contain")).to_have_count(1)

    drag(page, _card(page, ref), to=_column(page, "eradicate"))
    expect(sheet(page).locator("[role=alert]")).to_be_visible()
    expect(_card(page, ref, "contain")).to_have_count(1)
    sheet(page).locator("[name=override_reason]").fill("電源を切れば証拠が失われるため先に進む")
    send(page)
    for one in (page, other):
        expect(_card(one, ref, "eradicate")).to_have_count(1)
    assert overflow(page) == []


def test_of_two_who_drag_the_same_card_the_second_sees_what_the_first_did(desk: Desk, window: Window) -> None:
    ref = desk.incident("二人が同じ札を持つ")
    page, other = window.open("keikaku"), window.open("planner", language="en")
    for one in (page, other):
        one.goto(f"/board/?by=owner&q={ref}")
        expect(_card(one, ref, "none")).to_have_count(1)
    for who in ("keikaku", "planner"):
        mine = desk.incident(f"二人が同じ札を持つ、列 {who}")
        desk.site.post(f"/api/v1/incidents/{mine}/assign", {"owner": who}, token=desk.api)
    for one in (page, other):
        one.goto("/board/?by=owner&q=二人が同じ札を持つ")  # the columns of nobody else, so that all are in sight
        expect(_card(one, ref)).to_have_count(1)
    names = {"計画 進": page, "Paula Planner": other}
    columns = {
        name: one.locator(".board .column", has=one.get_by_role("heading", name=name)) for name, one in names.items()
    }
    grasp(other, _card(other, ref))
    x, y = middle(columns["Paula Planner"], still=True)
    other.mouse.move(x - 20, y, steps=4)
    drag(page, _card(page, ref), to=columns["計画 進"])
    expect(columns["計画 進"].locator(f"[data-card='{ref}']")).to_have_count(1)
    other.mouse.move(x, y, steps=4)
    other.mouse.up()
    expect(sheet(other)).to_contain_text("計画 進")
    expect(sheet(other).locator(".compare").first).to_contain_text("Paula Planner")
    send(other)
    expect(
        page.locator(".board .column", has=page.get_by_role("heading", name="Paula Planner")).locator(
            f"[data-card='{ref}']"
        )
    ).to_have_count(1)


def test_by_keys_and_on_a_telephone_a_card_is_chosen_and_sent_and_a_column_says_when_it_holds_too_much(
    desk: Desk, window: Window
) -> None:
    refs = [desk.incident(f"A card in the hand {number}") for number in range(2)]
    phone = window.open("planner", language="en", size=NARROW)
    phone.goto(f"/board/?q={refs[0]}")
    phone.locator(f"[name=ref][value='{refs[0]}']").focus()
    phone.keyboard.press("Space")
    to = phone.locator("#board-to")
    expect(to).to_be_visible()
    to.focus()
    to.select_option("analyse")
    phone.keyboard.press("Tab")
    phone.keyboard.press("Enter")
    send(phone)
    expect(_card(phone, refs[0], "analyse")).to_have_count(1)
    assert overflow(phone) == []
    assert barriers(phone) == []

    chief = window.open("kanri")
    chief.goto("/board/limits")
    chief.fill("[name=analyse]", "1")
    press(chief.locator("#main form button.main"))
    chief.wait_for_url("**/board/")
    phone.goto(f"/board/?q={refs[1]}")
    desk.site.post(f"/api/v1/incidents/{refs[1]}/move", {"phase": "analyse"}, token=desk.api)
    phone.goto("/board/?q=A card in the hand")
    expect(_column(phone, "analyse").locator("header .badge.warn")).to_contain_text("Over 1")


def test_on_paper_every_column_stands_on_the_sheet(desk: Desk, window: Window) -> None:
    ref = desk.incident("紙の上の盤")
    page = window.open("keikaku", size=(1000, 700))
    page.goto(f"/board/?q={ref}")
    page.emulate_media(media="print")
    assert overflow(page) == []
    columns = page.locator(".board .column")
    assert columns.count() > 4
    for one in columns.all():
        assert one.evaluate("one => one.getBoundingClientRect().right <= document.documentElement.clientWidth")
    assert page.locator(".board input:visible, .button:visible").count() == 0


def test_no_sheet_of_a_printed_board_is_empty(desk: Desk, window: Window) -> None:
    for number in range(9):
        desk.incident(f"Sheetwise printed {number}", kind="request", record_class="request")
    page = window.open("planner", language="en")
    page.goto("/board/?q=Sheetwise")
    for landscape in (True, False):
        printed = pypdfium2.PdfDocument(page.pdf(format="A4", landscape=landscape))
        assert [
            number for number, one in enumerate(printed, 1) if not one.get_textpage().get_text_range().strip()
        ] == []

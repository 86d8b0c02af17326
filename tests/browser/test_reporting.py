"""Somebody outside who noticed something, at a desk or with a telephone in the hand; and the desk that answers."""

import re

from playwright.sync_api import Page, expect

from tests.browser.days import each_form
from tests.browser.people import (
    NARROW,
    Language,
    Window,
    act,
    open_to_all,
    press,
    send,
    sheet,
    tab_to,
    take_time,
    whole,
)

SEEN = {"ja": "添付ファイルを開いたら赤い画面が出ました", "en": "A red window came up when I opened the file"}
ASKED = {"ja": "ファイルの名前は何でしたか", "en": "What was the file called?"}
ANSWER = {"ja": "請求書.zip です", "en": "It was invoice.zip"}


@each_form()
def test_somebody_outside_reports_follows_by_the_code_and_answers_the_desk(
    window: Window, language: Language, size: tuple[int, int]
) -> None:
    """The one-minute form without an account, its code, a question of the desk, the answer: with the thumb, or with
    keys alone.
    """
    chief = window.open("admin")
    open_to_all(chief)
    own = window.open(size=size, language=language)
    own.goto("/sign-in/")
    press(own.locator("a[href='/report/']"))
    expect(own.locator("html")).to_have_attribute("lang", language)
    whole(own)
    own.fill("[name=what]", SEEN[language])
    for other in ({"ja": "en", "en": "ja"}[language], language):
        press(own.locator(f"button[name=switch][value={other}]"))
        expect(own.locator("html")).to_have_attribute("lang", other)
        expect(own.locator("[name=what]")).to_have_value(SEEN[language])
    own.select_option("[name=likeness]", "locked")
    own.check("[name=did][value=opened]")
    own.set_input_files(
        "[name=attached]", [{"name": "画面.png", "mimeType": "image/png", "buffer": b"\x89PNG not really"}]
    )
    take_time(own)
    _go(own, size, "#report button.main.wide")
    expect(own.locator(".follow-code")).to_be_visible()
    code, ref = own.locator(".follow-code").inner_text(), own.locator(".slip .figure").inner_text()
    assert re.fullmatch(r"([2-9A-HJKMNP-Z]{4}-){4}[2-9A-HJKMNP-Z]{4}", code)
    whole(own)

    chief.goto(f"/incidents/{ref}/")
    expect(chief.locator("#talk")).to_contain_text(SEEN[language])
    expect(chief.locator("#main")).to_contain_text("画面.png")
    act(chief, "reply")
    expect(sheet(chief).locator(".outward-head")).to_be_visible()
    sheet(chief).locator("[name=text]").fill(ASKED[language])
    sheet(chief).locator("[name=sort][value=question]").check()
    send(chief)

    elsewhere = window.open(size=size, language=language)
    elsewhere.goto("/report/follow/")
    elsewhere.fill("[name=code]", code[:-1] + ("2" if code[-1] != "2" else "3"))
    _go(elsewhere, size, "#main form button.main")
    expect(elsewhere.locator(".wrong").first).to_be_visible()
    elsewhere.fill("[name=code]", code.lower().replace("-", " "))
    _go(elsewhere, size, "#main form button.main")
    expect(elsewhere.locator(".ask")).to_contain_text(ASKED[language])
    assert code not in elsewhere.url
    whole(elsewhere)
    elsewhere.fill(".ask textarea", ANSWER[language])
    _go(elsewhere, size, ".ask button.main")
    expect(elsewhere.locator(".talk")).to_contain_text(ANSWER[language])
    expect(chief.locator("#talk")).to_contain_text(ANSWER[language])
    press(elsewhere.locator("[data-forgets] button"))
    expect(elsewhere.locator(".talk")).to_have_count(0)
    elsewhere.go_back()
    expect(elsewhere.locator(".talk")).to_have_count(0)


def _go(page: Page, size: tuple[int, int], button: str) -> None:
    if size == NARROW:
        press(page.locator(button))
    else:
        tab_to(page, button)
        page.keyboard.press("Enter")

"""Somebody who noticed something, with a telephone in the hand; and the desk that answers."""

import re

from playwright.sync_api import expect

from tests.browser.people import NARROW, Window, act, barriers, open_to_all, overflow, press, send, sheet


def test_a_report_from_a_telephone_is_answered_and_followed(window: Window) -> None:
    """The one-minute form at 390 px without an account, its code, a question of the desk, the answer."""
    chief = window.open("admin")
    open_to_all(chief)

    phone = window.open(size=NARROW)
    phone.goto("/sign-in/")
    press(phone.locator("a[href='/report/']"))
    expect(phone.locator("[name=what]")).to_be_visible()
    assert overflow(phone) == []
    assert barriers(phone) == []
    phone.fill("[name=what]", "添付ファイルを開いたら赤い画面が出ました")
    press(phone.locator("button[name=switch][value=en]"))
    expect(phone.locator("html")).to_have_attribute("lang", "en")
    expect(phone.locator("[name=what]")).to_have_value("添付ファイルを開いたら赤い画面が出ました")
    press(phone.locator("button[name=switch][value=ja]"))
    expect(phone.locator("html")).to_have_attribute("lang", "ja")
    phone.select_option("[name=likeness]", "locked")
    phone.check("[name=did][value=opened]")
    phone.set_input_files(
        "[name=attached]", [{"name": "画面.png", "mimeType": "image/png", "buffer": b"\x89PNG not really"}]
    )
    phone.wait_for_timeout(2100)  # nobody fills in a form within two seconds
    press(phone.locator("#report button.main"))
    expect(phone.locator(".follow-code")).to_be_visible()
    code, ref = phone.locator(".follow-code").inner_text(), phone.locator(".slip .figure").inner_text()
    assert re.fullmatch(r"([2-9A-HJKMNP-Z]{4}-){4}[2-9A-HJKMNP-Z]{4}", code)
    assert overflow(phone) == []
    assert barriers(phone) == []

    chief.goto(f"/incidents/{ref}/")
    expect(chief.locator("#talk")).to_contain_text("添付ファイルを開いたら赤い画面が出ました")
    expect(chief.locator("#main")).to_contain_text("画面.png")
    act(chief, "reply")
    expect(sheet(chief).locator(".outward-head")).to_be_visible()
    sheet(chief).locator("[name=text]").fill("ファイルの名前は何でしたか")
    sheet(chief).locator("[name=sort][value=question]").check()
    send(chief)

    elsewhere = window.open(size=NARROW)
    elsewhere.goto("/report/follow/")
    elsewhere.fill("[name=code]", code.lower().replace("-", " "))
    press(elsewhere.locator("#main form button.main"))
    expect(elsewhere.locator(".ask")).to_contain_text("ファイルの名前は何でしたか")
    assert code not in elsewhere.url
    assert overflow(elsewhere) == []
    assert barriers(elsewhere) == []
    elsewhere.fill(".ask textarea", "請求書.zip です")
    press(elsewhere.locator(".ask button.main"))
    expect(elsewhere.locator(".talk")).to_contain_text("請求書.zip です")
    expect(chief.locator("#talk")).to_contain_text("請求書.zip です")

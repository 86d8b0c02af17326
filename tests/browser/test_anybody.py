"""Anybody can work here: on a telephone, with the keyboard alone, in either language, without scripts."""

import pytest
from playwright.sync_api import expect

from tests.browser.people import NARROW, Desk, Window, overflow, press, sign_in, tab_to


@pytest.mark.parametrize(("what", "words"), [("incident", "メールが届かない"), ("near_miss", "宛先を間違えかけた")])
def test_an_incident_and_a_near_miss_are_reported_from_a_telephone_in_under_a_minute(
    window: Window, what: str, words: str
) -> None:
    """Under a minute for a person: two fields and two choices at most (Card, Moran and Newell's keystroke model gives a
    choice 4 s and a line of twenty characters 20 s), none of them hidden behind another page.
    """
    phone = window.open("denwa", size=NARROW)
    phone.goto("/incidents/")
    press(phone.locator(".topbar a[href='/incidents/new']"))
    expect(phone.locator("[name=title]")).to_be_visible()
    assert phone.locator("#main :is(input, select, textarea):invalid").count() <= 3
    phone.fill("[name=title]", words)
    phone.check(f"[name=record_class][value={what}]")
    phone.select_option("[name=kind]", "other")
    press(phone.locator("#main button.main"))
    phone.wait_for_url("**/incidents/INC-*/")
    expect(phone.locator("#head h1")).to_have_text(words)
    press(phone.locator("#thumb form button"))
    expect(phone.locator("#people")).to_contain_text("電話 一郎")
    press(phone.locator("#thumb [data-tab-link]"))
    expect(phone.locator("#note-text")).to_be_focused()
    assert overflow(phone) == []


def test_the_language_changes_at_once_and_stays_for_the_next_sign_in(desk: Desk, window: Window) -> None:
    page = window.open("kotoba")
    page.goto("/incidents/?status=all")
    expect(page.locator("#main h1")).to_have_text("インシデント")
    press(page.locator("#menu [name=language][value=en]"))
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("#main h1")).to_have_text("Incidents")
    assert page.url.endswith("/incidents/?status=all")
    expect(window.open("kotoba", anew=True).locator("html")).to_have_attribute("lang", "en")


def test_the_keyboard_alone_reports_writes_and_moves_and_always_shows_where_it_is(desk: Desk, window: Window) -> None:
    page = window.open("kagi", language="en")
    page.goto("/incidents/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.keyboard.press("c")
    expect(page.locator("[name=title]")).to_be_focused()
    page.keyboard.type("Printed pages were left in the tray")
    tab_to(page, "[name=kind]")
    page.keyboard.type("Misdel")
    tab_to(page, "#main button.main")
    page.keyboard.press("Enter")
    page.wait_for_url("**/incidents/INC-*/")
    page.keyboard.press("n")
    expect(page.locator("#note-text")).to_be_focused()
    page.keyboard.type("Seen by the night watch")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#timeline")).to_contain_text("Seen by the night watch")
    tab_to(page, "#head a[href*='/move/']", 120)  # over the end of the page and in again at its top
    page.keyboard.press("Enter")
    expect(page.locator("#sheet[open]")).to_be_visible()
    expect(page.locator("#sheet:focus-within")).to_have_count(1)  # the dialog holds the keyboard
    page.keyboard.press("Escape")
    expect(page.locator("#sheet[open]")).to_have_count(0)
    page.goto("/incidents/?q=Printed pages were left")
    titles = page.locator("#incident-rows a.title")
    page.keyboard.press("j")
    expect(titles.first).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("k")
    expect(titles.first).to_be_focused()
    page.keyboard.press("x")
    expect(page.locator("#incident-rows .pick input").first).to_be_checked()
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_contain_text("Choose the row")
    page.keyboard.press("Escape")
    titles.first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/incidents/INC-*/")


def test_without_scripts_one_signs_in_opens_writes_and_goes_on(desk: Desk, window: Window) -> None:
    page = window.open(scripts=False)
    sign_in(page, "mukashi")
    page.goto("/incidents/new")
    page.fill("[name=title]", "古い端末からの報告")
    page.select_option("[name=kind]", "malware")
    press(page.locator("#main button.main"))
    page.wait_for_url("**/incidents/INC-*/")
    page.fill("#note-text", "**手書き**のメモ")
    press(page.locator("form.write button.main"))
    expect(page.locator("#timeline strong")).to_have_text("手書き")
    press(page.locator("#head a[href$='/move/analyse']"))
    press(page.locator("#main button.main"))
    expect(page.locator(".course [aria-current=step]").first).to_contain_text("分析")

"""The desk cannot be reached: a page of ours says so and since when, pretends nothing, and goes back by itself."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.people import NARROW, WIDE, Desk, Language, Window, open_to_all, overflow, press
from tests.crowding import crowded

SAID = {"ja": "デスクにつながりません", "en": "The desk cannot be reached"}
UNSURE = {"ja": "届いていないおそれ", "en": "may not have arrived"}
KEPT = """async () => {
  await navigator.serviceWorker.ready;
  const shelf = await caches.open("away");
  return (await shelf.keys()).some((one) => !one.url.endsWith("?away")) && Boolean(navigator.serviceWorker.controller);
}"""
TEXTS = """async () => {
  const found = [];
  for (const name of await caches.keys()) {
    const shelf = await caches.open(name);
    // What the worker takes away meanwhile, to keep it anew, is nothing that stays.
    for (const one of await shelf.keys()) found.push(await (await shelf.match(one))?.text());
  }
  return found.join("\\n");
}"""


def _forget(window: Window) -> None:
    """A browser writes it down as an error, that it is cut off and what stands in."""
    cut_off = ("ERR_INTERNET_DISCONNECTED", "status of 503")
    window.complaints[:] = [one for one in window.complaints if not any(word in one for word in cut_off)]


def _prepared(window: Window, desk: Desk, where: str, size: tuple[int, int], language: Language) -> Page:
    page = window.open("kaku", size=size, language=language)
    page.goto(where)
    page.wait_for_function(KEPT)
    page.goto(where)
    return page


@pytest.mark.parametrize(("size", "language"), [(WIDE, "ja"), (NARROW, "en")])
def test_without_the_network_a_page_of_ours_says_so_keeps_no_record_and_goes_back_by_itself(
    desk: Desk, window: Window, size: tuple[int, int], language: Language
) -> None:
    ref = desk.incident("Awayness of a whole afternoon")
    page = _prepared(window, desk, f"/incidents/{ref}/", size, language)
    assert ref not in page.evaluate(TEXTS)
    assert "Awayness" not in page.evaluate(TEXTS)
    page.context.set_offline(True)
    page.reload()
    spoken = page.locator("html").get_attribute("lang") or ""
    expect(page.locator("h1")).to_have_text(SAID[spoken])
    expect(page.locator("#away-since time")).to_have_text(re.compile(r"\d:\d\d"))
    expect(page.locator("#away-last time")).to_have_text(re.compile(r"\d:\d\d"))
    expect(page.locator("#away-sent")).to_be_hidden()
    assert ref not in page.locator("body").inner_text()
    card = page.locator(".card").evaluate("one => getComputedStyle(one).backgroundColor")
    assert card != "rgba(0, 0, 0, 0)", "its stylesheet is kept with it"
    page.context.set_offline(False)
    expect(page.locator("h1")).to_contain_text("Awayness of a whole afternoon")
    _forget(window)


def test_what_was_sent_without_the_network_is_not_sent_again_by_itself_and_is_kept(desk: Desk, window: Window) -> None:
    page = _prepared(window, desk, "/account/", WIDE, "ja")
    box = page.locator("[name=name]")
    box.fill("Faraway Ltd")
    page.context.set_offline(True)
    press(page.locator("form:has([name=name]) .button.main"))
    spoken = page.locator("html").get_attribute("lang") or ""
    expect(page.locator("#away-sent")).to_contain_text(UNSURE[spoken])
    page.context.set_offline(False)
    expect(page.locator("[name=name]")).to_have_value("Faraway Ltd")
    _forget(window)


BUSY = {"ja": "ただいま混み合っています", "en": "The desk is busy at the moment"}


def _forget_the_crowd(window: Window) -> None:
    window.complaints[:] = [one for one in window.complaints if "503" not in one]


@pytest.mark.parametrize(("size", "language"), [(WIDE, "ja"), (NARROW, "en")])
def test_a_desk_that_is_busy_says_so_keeps_what_was_typed_and_comes_by_itself_for_who_only_looks(
    desk: Desk, window: Window, size: tuple[int, int], language: Language
) -> None:
    open_to_all(window.open("admin"))
    page = window.open(size=size, language=language)
    page.goto("/report/")
    page.locator("textarea[name=what]").fill("Crowded corridor in front of the server room")
    with crowded(desk.site):
        press(page.locator("#report button.main.wide"))
        expect(page.locator("h1")).to_have_text(BUSY[language])
        assert overflow(page) == []
        _forget_the_crowd(window)
    press(page.locator("a"))
    expect(page.locator("textarea[name=what]")).to_have_value("Crowded corridor in front of the server room")
    with crowded(desk.site):
        page.goto("/faq/")
        expect(page.locator("h1")).to_have_text(BUSY[language])
    expect(page.locator("h1")).not_to_have_text(BUSY[language])
    _forget_the_crowd(window)


def test_what_a_page_sends_by_itself_into_a_busy_desk_is_said_over_the_page_and_kept(
    desk: Desk, window: Window
) -> None:
    page = window.open("kaku")
    page.goto(f"/incidents/{desk.incident('Crowded room')}/")
    page.fill("#note-text", "Written in a crowd")
    with crowded(desk.site):
        press(page.locator("form.write button.main"))
        expect(page.locator("#busy")).to_be_visible()
        expect(page.locator("#failed")).to_be_hidden()
    expect(page.locator("#note-text")).to_have_value("Written in a crowd")
    press(page.locator("form.write button.main"))
    expect(page.locator("#timeline")).to_contain_text("Written in a crowd")
    _forget_the_crowd(window)

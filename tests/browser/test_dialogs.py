"""Windows that open over a page, worked by the keyboard alone."""

import re
from collections.abc import Container, Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from django.urls import resolve
from playwright.sync_api import Page, Route, expect

from tests.browser.dialogs import (
    ALERT,
    BUSY,
    CHILD,
    CLOSED,
    ELSEWHERE,
    HARMLESS,
    HUSHED,
    INTO,
    LOCKED,
    PARENT,
    ROOM,
    WAITING,
    WALKED,
)
from tests.browser.people import Desk, Window, barriers, overflow, sheet
from tests.running import Answer, eventually

BELOW = """() => {
  const below = [...document.querySelectorAll("#main :is(a[href], button, input, select, textarea)")];
  return below.some((one) => { one.focus(); return document.activeElement === one; });
}"""
"""Whether anything of the page below takes the keyboard. Tab is not pressed beyond a window's end: there the keyboard
goes to the browser's own controls, and a browser that has none gives it back whenever it comes to that."""
_ACT = re.compile(r"/incidents/[A-Z]+-\d+-\d+/([a-z-]+)")


def _name(address: str) -> str:
    """As the table has it: an act of the room, or the page's name."""
    act = _ACT.match(address)
    return f"act {act[1]}" if act else resolve(urlsplit(address).path).view_name


def _walk(page: Page, met: Container[str]) -> Iterator[str]:
    """Every window that the open page offers and that was not met yet, each opened and left once."""
    seen: set[str] = set()
    for address in page.locator("[hx-target='#sheet'][hx-get]").evaluate_all(
        "all => all.map((one) => one.getAttribute('hx-get'))"
    ):
        name = _name(address)
        if name in seen or name in met:
            continue
        asks = page.locator(f"[hx-get='{address}']").first
        link = asks.locator("button:not([type=button])").first if asks.evaluate("one => one.matches('form')") else asks
        menu = link.locator("xpath=ancestor::details[contains(@class, 'menu')]/summary")
        if menu.count():
            menu.focus()
            page.keyboard.press("Enter")
        if link.is_visible():
            link.focus()
            _opened_and_left(page, name)
            expect(menu if menu.count() else link, f"{name} gives the keyboard back elsewhere").to_be_focused()
            seen.add(name)
            yield name


def _opened_and_left(page: Page, name: str) -> None:
    page.keyboard.press("Enter")
    expect(sheet(page).locator(".sheet-body:not([data-waiting])")).to_be_visible()
    expect(page.locator("#sheet:focus-within"), f"{name} does not take the keyboard").to_have_count(1)
    inside = sheet(page).locator(":is(a[href], button, input:not([type=hidden]), select, textarea):visible:enabled")
    inside.first.focus()
    if inside.count() > 1:
        page.keyboard.press("Tab")
        expect(inside.first).not_to_be_focused()
    assert not page.evaluate(BELOW), f"{name} lets the keyboard go to the page below"
    expect(page.locator("#sheet:focus-within"), f"{name} lets go of the keyboard").to_have_count(1)
    page.keyboard.press("Escape")
    expect(sheet(page)).to_have_count(0)


def _rooms(desk: Desk) -> dict[str, str]:
    """References of records in which something happened, by what it was."""

    def told(ref: str, act: str, body: dict[str, object], method: str = "POST") -> Answer:
        answer = desk.site.request(method, f"/api/v1/incidents/{ref}/{act}", body, token=desk.api)
        assert answer.status < 300, f"{act}: {answer.body!r}"
        return answer

    names = (BUSY, WAITING, LOCKED, PARENT, CHILD, INTO, "twin")
    rooms = {name: desk.incident(f"Windows of a record: {name}") for name in names}
    rooms[CLOSED] = desk.incident("Windows of what is over", kind="request", record_class="request")
    task = told(rooms[BUSY], "tasks", {"title": "Look at it"}).json()["uuid"]
    told(rooms[BUSY], f"tasks/{task}/assign", {"owner": "admin"})
    told(rooms[BUSY], "links", {"url": "https://example.com/windows"})
    told(rooms[BUSY], "decisions", {"question": "Which window?", "options": ["This", "That"]})
    told(rooms[BUSY], "costs", {"kind": "loss", "amount": "10.00"})
    told(rooms[WAITING], "wait", {"waiting": "supplier", "reason": "a pane"})
    told(rooms[LOCKED], "hold", {"reason": "a pane"}, "PUT")
    told(rooms[LOCKED], "restrict", {"reason": "a pane"})
    told(rooms[CLOSED], "close", {"resolution": "done", "class": "request", "override_reason": "a pane"})
    told(rooms[PARENT], "children", {"children": [rooms[CHILD]]})
    told(rooms["twin"], "merge", {"into": rooms[INTO]})
    return {name: f"/incidents/{ref}/" for name, ref in rooms.items()}


def _rules(desk: Desk) -> dict[str, str]:
    """An inhibition and something harmless: pages of their own."""
    place = desk.site.get("/api/v1/organisations", token=desk.api).json()["items"][0]["uuid"]
    soon = (datetime.now(UTC) + timedelta(days=30)).isoformat()
    said: dict[str, object] = {"title": "A pane of glass", "reason": "a pane", "organisation": place}
    hushing = {**said, "source": "host = SV-PANE", "target": "host = SV-PANE2", "equal": "", "hours": 8}
    harmless = {"kind": "host", "values": "SV-PANE3", "until": soon}
    found = {}
    for name, path, body in ((HUSHED, "inhibitions", hushing), (HARMLESS, "benign", {**said, **harmless})):
        answer = desk.site.post(f"/api/v1/{path}", body, token=desk.api)
        assert answer.status < 300, f"{path}: {answer.body!r}"
        found[name] = f"/alerts/{path}/{answer.json()['uuid']}/"
    return found


def test_every_window_takes_the_keyboard_keeps_it_and_gives_it_back_where_it_was(desk: Desk, window: Window) -> None:
    ref = desk.incident("Windows open and close")
    assert desk.site.post(f"/api/v1/incidents/{ref}/assign", {"owner": "admin"}, token=desk.api).status < 300
    desk.send("generic", {"title": "a window opens", "severity": "medium", "host": "SV-WINDOWS"})
    alerts = "/api/v1/alerts?q=SV-WINDOWS"
    alert = eventually(lambda: desk.site.get(alerts, token=desk.api).json()["items"])[0]["uuid"]
    places = {ROOM: f"/incidents/{ref}/", ALERT: f"/alerts/{alert}/"} | _rooms(desk) | _rules(desk)
    page = window.open("admin", language="en")
    met: dict[str, str] = {}
    for where in dict.fromkeys(WALKED.values()):
        page.goto(places.get(where, where))
        expect(page.locator("#main")).to_be_visible()
        for name in _walk(page, met):
            met.setdefault(name, where)
    assert set(WALKED) <= set(met) <= WALKED.keys() | ELSEWHERE
    page.keyboard.press("?")
    expect(page.locator("#keys[open]")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#keys[open]")).to_have_count(0)


def test_a_window_that_is_waited_for_says_so_and_who_closes_it_is_where_they_were(desk: Desk, window: Window) -> None:
    ref = desk.incident("A window that takes its time")
    page = window.open("planner", language="en")
    page.goto(f"/incidents/{ref}/")
    held: list[Route] = []
    page.route("**/add-task", lambda route: held.append(route))  # noqa: PLW0108  # a method of a list cannot be marked
    link = page.locator("#main a[href$='/add-task']").first
    link.focus()
    page.keyboard.press("Enter")
    expect(sheet(page).locator("[data-waiting]").first).to_be_visible()
    assert (overflow(page), barriers(page)) == ([], [])
    expect(page.locator("#sheet:focus-within")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(sheet(page)).to_have_count(0)
    expect(link).to_be_focused()
    page.keyboard.press("Enter")
    expect(sheet(page).locator("[data-waiting]").first).to_be_visible()
    eventually(lambda: page.evaluate("1") and len(held) == 2)
    held[1].continue_()
    expect(sheet(page).locator("[name=title]")).to_be_focused()
    expect(sheet(page).locator("[data-waiting]")).to_have_count(0)
    given_up = ("htmx:sendAbort", "htmx:afterRequest")  # said on the console of what is no longer wanted
    window.complaints[:] = [one for one in window.complaints if not any(name in one for name in given_up)]


def test_after_an_act_the_keyboard_is_at_what_opened_its_window_though_all_was_drawn_anew(
    desk: Desk, window: Window
) -> None:
    ref = desk.incident("Tasks one after the other")
    page = window.open("planner", language="en")
    page.goto(f"/incidents/{ref}/")
    link = page.locator("#main a[href$='/add-task']").first
    link.focus()
    page.keyboard.press("Enter")
    sheet(page).locator("[name=title]").fill("The first of several")
    page.keyboard.press("Control+Enter")
    expect(sheet(page)).to_have_count(0)
    expect(page.locator("#tasks")).to_contain_text("The first of several")
    expect(page.locator("#main a[href$='/add-task']").first).to_be_focused()

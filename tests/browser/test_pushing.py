"""The installed desk: its worker registers under the strict policy, and shows a call that is pushed to it."""

import json

from playwright.sync_api import Page, expect

from tests.browser.people import Desk, Window, press
from tests.running import eventually

CALL = {"title": "INC-2026-0042", "link": "https://elsewhere.example/a/x", "key": "k1", "urgency": 1}
SHOWN = """async () => (await (await navigator.serviceWorker.ready).getNotifications())
  .map((one) => [one.title, one.requireInteraction, one.data.link])"""


def _push(page: Page, origin: str, said: dict[str, object]) -> None:
    """As the browser's push service would, after it has opened what was sealed."""
    wire = page.context.new_cdp_session(page)
    known: list[str] = []
    wire.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda told: known.extend(one["registrationId"] for one in told["registrations"] if not one["isDeleted"]),
    )
    wire.send("ServiceWorker.enable")
    page.wait_for_timeout(200)
    wire.send(
        "ServiceWorker.deliverPushMessage",
        {"origin": origin, "registrationId": known[-1], "data": json.dumps(said, ensure_ascii=False)},
    )


def test_the_worker_registers_and_shows_a_call(desk: Desk, window: Window) -> None:
    page = window.open("kaku", at=desk.by_name)
    page.context.grant_permissions(["notifications"], origin=desk.by_name)
    page.goto("/account/ways")
    press(page.locator("a[href='/account/push']"))
    expect(page.locator("form[data-push] button")).to_be_enabled()
    assert page.evaluate("async () => (await navigator.serviceWorker.ready).scope") == f"{desk.by_name}/"
    _push(page, f"{desk.by_name}/", CALL)
    eventually(lambda: page.evaluate(SHOWN) == [["INC-2026-0042", True, "https://elsewhere.example/a/x"]])
    described = page.request.get(page.locator("link[rel=manifest]").get_attribute("href") or "").json()
    assert (described["display"], described["start_url"]) == ("standalone", "/")


def test_without_a_secure_connection_the_page_says_why_it_cannot(desk: Desk, window: Window) -> None:
    page = window.open("kaku")
    page.add_init_script("Object.defineProperty(window, 'isSecureContext', { value: false })")
    page.goto("/account/push")
    expect(page.locator("[data-push-says=insecure]")).to_be_visible()
    expect(page.locator("form[data-push] button")).to_be_disabled()

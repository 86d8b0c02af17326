"""The installed desk: its worker registers under the strict policy, and shows a call that is pushed to it."""

import json
from collections.abc import Callable
from typing import cast

from playwright.sync_api import Page, expect

from tests.browser.people import Desk, Window, press
from tests.receivers import Browser
from tests.running import eventually

CALL = {"title": "INC-2026-0042", "link": "https://elsewhere.example/a/x", "key": "k1", "urgency": 1}
SHOWN = """async () => (await (await navigator.serviceWorker.ready).getNotifications())
  .map((one) => [one.title, one.requireInteraction, one.data.link])"""

KEEP = """async (kept) => (await caches.open("push")).put("/push-address", new Response(JSON.stringify(kept)))"""
RENEW = """(fresh) => renewed({ endpoint: fresh.endpoint, getKey: (name) => Uint8Array.from(fresh[name]).buffer })"""
TOLD = f"""async (fresh) => {{
  const sent = [], real = self.fetch;
  self.fetch = async (place, what) => {{
    sent.push([place, Object.fromEntries(what.body), what.credentials]);
    return new Response(null, {{ status: 204 }});
  }};
  await ({RENEW})(fresh).finally(() => {{ self.fetch = real; }});
  return sent;
}}"""


def _push(page: Page, origin: str, said: dict[str, object]) -> Callable[[], None]:
    """As the browser's push service would, after it has opened what was sealed; each call is one more try."""
    wire = page.context.new_cdp_session(page)
    known: list[str] = []
    wire.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda told: known.extend(
            one["registrationId"]
            for one in told["registrations"]
            if not one["isDeleted"] and one["scopeURL"] == origin  # the browser tells of others' too
        ),
    )
    wire.send("ServiceWorker.enable")
    eventually(lambda: page.evaluate("1") and known)

    def deliver() -> None:
        told = {"origin": origin, "registrationId": known[-1], "data": json.dumps(said, ensure_ascii=False)}
        wire.send("ServiceWorker.deliverPushMessage", told)

    return deliver


def _shows(page: Page, deliver: Callable[[], None]) -> list[list[object]]:
    """A push that comes before the worker is awake is lost on a busy machine; the service tries again."""
    deliver()
    page.wait_for_timeout(500)
    return cast("list[list[object]]", page.evaluate(SHOWN))


def test_the_worker_registers_and_shows_a_call(desk: Desk, window: Window) -> None:
    page = window.open("kaku", at=desk.by_name)
    page.context.grant_permissions(["notifications"], origin=desk.by_name)
    page.goto("/account/ways")
    press(page.locator("a[href='/account/push']"))
    expect(page.locator("form[data-push] button")).to_be_enabled()
    assert page.evaluate("async () => (await navigator.serviceWorker.ready).scope") == f"{desk.by_name}/"
    deliver = _push(page, f"{desk.by_name}/", CALL)
    shown = eventually(lambda: _shows(page, deliver))
    assert shown == [["INC-2026-0042", True, "https://elsewhere.example/a/x"]]
    described = page.request.get(page.locator("link[rel=manifest]").get_attribute("href") or "").json()
    assert (described["display"], described["start_url"]) == ("standalone", "/")


def test_the_worker_tells_the_desk_of_a_new_address_though_nobody_is_signed_in(desk: Desk, window: Window) -> None:
    page = window.open("kaku", at=desk.by_name)
    page.goto("/account/push")
    expect(page.locator("form[data-push] button")).to_be_enabled()
    page.evaluate("async () => (await navigator.serviceWorker.ready).scope")
    worker = eventually(lambda: page.evaluate("1") and page.context.service_workers)[0]
    place, known = "https://push.example/", Browser()
    given = {"p256dh": list(known.public), "auth": list(known.secret)}
    assert worker.evaluate(RENEW, {"endpoint": f"{place}0", **given}) is False  # nothing was ever subscribed here
    public, secret = known.keys.split(".")
    renew = page.locator("form[data-push]").get_attribute("data-renew")
    kept = {"endpoint": f"{place}1", "p256dh": public, "auth": secret, "key": public, "renew": renew}
    page.evaluate(KEEP, kept)
    page.context.clear_cookies()
    assert worker.evaluate(RENEW, {"endpoint": f"{place}2", **given}) is True
    now = {"endpoint": f"{place}3", "p256dh": public, "auth": secret}
    told = worker.evaluate(TOLD, {"endpoint": f"{place}3", **given})
    assert told == [["/push-renewed", {**now, "was": f"{place}2#{known.keys}"}, "omit"]]


def test_without_a_secure_connection_the_page_says_why_it_cannot(desk: Desk, window: Window) -> None:
    page = window.open("kaku")
    page.add_init_script("Object.defineProperty(window, 'isSecureContext', { value: false })")
    page.goto("/account/push")
    expect(page.locator("[data-push-says=insecure]")).to_be_visible()
    expect(page.locator("form[data-push] button")).to_be_disabled()

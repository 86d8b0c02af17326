"""People at their browsers, for the stories told here."""

import json
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from playwright.sync_api import (
    Browser,
    BrowserContext,
    CDPSession,
    ConsoleMessage,
    Error,
    Locator,
    Page,
    StorageState,
    expect,
)
from playwright.sync_api import TimeoutError as TooSlow

from tests.browser.cast import CAST, PASSWORD
from tests.running import ADMIN_PASSWORD, Site

Language = Literal["ja", "en"]
WIDE, NARROW = (1440, 900), (390, 844)
AXE = Path(__file__).parents[2] / "assets/node_modules/axe-core/axe.min.js"
FRESH = 300
"""Seconds. After a quarter of an hour the desk asks again who it is before what changes who can get in."""
REFUSED = ("401", "403", "404", "409", "422")
expect.set_options(timeout=60_000)  # for what never comes; a machine may have much else to do


@dataclass(slots=True)
class Desk:
    """``entered``: how browsers of people who signed in before are, by user name and address, and when they did."""

    site: Site
    keys: dict[str, str]
    entered: dict[tuple[str, str], tuple[float, StorageState]] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.site.port}"

    @property
    def by_name(self) -> str:
        """Passkeys are bound to names, never to bare addresses."""
        return f"http://localhost:{self.site.port}"

    @property
    def api(self) -> str:
        return self.keys["api"]

    def send(self, source: str, body: object) -> None:
        answer = self.site.post(f"/intake/v1/{source}", body, token=self.keys[source])
        assert answer.status == 202, answer.body

    def incident(self, title: str, **more: object) -> str:
        """Its reference. A record for which nobody is called: no alarm comes up over the page of another story, and
        none fills the first rows of what is grave, unless ``more`` says so.
        """
        body = {"title": title, "kind": "ransomware", "impact": 3, "effect": 3, "urgency": 3, **more}
        answer = self.site.post("/api/v1/incidents", body, token=self.api)
        assert answer.status == 201, answer.body
        return str(answer.json()["ref"])


@dataclass(slots=True)
class Window:
    """Browsers of this story. What a page, its policy or its scripts complain of is kept."""

    desk: Desk
    chromium: Browser
    complaints: list[str] = field(default_factory=list)
    _contexts: list[BrowserContext] = field(default_factory=list)

    def open(
        self,
        username: str = "",
        *,
        size: tuple[int, int] = WIDE,
        scripts: bool = True,
        dark: bool = False,
        at: str = "",
        language: Language = "ja",
        anew: bool = False,
        touch: bool | None = None,
    ) -> Page:
        """A browser of one's own, signed in as ``username`` where one is given: with the session of another one, since
        a password costs a second, or ``anew``. What is as narrow as a telephone is worked by ``touch``.
        """
        where = at or self.desk.url
        since, state = self.desk.entered.get((username, where), (0.0, None))
        known = state is not None and not anew and time.monotonic() - since < FRESH
        context = self.chromium.new_context(
            base_url=where,
            viewport={"width": size[0], "height": size[1]},
            java_script_enabled=scripts,
            color_scheme="dark" if dark else "light",
            locale={"ja": "ja-JP", "en": "en-GB"}[language],
            timezone_id="Asia/Tokyo",
            reduced_motion="reduce",
            has_touch=size == NARROW if touch is None else touch,
            storage_state=state if known else None,
        )
        context.set_default_timeout(60_000)
        context.on("console", lambda message: self._heard(message))  # noqa: PLW0108  # a slotted method cannot be marked
        context.on("weberror", lambda error: self.complaints.append(f"script failed: {error.error}"))
        self._contexts.append(context)
        page = context.new_page()
        if known:
            page.goto("/")
            known = not page.locator("[name=password]").count()  # or another story ended that session
        if username and not known:
            sign_in(page, username)
            self.desk.entered[username, where] = time.monotonic(), context.storage_state()
        return page

    def _heard(self, message: ConsoleMessage) -> None:
        """A refusal shown to a person is an answer like another, which the browser writes down as an error."""
        refusal = message.text.startswith("Failed to load resource") and any(f"{c} (" in message.text for c in REFUSED)
        if message.type in {"error", "warning"} and not refusal:
            self.complaints.append(f"{message.page.url if message.page else ''}: {message.text}")

    def close(self) -> None:
        for context in self._contexts:
            context.close()


def password_of(username: str) -> str:
    return PASSWORD if username in CAST else ADMIN_PASSWORD


def sign_in(page: Page, username: str, *, at: str = "/sign-in/") -> None:
    page.goto(at)
    page.fill("[name=login]", username)
    page.fill("[name=password]", password_of(username))
    press(page.locator("form:has([name=password]) button.main"))
    expect(page.locator("[name=password]")).to_have_count(0)


TAPPED = """() => {
  globalThis.tapped = new Promise((done) => {
    addEventListener("click", () => setTimeout(done), { once: true, capture: true });
    setTimeout(done, 2000);
  });
}"""
"""What a finger does comes to be a click a little later."""


def press(button: Locator, *, timeout: float | None = None) -> None:
    """By the thumb on a telephone, by the mouse on a desk."""
    page = button.page
    if page.viewport_size == {"width": NARROW[0], "height": NARROW[1]}:
        button.first.wait_for(timeout=timeout)  # a page that was on its way has come
        with suppress(Error):
            page.evaluate(TAPPED)
        button.first.tap(timeout=timeout)
        with suppress(Error):  # it led away
            page.evaluate("globalThis.tapped")
    else:
        button.first.click(timeout=timeout)


def sheet(page: Page) -> Locator:
    """The one dialog."""
    return page.locator("#sheet[open]")


def send(page: Page) -> None:
    """The act of the open dialog; it closes by itself once it is done."""
    press(sheet(page).locator("button.main"))
    expect(sheet(page)).to_have_count(0)


def act(page: Page, name: str) -> None:
    """Opens the dialog of an act of the room, wherever the room offers it: in sight, or in the menu of the rest.
    What stands where may change while one reaches for it: one looks again, as a person does."""
    link = page.locator(f"#main a[href$='/{name}']:visible").first
    menu = page.locator(f"#more:not([open]):has(a[href$='/{name}']) > summary")
    for patience in (4_000, 8_000, 16_000, 32_000):
        with suppress(TooSlow, AssertionError):
            press(link.or_(menu), timeout=patience)
            if not sheet(page).count() and page.locator("#more[open]").count():
                press(page.locator(f"#more[open] a[href$='/{name}']"), timeout=patience)
            expect(sheet(page)).to_be_visible(timeout=patience)
        if sheet(page).count():
            return
    expect(sheet(page)).to_be_visible()


def choose(select: Locator, words: str) -> None:
    """The one choice that has these words in it, whatever else it says."""
    select.select_option(select.locator("option", has_text=words).first.get_attribute("value"))


NEVER_GOES = """const waits = setTimeout;
globalThis.setTimeout = (what, after, ...given) => (after >= 6000 ? 0 : waits(what, after, ...given));"""
"""For a browser: what goes by itself after a while, as word of an act does, stays."""
NO_TIME_PASSES = "globalThis.passed = 0; const opened = Date.now(); Date.now = () => opened + passed;"
"""For a browser: whatever it does is of the moment in which the page was opened, ``passed`` milliseconds later."""


def settled(page: Page) -> None:
    """Its letters have come, and what they and a new size moved stands where it stays."""
    page.evaluate(
        """() => document.fonts.ready.then(
          () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))"""
    )


def take_time(page: Page) -> None:
    """Until the page is two seconds old: nobody fills in a form in less."""
    age = page.evaluate('() => performance.now() - performance.getEntriesByType("navigation")[0].responseEnd')
    page.wait_for_timeout(max(0, 2050 - float(age)))


def open_to_all(chief: Page) -> None:
    """Whoever runs the desk lets people without an account report."""
    chief.goto("/settings/reporting/")
    chief.check("[name=open_to_all]")
    press(chief.locator("#main form button.main"))
    expect(chief.locator("#main .notice.act .figure")).to_be_visible()  # where they may: the desk has it


def come_anew(wire: CDPSession) -> None:
    """As who opens a page for the first time: nothing in store, no worker between, which hands pages on unpacked."""
    wire.send("Network.enable")
    wire.send("Network.clearBrowserCache")
    wire.send("Network.setBypassServiceWorker", {"bypass": True})


def weight(page: Page) -> tuple[int, int]:
    """Bytes on their way, compressed as they came, whether the browser kept them or not: of the page with all it needs
    but the font, and of the parts of the font that it shows.
    """
    found = page.evaluate(
        """async () => {
          await document.fonts.ready;
          return [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
            .map((one) => [one.name.includes(".woff2"), one.encodedBodySize]);
        }"""
    )
    font = sum(size for is_font, size in found if is_font)
    return sum(size for _is_font, size in found) - font, font


def overflow(page: Page) -> list[str]:
    """What sticks out to the right of the page, if anything does."""
    return list(
        page.evaluate(
            """() => {
              const wide = document.documentElement.clientWidth;
              if (document.documentElement.scrollWidth <= wide) return [];
              return [...document.querySelectorAll("body *")]
                .filter((one) => one.getBoundingClientRect().right > wide + 1)
                .slice(0, 5).map((one) => one.outerHTML.slice(0, 160));
            }"""
        )
    )


GRAVE = """async (only) => {
  const asked = (rule) => rule.enabled && !rule.tags.some((tag) => axe._audit.tagExclude.includes(tag));
  const grave = (rule) => asked(rule) && !["minor", "moderate"].includes(rule.impact);
  const runOnly = only.length ? only : axe._audit.rules.filter(grave).map((rule) => rule.id);
  return (await axe.run({ runOnly, resultTypes: ["violations"] })).violations;
}"""
"""A rule's own impact stands above that of its checks: one that is never grave is not asked."""


def barriers(page: Page, *, only: tuple[str, ...] = ()) -> list[str]:
    """What axe finds that shuts people out, by all its rules that can find such or by ``only`` these. Half its time
    goes into reading it: who asks about many pages gives it to the browser once (``with_axe``).
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    return [
        f"{one['id']}: {json.dumps([node['html'][:140] for node in one['nodes'][:3]])}"
        for one in page.evaluate(GRAVE, list(only))
        if one["impact"] in {"serious", "critical"}
    ]


RINGED = """(selector) => {
  const one = document.activeElement, around = [one, one.closest("label") ?? one].map((at) => getComputedStyle(at));
  const ring = (style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  return {
    there: one.matches(selector),
    what: one.outerHTML.slice(0, 120),
    ring: one === document.body || [...around, getComputedStyle(one, "::after")].some(ring),
  };
}"""


def tab_to(page: Page, selector: str, limit: int = 60) -> None:
    """Every stop on the way must have a ring around it."""
    for _step in range(limit):
        page.keyboard.press("Tab")
        seen = page.evaluate(RINGED, selector)
        assert seen["ring"], f"no ring around {seen['what']}"
        if seen["there"]:
            return
    raise AssertionError(f"the keyboard does not come to {selector}")


def whole(page: Page) -> None:
    """Nothing sticks out, nobody is shut out."""
    faults = [*overflow(page), *barriers(page)]
    assert faults == [], faults


def with_axe(page: Page) -> Page:
    page.context.add_init_script(path=AXE)
    return page

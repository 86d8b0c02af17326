"""Every page, in both languages, on a desk and on a telephone, in light and in dark."""

import re
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po
from playwright.sync_api import Page, expect

from tests.browser.cast import CAST
from tests.browser.keyboard import faults_by_keyboard
from tests.browser.people import NARROW, WIDE, Desk, Window, barriers, come_anew, overflow, settled, weight, with_axe
from tests.running import eventually

HEAVIEST = 285_000  # bytes on their way to who never was here before, the font too
NAMES = {"Administrator", "Hikeshi", "English"}  # the first user, the first organisation, a language by its own name
CATALOGUE = Path(__file__).parents[2] / "src/hikeshi/locale/ja/LC_MESSAGES/django.po"
ROOM_ACTS = ("edit", "kind", "classify", "priority", "marking", "restrict", "move", "finish/detect", "skip/recover")
ROOM_ACTS += ("confirm/spread_stopped", "close", "assign", "add-person", "note", "add-task", "add-link")
ROOM_ACTS += ("set-fact/what", "set-moment/occurred", "merge", "split", "put-under")
# The language's own name, what this story wrote, and people by their names.
WRITTEN = {"日本語", "全画面の確認", "終わった記録", *(name for _role, name, _language in CAST.values())}

NEWER = (
    "/oncall/",
    "/oncall/calendars",
    "/oncall/new",
    "/load/",
    "/contacts/",
    "/contacts/outside/public/",
    "/contacts/staff/",
    "/account/ways",
)
NEWER += (
    "/account/push",
    "/settings/escalation/",
    "/settings/escalation/new",
    "/settings/canary/",
    "/settings/chat/new",
    "/settings/mailboxes/",
    "/settings/mailboxes/new",
)
NEWER += ("/incidents/filter", "/incidents/filters/", "/go/", "/alerts/silences/", "/alerts/silences/new")
NEWER += ("/alerts/inhibitions/", "/alerts/inhibitions/new", "/alerts/benign/", "/alerts/benign/new")
NEWER += ("/board/", "/board/?by=owner", "/calendar/", "/calendar/?as=list", "/figures/", "/figures/?wall=1")
NEWER += ("/outages/", "/executive/", "/alerts/noise/", "/alerts/gathered/", "/settings/forms/")
NEWER += ("/settings/forms/new",)
NEWER += ("/gantt/", "/gantt/milestones/", "/assets/indicators/", "/alerts/flapping", "/settings/answers/")
NEWER += ("/settings/channels/", "/settings/messages/", "/settings/service-levels/", "/settings/load/", "/help/")
"""Loaded in the dark alone and looked at in both sizes there: to load a page is what costs."""
COLOURS = ("color-contrast", "link-in-text-block")
"""The rules of axe that ask about colours: in light and in dark all others see the same page."""

_LATIN = re.compile("[A-Za-z]{2}")  # nothing is English without; nearly all that stands on a page has none
_WRITTEN = re.compile("|".join(re.escape(one) for one in sorted(WRITTEN, key=len, reverse=True)))


def addresses(desk: Desk) -> list[str]:
    """Addresses of a desk on which something happened."""
    ref = desk.incident("全画面の確認", description="**太字** と `コード`")
    closed = desk.incident("終わった記録", kind="request", record_class="request")
    desk.site.post(
        f"/api/v1/incidents/{closed}/close",
        {"resolution": "済", "class": "request", "override_reason": "確認"},
        token=desk.api,
    )
    for path, body in (("note", {"text": "- 一つ\n- 二つ\n\n> 引用"}), ("assign", {"owner": "nagai"})):
        assert desk.site.post(f"/api/v1/incidents/{ref}/{path}", body, token=desk.api).status < 300
    desk.send("generic", {"title": "page check", "severity": "medium", "host": "SV-PAGE", "user": "sato"})
    found = "/api/v1/alerts?q=SV-PAGE"
    alert = eventually(lambda: desk.site.get(found, token=desk.api).json()["items"])[0]["uuid"]
    room = f"/incidents/{ref}/"
    return [
        "/",
        "/incidents/",
        "/incidents/?status=all&q=nothing-like-this",
        "/incidents/new",
        "/incidents/break-glass",
        room,
        f"{room}timeline",
        f"/incidents/{closed}/",
        *(room + name for name in ROOM_ACTS),
        "/search/",
        "/search/?q=SV-PAGE",
        "/search/?q=nothing-like-this",
        "/settings/synonyms/",
        "/alerts/",
        "/alerts/?stand=all",
        f"/alerts/{alert}/",
        f"/alerts/{alert}/raw",
        f"/alerts/{alert}/correct",
        f"/alerts/open?alert={alert}",
        f"/alerts/attach?alert={alert}",
        "/alerts/parked/",
        "/account/",
        "/account/preferences",
        "/account/password",
        "/account/sessions",
        "/account/tokens/new",
        "/account/second-factor",
        "/rules/",
        "/rules/new",
        "/rules/ransomware",
        "/assets/",
        "/assets/new",
        "/assets/import",
        "/phone/",
        "/settings/",
        "/settings/site/",
        "/settings/calendars/",
        "/settings/reporting/",
        "/settings/retention/",
        "/settings/people/",
        "/settings/people/new",
        "/settings/roles/",
        "/settings/organisations/",
        "/settings/tokens/",
        "/settings/tokens/new",
        "/settings/sources/",
        "/incidents/INC-2026-9999/",
        "/sign-out",
    ]


@cache
def _english() -> tuple[frozenset[str], list[re.Pattern[str]]]:
    """Everything the product says in English where its Japanese is another: whole, and around its placeholders."""
    with CATALOGUE.open("rb") as file:
        said = {str(one.id): str(one.string) for one in read_po(file, locale="ja") if one.id}
    assert len(said) > 500
    other = [text for text, ja in said.items() if ja != text and len(re.sub(r"%\(\w+\)s|\W", "", text)) > 3]
    formed = [text for text in other if "%(" in text]
    forms = [re.compile(re.sub(r"%\\?\(\w+\\?\)s", ".+?", re.escape(text))) for text in formed]
    return frozenset(other) - frozenset(formed), forms


@cache
def _says_in_english(text: str) -> bool:
    """What stands on every page is asked once."""
    if not _LATIN.search(text):
        return False
    whole, forms = _english()
    return text not in NAMES and (text in whole or any(form.fullmatch(text) for form in forms))


def _texts(page: Page) -> list[str]:
    """What the page itself says, to eyes and to readers' software; not what people and machines wrote into it."""
    return list(
        page.evaluate(
            """() => {
              const said = [], own = "bdi, code, pre, .mono, [lang=en], .written, textarea, script, option";
              const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
              while (walk.nextNode()) {
                const at = walk.currentNode.parentElement;
                if (!at.closest(own) && walk.currentNode.data.trim()) said.push(walk.currentNode.data.trim());
              }
              for (const one of document.querySelectorAll("[aria-label], [title], [placeholder], [alt]"))
                if (!one.closest(own)) for (const name of ["aria-label", "title", "placeholder", "alt"])
                  if (one.getAttribute(name)) said.push(one.getAttribute(name).trim());
              for (const one of document.querySelectorAll("option")) said.push(one.textContent.trim());
              return said;
            }"""
        )
    )


def faults_of(window: Window, pages: list[str], language: str, size: tuple[int, int], *, dark: bool) -> list[str]:
    """No sideways scroll, no page too heavy, nothing serious in axe, no word in the wrong language, no complaint. The
    colours are asked about in light and in dark, whichever it was loaded in; what is loaded in the dark is gone through
    by Tab as well.
    """
    page = with_axe(_in_language(window.open("admin", size=size, dark=dark), language))
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.send("Network.setCacheDisabled", {"cacheDisabled": True})  # else it names the font's parts of pages before too
    faults: list[str] = []
    room = next(path for path in pages if re.fullmatch(r"/incidents/[A-Z]+-\d+-\d+/", path))
    for path in [*pages, *(NEWER if dark else ())]:
        if dark:
            come_anew(wire)
        page.goto(path)
        expect(page.locator("#main")).to_be_visible()
        found = [f"sticks out: {one}" for one in overflow(page)]
        if dark:  # in one form: who comes for the first time has nothing in store
            found += _too_heavy(page)
        found += [f"shuts out: {one}" for one in barriers(page)]
        found += _foreign(page, language)
        found += _in_other_light(page, size, dark=dark, resized=path in NEWER)
        found += faults_by_keyboard(page, whole=path in {"/", room}) if dark else []
        faults += [f"{path} {one}" for one in found]
    return faults


def _in_language(page: Page, language: str) -> Page:
    if page.locator("html").get_attribute("lang") != language:
        page.locator(f"#menu [name=language][value={language}]").evaluate("one => one.click()")
        expect(page.locator("html")).to_have_attribute("lang", language)
    return page


def _too_heavy(page: Page) -> list[str]:
    said = weight(page)
    return [f"weighs {said[0]:,} bytes and {said[1]:,} of font"] if sum(said) > HEAVIEST else []


def _foreign(page: Page, language: str) -> list[str]:
    if language == "ja":
        return [f"says in English: {text}" for text in _texts(page) if _says_in_english(text)]
    own = [text for text in _texts(page) if re.search(r"[\u3040-\u30ff]", _WRITTEN.sub("", text))]
    return [f"says in Japanese: {text}" for text in own]


def _in_other_light(page: Page, size: tuple[int, int], *, dark: bool, resized: bool) -> list[str]:
    """The page that is open, in the other theme, and if ``resized`` in the other size too; then as it was."""
    found: list[str] = []
    if resized:
        width, height = WIDE if size == NARROW else NARROW
        page.set_viewport_size({"width": width, "height": height})
        settled(page)
        found += [f"sticks out at {width}: {one}" for one in overflow(page)]
        found += [f"shuts out at {width}: {one}" for one in barriers(page)]
        page.set_viewport_size({"width": size[0], "height": size[1]})
        settled(page)
    page.emulate_media(color_scheme="light" if dark else "dark")
    found += [f"shuts out in the other theme: {one}" for one in barriers(page, only=COLOURS)]
    page.emulate_media(color_scheme="dark" if dark else "light")
    return found

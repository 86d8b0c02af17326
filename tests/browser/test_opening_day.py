"""The first day of a newcomer, from the guide alone: detectors, a rule, a report by telephone, an incident, its PDF."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.people import NARROW, Desk, Window, act, open_to_all, press, send, sheet, take_time
from tests.running import eventually

SOURCES = Path(__file__).parents[2] / "src/hikeshi/intake/sources"
COURSE = ("analyse", "contain", "eradicate", "recover")


def _recorded(source: str, file: str, *swaps: tuple[str, str]) -> bytes:
    """A body as its maker sends it; some words exchanged, so that it is an alert of its own."""
    text = (SOURCES / source / "samples" / file).read_text(encoding="utf-8")
    for old, new in swaps:
        assert old in text
        text = text.replace(old, new)
    return text.encode()


def _connected(page: Page, source: str) -> str:
    """The token, taken from the source's own page."""
    page.goto("/settings/sources/")
    press(page.locator(f"#main a[href$='/sources/{source}/']"))
    press(page.locator("#main a[href*='/tokens/new']"))
    expect(page.locator("[name=source]")).to_have_value(source)
    press(page.locator("#main form button.main"))
    return page.locator("code.secret").inner_text()


def _ruled(page: Page, code: str, word: str) -> None:
    """A rule that opens a ransomware incident, written as lines, tried, saved and switched on."""
    page.goto("/rules/")
    press(page.locator("a[href='/rules/new']"))
    page.fill("[name=line-0-field]", "finding_info.title")
    page.select_option("[name=line-0-operator]", "contains")
    page.fill("[name=line-0-values]", word)
    page.check("[name=verdict][value=open]")
    page.select_option("[name=kind]", "service_outage")
    for name in ("reason_ja", "reason_en", "title_ja", "title_en"):
        page.fill(f"[name={name}]", f"{word} {name}")
    page.fill("[name=rank]", "300")
    page.fill("[name=code]", code)
    press(page.locator(".sticky-acts button[value=try]"))
    expect(page.locator("#trial")).to_be_visible()
    press(page.locator(".sticky-acts button.main"))
    press(page.locator("#main a[href$='/on']"))
    press(page.locator("#main form button.main"))
    expect(page.locator("#main .badge.act").first).to_be_visible()


def _reported(window: Window, what: str, language: str) -> str:
    phone = window.open(size=NARROW, language="ja" if language == "ja" else "en")
    phone.goto("/report/")
    phone.fill("[name=what]", what)
    phone.check("[name=did][value=opened]")
    take_time(phone)
    press(phone.locator("#report button.main"))
    return phone.locator(".slip .figure").inner_text()


def _handled(page: Page, other: Page, ref: str) -> None:
    """By two people, since two must say that the cause is gone; what a gate asks for is there before it is asked."""
    room = f"/incidents/{ref}/"
    page.goto(room)
    press(page.locator("form[action$='/take'] button:visible"))
    act(page, "kind")
    sheet(page).locator("[name=kind]").select_option("malware")
    send(page)
    for phase in COURSE:
        for gate in {"eradicate": ("spread_stopped", "evidence_taken"), "recover": ("cause_removed",)}.get(phase, ()):
            act(page, f"confirm/{gate}")
            send(page)
        if phase == "recover":
            other.goto(room)
            act(other, "confirm/cause_removed")
            send(other)
            page.reload()
        act(page, f"move/{phase}")
        send(page)
    act(page, "confirm/recovery_checked")
    send(page)
    act(page, "finish/recover")
    send(page)
    act(page, "close")
    sheet(page).locator("[name=resolution]").fill("clean / 駆除済み")
    sheet(page).locator("[name=record_class][value=event]").check()
    send(page)
    expect(page.locator("#head .badge.over")).to_be_visible()


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_newcomer_goes_from_an_empty_desk_to_the_managers_report(desk: Desk, window: Window, language: str) -> None:
    chief = window.open("kanri")
    other = window.open("shirei")
    chief.locator(f"#menu [name=language][value={language}]").evaluate("one => one.click()")
    expect(chief.locator("html")).to_have_attribute("lang", language)
    chief.goto("/help/")
    press(chief.locator(".guide a[href='connect']"))
    expect(chief.locator(".guide")).to_contain_text("/intake/v1/alertmanager")

    word, host = f"DiskOfDay{language}", f"EDR-{language.upper()}"
    alertmanager, edr = _connected(chief, "alertmanager"), _connected(chief, "crowdstrike")
    body = _recorded("alertmanager", "webhook_v4_single_firing.json")
    name = json.loads(body)["alerts"][0]["labels"]["alertname"]
    body = body.replace(name.encode(), word.encode())
    assert desk.site.post("/intake/v1/alertmanager", body, token=alertmanager).status == 202
    edr_body = _recorded("crowdstrike", "detection_summary_flat.json")
    assert desk.site.post("/intake/v1/crowdstrike", edr_body, token=edr).status == 202
    for text in (word, "pup"):
        eventually(lambda text=text: desk.site.get(f"/api/v1/alerts?q={text}", token=desk.api).json()["items"])
    chief.goto(f"/alerts/?stand=all&q={word}")
    expect(chief.locator("#alert-rows")).to_contain_text(word)
    chief.goto("/alerts/?stand=all&q=pup")
    expect(chief.locator("#alert-rows")).to_contain_text("CrowdStrike")

    _ruled(chief, f"of_the_day_{language}", word)
    again = body.replace(word.encode(), f"{word}2".encode())
    assert desk.site.post("/intake/v1/alertmanager", again, token=alertmanager).status == 202
    chief.goto(f"/incidents/?q={word}2")
    expect(chief.locator("#incident-rows")).to_contain_text(f"{word}2")

    open_to_all(chief)
    ref = _reported(window, f"{host} shows a red window / 赤い画面", language)
    _handled(chief, other, ref)

    chief.goto(f"/incidents/{ref}/report")
    with chief.expect_download() as file:
        press(chief.locator(f"a[href*='report.pdf?lang={language}'], a[href*='pdf'][href*='lang={language}']"))
    assert Path(file.value.path()).read_bytes().startswith(b"%PDF")
    assert re.search(rf"{ref}.*\.pdf$", file.value.suggested_filename)

"""A day of those whom no other story follows: the manager, the auditor, the administrator, the analyst on the way."""

import re
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from tests.browser.people import NARROW, WIDE, Desk, Window, act, barriers, overflow, press, send, sheet
from tests.running import eventually

Language = Literal["ja", "en"]


def _whole(page: Page) -> None:
    assert overflow(page) == []
    assert barriers(page) == []


@pytest.mark.parametrize(
    ("who", "language", "size"),
    [("kanbu", "ja", NARROW), ("beth", "en", WIDE)],
)
def test_a_manager_sees_what_burns_and_takes_the_decision_that_is_wanted(
    desk: Desk, window: Window, who: str, language: Language, size: tuple[int, int]
) -> None:
    grave = {"impact": 1, "effect": 1, "urgency": 1, "record_class": "incident"}
    ref = desk.incident(f"基幹システムの停止 {who}", **grave)
    chief, page = window.open("shirei"), window.open(who, language=language, size=size)
    page.goto("/executive/")
    expect(page.locator(f"#burns-{ref}")).to_be_visible()
    chief.goto(f"/incidents/{ref}/")
    act(chief, "ask-decision")
    sheet(chief).locator("[name=question]").fill("回線を切るか")
    sheet(chief).locator("[name=options]").fill("切る\n切らない")
    send(chief)
    wanted = page.locator("#situation .asks li", has_text="回線を切るか").filter(has_text=ref)
    expect(wanted).to_be_visible()
    _whole(page)
    press(wanted.locator("a.main"))
    sheet(page).get_by_label("切る", exact=True).check()
    sheet(page).locator("[name=reason]").fill("被害の拡大を防ぐ")
    press(sheet(page).locator("button.main"))
    page.wait_for_url(f"**/incidents/{ref}/")
    expect(chief.locator("#decisions .met")).to_contain_text("被害の拡大を防ぐ")
    page.goto("/executive/")
    expect(page.locator("#situation .asks li", has_text=ref)).to_have_count(0)
    page.goto("/figures/")
    expect(page.locator("#main h1")).to_be_visible()
    _whole(page)
    assert page.request.get("/settings/people/new").status == 403


@pytest.mark.parametrize(("who", "language", "size"), [("kansa", "ja", WIDE), ("alan", "en", NARROW)])
def test_an_auditor_reads_the_record_and_its_report_and_changes_nothing(
    desk: Desk, window: Window, who: str, language: Language, size: tuple[int, int]
) -> None:
    ref = desk.incident(f"監査の対象 {who}")
    page = window.open(who, language=language, size=size)
    page.goto(f"/incidents/?status=all&q=監査の対象 {who}")
    press(page.locator("#incident-rows a.title", has_text=f"監査の対象 {who}"))
    page.wait_for_url(f"**/incidents/{ref}/")
    assert page.locator("#main a[href$='/move/analyse'], #main form[action$='/take']").count() == 0
    page.goto(f"/incidents/{ref}/timeline")
    expect(page.locator("#timeline")).to_be_visible()
    _whole(page)
    page.goto(f"/incidents/{ref}/report")
    with page.expect_download() as file:
        press(page.locator(f"a[href*='pdf'][href*='lang={language}']"))
    assert re.search(rf"{ref}.*\.pdf$", file.value.suggested_filename)
    for path in ("/alerts/", "/gantt/", "/board/", "/calendar/"):
        page.goto(path)
        expect(page.locator("#main h1")).to_be_visible()
        assert page.locator(".slip[data-card], .event[data-move], .bar.movable").count() == 0, path
        assert overflow(page) == [], path


@pytest.mark.parametrize(("language", "size"), [("ja", WIDE), ("en", NARROW)])
def test_an_administrator_brings_in_a_newcomer_who_chooses_a_password_and_works(
    desk: Desk, window: Window, language: Language, size: tuple[int, int]
) -> None:
    page = window.open("kanri", size=size)
    if page.locator("html").get_attribute("lang") != language:
        page.locator(f"#menu [name=language][value={language}]").evaluate("one => one.click()")
        expect(page.locator("html")).to_have_attribute("lang", language)
    page.goto("/settings/people/new")
    page.fill("#main [name=username]", f"newcomer-{language}")
    page.fill("#main [name=name]", "新人 一年" if language == "ja" else "Nora New")
    page.select_option("#main [name=language]", language)
    press(page.locator("#main form[data-draft] button.main"))
    page.wait_for_url(lambda url: not url.endswith("/new"))
    grant = page.locator("#main form[action$='/grant']")
    grant.locator("[name=role]").select_option("responder")
    press(grant.locator("button"))
    expect(page.locator("#main form[action*='/revoke/responder/']")).to_be_visible()
    _whole(page)
    press(page.locator("#main form[action$='/invite'] button"))
    link = page.locator("code.secret").inner_text()

    own = window.open(language=language, size=size)
    own.goto(link)
    for box in own.locator("[type=password]").all():
        box.fill("a password that nobody guesses 7")
    press(own.locator("form button.main"))
    own.goto("/sign-in/")
    if own.locator("[name=password]").count():
        own.fill("[name=login]", f"newcomer-{language}")
        own.fill("[name=password]", "a password that nobody guesses 7")
        press(own.locator("form:has([name=password]) button.main"))
    own.goto("/incidents/new")
    expect(own.locator("html")).to_have_attribute("lang", language)
    expect(own.locator("#main [name=title]")).to_be_visible()
    _whole(own)


@pytest.mark.parametrize(("who", "language", "size"), [("kanshi", "ja", NARROW), ("wright", "en", NARROW)])
def test_an_analyst_on_the_way_makes_an_incident_of_an_alert_and_takes_it(
    desk: Desk, window: Window, who: str, language: Language, size: tuple[int, int]
) -> None:
    host = f"SV-DAY-{who.upper()}"
    desk.send("generic", {"title": f"Odd sign-in on {host}", "severity": "low", "host": host})
    eventually(lambda: desk.site.get(f"/api/v1/alerts?q={host}", token=desk.api).json()["items"])
    page = window.open(who, language=language, size=size)
    page.goto(f"/alerts/?stand=all&q={host}")
    press(page.locator("#alert-rows a.title", has_text=host))
    page.wait_for_url("**/alerts/*-*/")
    _whole(page)
    press(page.locator("#main a[href*='/alerts/open']"))
    sheet(page).locator("[name=kind]").select_option("other")
    press(sheet(page).locator("button.main"))
    page.wait_for_url("**/incidents/INC-*/")
    press(page.locator("#thumb form button"))
    expect(page.locator("#thumb form[action$='/take']")).to_have_count(0)
    press(page.locator("#thumb [data-tab-link]"))
    page.fill("#note-text", "Asked the owner of the machine")
    press(page.locator("form.write button.main"))
    expect(page.locator("#timeline")).to_contain_text("Asked the owner of the machine")
    _whole(page)

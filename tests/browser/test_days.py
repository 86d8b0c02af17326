"""A day of each kind of user, in both languages, on a desk and on a telephone; whose is where: `days.DAYS`."""

import re
import zipfile
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.days import each_day
from tests.browser.people import (
    NARROW,
    Desk,
    Language,
    Window,
    act,
    choose,
    overflow,
    press,
    send,
    sheet,
    take_time,
    whole,
)
from tests.running import eventually


@each_day("kanbu", "beth")
def test_a_manager_sees_what_burns_and_takes_the_decision_that_is_wanted(
    desk: Desk, window: Window, who: str, language: Language, size: tuple[int, int]
) -> None:
    grave = {"impact": 1, "effect": 1, "urgency": 1, "record_class": "incident"}
    ref = desk.incident(f"基幹システムの停止 {who} {size[0]}", **grave)
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
    whole(page)
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
    whole(page)
    assert page.request.get("/settings/people/new").status == 403


@each_day("kansa", "alan")
def test_an_auditor_reads_the_record_and_its_report_and_changes_nothing(
    desk: Desk, window: Window, who: str, language: Language, size: tuple[int, int]
) -> None:
    ref = desk.incident(f"監査の対象 {who} {size[0]}")
    page = window.open(who, language=language, size=size)
    page.goto(f"/incidents/?status=all&q=監査の対象 {who} {size[0]}")
    press(page.locator("#incident-rows a.title", has_text=f"監査の対象 {who} {size[0]}"))
    page.wait_for_url(f"**/incidents/{ref}/")
    assert page.locator("#main a[href$='/move/analyse'], #main form[action$='/take']").count() == 0
    page.goto(f"/incidents/{ref}/timeline")
    expect(page.locator("#timeline")).to_be_visible()
    whole(page)
    page.goto(f"/incidents/{ref}/report")
    with page.expect_download() as file:
        press(page.locator(f"a[href*='pdf'][href*='lang={language}']"))
    assert re.search(rf"{ref}.*\.pdf$", file.value.suggested_filename)
    for path in ("/alerts/", "/gantt/", "/board/", "/calendar/"):
        page.goto(path)
        expect(page.locator("#main h1")).to_be_visible()
        assert page.locator(".slip[data-card], .event[data-move], .bar.movable").count() == 0, path
        assert overflow(page) == [], path


@each_day("zaikan", "anna")
def test_an_administrator_brings_in_a_newcomer_who_chooses_a_password_and_works(
    desk: Desk, window: Window, who: str, language: Language, size: tuple[int, int]
) -> None:
    page = window.open(who, language=language, size=size)
    username = f"newcomer-{language}-{size[0]}"
    page.goto("/settings/people/new")
    page.fill("#main [name=username]", username)
    page.fill("#main [name=name]", "新人 一年" if language == "ja" else "Nora New")
    page.select_option("#main [name=language]", language)
    press(page.locator("#main form[data-draft] button.main"))
    page.wait_for_url(lambda url: not url.endswith("/new"))
    grant = page.locator("#main form[action$='/grant']")
    grant.locator("[name=role]").select_option("responder")
    press(grant.locator("button"))
    expect(page.locator("#main form[action*='/revoke/responder/']")).to_be_visible()
    whole(page)
    press(page.locator("#main form[action$='/invite'] button"))
    link = page.locator("code.secret").inner_text()

    own = window.open(language=language, size=size)
    own.goto(link)
    for box in own.locator("[type=password]").all():
        box.fill("a password that nobody guesses 7")
    press(own.locator("form button.main"))
    own.wait_for_url("**/sign-in/**")
    own.fill("[name=login]", username)
    own.fill("[name=password]", "a password that nobody guesses 7")
    press(own.locator("form:has([name=password]) button.main"))
    expect(own.locator("[name=password]")).to_have_count(0)
    own.goto("/incidents/new")
    expect(own.locator("html")).to_have_attribute("lang", language)
    expect(own.locator("#main [name=title]")).to_be_visible()
    whole(own)


@each_day("kansa2", "alan")
def test_an_auditor_takes_a_record_along_and_checks_it_against_the_ledger(
    desk: Desk, window: Window, tmp_path: Path, who: str, language: Language, size: tuple[int, int]
) -> None:
    ref = desk.incident(f"持ち出して確かめる {who} {size[0]}")
    page = window.open(who, language=language, size=size)
    page.goto(f"/incidents/{ref}/")
    if size == NARROW:
        press(page.locator(".room-tabs a[href='#ties']"))
    press(page.locator("#files a[href$='/files']:visible"))
    expect(page.locator(f"a[href$='/{ref}/export.zip']")).to_be_visible()
    whole(page)
    with page.expect_download() as file:
        press(page.locator(f"a[href$='/{ref}/export.zip']"))
    taken = tmp_path / file.value.suggested_filename
    file.value.save_as(taken)
    said = desk.site.run("verify", "--extract", str(taken))
    assert (said.returncode, ref in said.stdout) == (0, True), said.stdout
    changed = tmp_path / "changed.zip"
    with zipfile.ZipFile(taken) as whole_one, zipfile.ZipFile(changed, "w") as other:
        for name in whole_one.namelist():
            body = whole_one.read(name)
            other.writestr(name, body.replace(ref.encode(), b"INC-2026-9999") if name == "record.json" else body)
    assert desk.site.run("verify", "--extract", str(changed), check=False).returncode == 1
    page.goto(f"/incidents/{ref}/timeline")
    name = {"ja": "監査 四郎", "en": "Alan Audit"}[language]
    expect(page.locator("#timeline")).to_contain_text(name)


@each_day("miharu", "wanda")
def test_an_analyst_makes_an_incident_of_an_alert_contains_it_and_closes_it_with_a_report(
    desk: Desk, window: Window, who: str, language: Language, size: tuple[int, int]
) -> None:
    host = f"SV-{who.upper()}-{size[0]}"
    desk.send("generic", {"title": f"Odd sign-in on {host}", "severity": "low", "host": host})
    eventually(lambda: desk.site.get(f"/api/v1/alerts?q={host}", token=desk.api).json()["items"])
    page = window.open(who, language=language, size=size)
    page.goto(f"/alerts/?stand=all&q={host}")
    press(page.locator("#alert-rows a.title", has_text=host))
    page.wait_for_url("**/alerts/*-*/")
    whole(page)
    press(page.locator("#main a[href*='/alerts/open']"))
    sheet(page).locator("[name=kind]").select_option("malware")
    press(sheet(page).locator("button.main"))
    page.wait_for_url("**/incidents/INC-*/")
    ref = page.url.split("/incidents/")[1].strip("/")
    press(page.locator("form[action$='/take'] button:visible"))
    expect(page.locator("form[action$='/take']:visible")).to_have_count(0)
    if size == NARROW:
        press(page.locator("#thumb [data-tab-link]"))
    page.fill("#note-text", "Asked the owner of the machine")
    press(page.locator("form.write button.main"))
    expect(page.locator("#timeline")).to_contain_text("Asked the owner of the machine")
    whole(page)
    for phase in ("analyse", "contain"):
        act(page, f"move/{phase}")
        send(page)
    act(page, "close")
    sheet(page).locator("[name=resolution]").fill("A colleague on a journey / 出張中の社員でした")
    sheet(page).locator("[name=record_class][value=event]").check()
    if sheet(page).locator("[name=override_reason]").count():
        sheet(page).locator("[name=override_reason]").fill("Nothing to eradicate")
    send(page)
    expect(page.locator("#head .badge.over")).to_be_visible()
    page.goto(f"/incidents/{ref}/report")
    with page.expect_download() as file:
        press(page.locator(f"a[href*='pdf'][href*='lang={language}']"))
    assert re.search(rf"{ref}.*\.pdf$", file.value.suggested_filename)


@each_day("shain", "emma")
def test_an_employee_asks_reads_the_answer_in_plain_words_and_says_how_it_was(
    window: Window, who: str, language: Language, size: tuple[int, int]
) -> None:
    page = window.open(who, language=language, size=size)
    page.goto("/report/request")
    expect(page.locator("html")).to_have_attribute("lang", language)
    page.fill("[name=what]", f"共有の宛先を増やしてください / one more address, please ({who} {size[0]})")
    whole(page)
    take_time(page)
    press(page.locator("#report button.main"))
    expect(page.locator("#report")).to_have_count(0)
    page.goto("/report/mine")
    press(page.locator(".own-reports a", has_text=f"({who} {size[0]})"))
    ref = page.locator("#main h1 .figure").inner_text()
    expect(page.locator(".standing")).to_be_visible()
    expect(page.locator(".taps")).to_have_count(0)

    chief = window.open("shirei")
    chief.goto(f"/incidents/{ref}/")
    act(chief, "reply")
    sheet(chief).locator("[name=text]").fill("増やしました。 / It is there.")
    sheet(chief).locator("[name=sort][value=closing]").check()
    send(chief)
    expect(chief.locator("#head .badge.over")).to_be_visible()

    page.reload()
    expect(page.locator(".talk .ours")).to_contain_text("It is there.")
    whole(page)
    page.fill("[name=words]", f"早かった {size[0]}")
    press(page.locator(".taps button[value='5']"))
    expect(page.locator("#main")).to_contain_text({"ja": "早かった", "en": "Your rating:"}[language])
    expect(page.locator(".taps button.main")).to_have_attribute("value", "5")
    chief.reload()
    expect(chief.locator("#talk")).to_contain_text(f"早かった {size[0]}")
    assert page.request.get(f"/incidents/{ref}/").status in {403, 404}, "the desk's own pages are not for reporters"


@each_day("shirei", "planner")
def test_whoever_leads_hands_out_work_goes_on_and_hands_over_with_a_note(
    desk: Desk, window: Window, who: str, language: Language, size: tuple[int, int]
) -> None:
    ref = desk.incident(f"交替の夜 {who} {size[0]}")
    page, helper = window.open(who, language=language, size=size), window.open("wanda", language="en")
    for one in (page, helper):
        one.goto(f"/incidents/{ref}/")
    press(page.locator("form[action$='/take'] button:visible"))
    expect(page.locator("form[action$='/take']:visible")).to_have_count(0)
    act(page, "add-task")
    sheet(page).locator("[name=title]").fill("入口を閉じる / Close the door")
    send(page)
    task = helper.locator("#tasks li", has_text="Close the door")
    press(task.locator("form[action*='/take-task/'] button"))
    press(task.locator("button.tick"))
    expect(page.locator("#tasks li.done")).to_have_count(1)
    act(page, "move/analyse")
    send(page)
    whole(page)
    act(page, "assign")
    choose(sheet(page).locator("[name=owner]"), "Wanda Watch")
    sheet(page).locator("[name=note]").fill("朝まで頼みます / Yours until the morning")
    send(page)
    expect(helper.locator("#head")).to_contain_text("Wanda Watch")
    expect(helper.locator("#timeline")).to_contain_text("Yours until the morning")


@each_day("shirei", "planner")
def test_who_must_know_works_in_a_restricted_record_and_a_colleague_finds_nothing_of_it(
    desk: Desk, window: Window, who: str, language: Language, size: tuple[int, int]
) -> None:
    title = f"内部調査 {who} {size[0]}"
    ref = desk.incident(title, kind="insider")
    lead, member = window.open(who, language=language), window.open("helen", language="en", size=size)
    lead.goto(f"/incidents/{ref}/")
    act(lead, "restrict")
    sheet(lead).locator("[name=reason]").fill("必要な者だけで進める")
    send(lead)
    assert member.request.get(f"/incidents/{ref}/").status == 404
    act(lead, "add-person")
    choose(sheet(lead).locator("[name=person]"), "Helen Ward")
    send(lead)
    member.goto(f"/incidents/{ref}/")
    expect(member.locator("#head .badge.warn").first).to_be_visible()
    if size == NARROW:
        press(member.locator("#thumb [data-tab-link]"))
    member.fill("#note-text", f"Seen the door log {size[0]}")
    press(member.locator("form.write button.main"))
    expect(lead.locator("#timeline")).to_contain_text(f"Seen the door log {size[0]}")
    whole(member)
    stranger = window.open("wanda", size=size)
    for path in (f"/incidents/?status=all&q={title}", f"/search/?q={title}"):
        stranger.goto(path)
        assert stranger.locator(f"#main a[href*='{ref}']").count() == 0, path
    assert stranger.request.get(f"/incidents/{ref}/").status == 404

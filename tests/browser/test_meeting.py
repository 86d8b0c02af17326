"""Where people meet: two write the same text, some may not know, a stranger types something hostile."""

from playwright.sync_api import Page, Route, expect

from tests.browser.cast import HOSTILE
from tests.browser.people import Desk, Window, act, overflow, press, send, sheet


def test_two_people_who_edit_the_same_text_both_see_both_texts_and_lose_neither(desk: Desk, window: Window) -> None:
    ref = desk.incident("誤送信の調査")
    kaku, wright = window.open("kaku"), window.open("wright", language="en")
    for page in (kaku, wright):
        page.goto(f"/incidents/{ref}/")
        act(page, "edit")
    expect(wright.locator("#present")).to_contain_text("書く人")
    sheet(wright).locator("[name=description]").fill("Sent to 12 customers.")
    sheet(kaku).locator("[name=description]").fill("顧客12名に送った。")
    send(wright)
    press(sheet(kaku).locator("button.main"))
    compared = sheet(kaku).locator(".compare")
    expect(compared).to_contain_text("Sent to 12 customers.")
    expect(compared).to_contain_text("顧客12名に送った。")
    expect(sheet(kaku).locator("[name=description]")).to_have_value("顧客12名に送った。")
    sheet(kaku).locator("[name=description]").fill("顧客12名に送った。\n\nSent to 12 customers.")
    send(kaku)
    for page in (kaku, wright):
        expect(page.locator("#description")).to_contain_text("Sent to 12 customers.")
        expect(page.locator("#description")).to_contain_text("顧客12名に送った。")
    press(kaku.locator("form[action$='/take'] button:visible"))
    expect(wright.locator("form[action$='/take']:visible")).to_have_count(0)
    expect(wright.locator("#head")).to_contain_text("書く人")


def test_a_dialog_opened_while_a_slow_act_is_under_way_stays_with_what_was_typed(desk: Desk, window: Window) -> None:
    ref = desk.incident("応答の遅い夜")
    kaku = window.open("kaku")
    kaku.goto(f"/incidents/{ref}/")
    held: list[Route] = []
    kaku.route("**/take", lambda route: held.append(route))  # noqa: PLW0108  # a built-in cannot be marked
    press(kaku.locator("form[action$='/take'] button:visible"))
    act(kaku, "edit")
    sheet(kaku).locator("[name=description]").fill("画面に身代金の要求")
    with kaku.expect_response("**/take"):
        held[0].continue_()
    expect(kaku.locator("form[action$='/take']:visible")).to_have_count(0)
    expect(sheet(kaku).locator("[name=description]")).to_have_value("画面に身代金の要求")
    send(kaku)
    expect(kaku.locator("#description")).to_contain_text("画面に身代金の要求")


def _not_found_anywhere(page: Page, ref: str, title: str, alert: str) -> None:
    for path in ("/incidents/?status=all", f"/incidents/?status=all&q={ref}", f"/incidents/?status=all&q={title}"):
        page.goto(path)
        expect(page.locator("#incident-rows")).to_be_visible()
        assert title not in page.locator("#incident-rows").inner_html(), path
        assert page.locator(f"#main a[href*='/incidents/{ref}']").count() == 0, path
    for path in (f"/incidents/{ref}/", f"/incidents/{ref}/timeline", alert, f"{alert}raw"):
        answer = page.request.get(path)
        assert (answer.status, title in answer.text()) == (404, False), path
    page.goto("/alerts/?stand=all&q=SV-HR01")
    expect(page.locator("#alert-rows")).to_be_visible()
    assert "SV-HR01" not in page.locator("#alert-rows").inner_text()


def test_a_restricted_incident_is_gone_for_administrator_and_auditor_until_the_glass_is_broken(
    desk: Desk, window: Window
) -> None:
    desk.send("generic", {"title": "Insider copied files on SV-HR01", "severity": "low", "host": "SV-HR01"})
    shirei, kansa, kanri = window.open("shirei"), window.open("kansa2"), window.open("kanri")
    shirei.goto("/alerts/?stand=all&q=SV-HR01")
    row = shirei.locator("#alert-rows tr", has_text="SV-HR01").first
    alert = row.locator("a.title").get_attribute("href") or ""
    shirei.goto(alert)
    press(shirei.locator("#main a[href*='/alerts/open']"))
    title = "人事ファイルの持ち出し"
    sheet(shirei).locator("[name=title]").fill(title)
    sheet(shirei).locator("[name=kind]").select_option("insider")
    press(sheet(shirei).locator("button.main"))
    shirei.wait_for_url("**/incidents/INC-*/")
    ref = shirei.url.split("/incidents/")[1].strip("/")
    kansa.goto(f"/incidents/{ref}/")
    kanri.goto(f"/incidents/?q={title}")
    expect(kanri.locator("#incident-rows")).to_contain_text(title)

    act(shirei, "restrict")
    sheet(shirei).locator("[name=reason]").fill("内部不正の疑い")
    send(shirei)
    expect(shirei.locator("#head .badge.warn", has_text="閲覧制限")).to_be_visible()
    expect(kanri.locator("#incident-rows")).not_to_contain_text(title)
    for page in (kansa, kanri):
        _not_found_anywhere(page, ref, title, alert)
    uuid = desk.site.get(f"/api/v1/incidents/{ref}", token=desk.api)
    assert uuid.status == 404, "the administrator's own token finds it no more"

    kanri.goto("/incidents/break-glass")
    kanri.fill("#main [name=ref]", ref)
    kanri.fill("#main [name=reason]", "司令が不在のため引き継ぐ")
    press(kanri.locator("#main button.main"))
    kanri.wait_for_url(f"**/incidents/{ref}/")
    expect(kanri.locator("#head h1")).to_have_text(title)
    expect(shirei.locator("#timeline")).to_contain_text("司令が不在のため引き継ぐ")
    expect(shirei.locator("#people")).to_contain_text("管理 五郎")
    _not_found_anywhere(kansa, ref, title, alert)


def test_hostile_text_runs_nowhere_and_leaves_every_page_whole(desk: Desk, window: Window) -> None:
    desk.send(
        "generic", {"title": HOSTILE + "毒" * 9_000, "severity": "low", "host": HOSTILE[:200], "user": "a" * 3_000}
    )
    page, phone = window.open("mamoru"), window.open("mamoru", size=(390, 844))
    page.goto("/incidents/new")
    page.fill("[name=title]", (HOSTILE + "字" * 1_000)[:1_000])
    page.fill(
        "[name=description]",
        HOSTILE + "[x](javascript:document.title='ran') ![i](http://203.0.113.9/i.png)" + "字" * 9_000,
    )
    page.select_option("[name=kind]", "other")
    press(page.locator("#main button.main"))
    page.wait_for_url("**/incidents/INC-*/")
    room = page.url
    page.fill("#note-text", HOSTILE + "\n\n<iframe src=//203.0.113.9></iframe>\n\n" + "長" * 9_000)
    press(page.locator("form.write button.main"))
    expect(page.locator("#note-text")).to_have_value("")
    page.goto("/alerts/?stand=all&q=gnp.exe")
    alert = page.locator("#alert-rows a.title").first.get_attribute("href") or ""
    for path in (
        room,
        "/incidents/",
        "/incidents/?q=<script>",
        "/alerts/?stand=all",
        alert,
        f"{alert}raw",
        "/account/",
    ):
        for reader in (page, phone):
            reader.goto(path)
            expect(reader.locator("#main")).to_be_visible()
            assert overflow(reader) == [], path
            assert "ran" not in reader.title().split(), path
            assert reader.locator("#main script, #main iframe, #main img[src^='http'], #main [onerror]").count() == 0
            assert reader.locator("#main a[href^='javascript']").count() == 0
            assert "\u202e" not in reader.locator("#main").inner_text(), path

"""What was typed survives a session that ended, a reload and somebody who was faster; and a page without its stream."""

from playwright.sync_api import Page, Route, expect

from tests.browser.people import NARROW, Desk, Window, act, overflow, press, send, sheet, sign_in

DEAF = """
  delete globalThis.SharedWorker;
  globalThis.EventSource = class { constructor() { setTimeout(() => this.onerror?.()); } close() {} };
"""
"""A browser, or what stands before it, that lets no stream through."""


def _thrown_out(page: Page) -> None:
    """As by the end of a session: what tells its forms from those of strangers lives on."""
    page.context.clear_cookies(name="session")


def test_a_text_that_was_changed_survives_the_end_of_the_session_and_whoever_saved_another_meanwhile(
    desk: Desk, window: Window
) -> None:
    ref = desk.incident("夜の下書き")
    room = f"/incidents/{ref}/"
    page, other = window.open("kaku", anew=True), window.open("wright", language="en")
    other.goto(room)
    act(other, "edit")
    sheet(other).locator("[name=description]").fill("Mail could not be sent.")
    send(other)
    page.goto(room)
    act(page, "edit")
    expect(sheet(page).locator("[name=description]")).to_have_value("Mail could not be sent.")
    sheet(page).locator("[name=description]").fill("メールが送れない。03:10 から。")
    act(other, "edit")
    sheet(other).locator("[name=description]").fill("Mail could not be sent. Two offices.")
    send(other)
    # Behind the window the page has come anew; whoever asks for it without a session is led to the sign-in page.
    expect(page.locator("#description")).to_contain_text("Two offices")
    _thrown_out(page)
    press(sheet(page).locator("button.main"))
    page.wait_for_url("**/sign-in/**")
    sign_in(page, "kaku", at=page.url)
    page.wait_for_url(f"**{room}")
    act(page, "edit")
    expect(sheet(page).locator("[name=description]")).to_have_value("メールが送れない。03:10 から。")
    expect(sheet(page).locator("[data-draft-kept]")).to_be_visible()
    press(sheet(page).locator("button.main"))
    expect(sheet(page).locator(".compare")).to_contain_text("Two offices")
    expect(sheet(page).locator("[name=description]")).to_have_value("メールが送れない。03:10 から。")
    sheet(page).locator("[name=description]").fill("メールが送れない。03:10 から。2拠点。")
    send(page)
    expect(other.locator("#description")).to_contain_text("2拠点")
    act(page, "edit")
    expect(sheet(page).locator("[name=description]")).to_have_value("メールが送れない。03:10 から。2拠点。")
    expect(sheet(page).locator("[data-draft-kept]:visible")).to_have_count(0)


def test_a_note_and_a_rule_half_written_are_there_again_and_gone_once_they_are_saved(
    desk: Desk, window: Window
) -> None:
    room = f"/incidents/{desk.incident('Half a note')}/"
    page = window.open("wright", language="en", size=NARROW)
    page.goto(room + "note")
    page.locator("#main [name=text]").fill("Seen on three machines, and")
    page.reload()
    expect(page.locator("#main [name=text]")).to_have_value("Seen on three machines, and")
    expect(page.locator("[data-draft-kept]")).to_be_visible()
    press(page.locator("[data-draft-drop]"))
    expect(page.locator("#main [name=text]")).to_have_value("")
    page.reload()
    expect(page.locator("#main [name=text]")).to_have_value("")

    chief = window.open("kanri")
    for path, name in (("/rules/new", "title_ja"), ("/assets/new", "name")):
        chief.goto(path)
        chief.fill(f"#main [name={name}]", "書きかけ")
        chief.goto("/incidents/")
        chief.goto(path)
        expect(chief.locator(f"#main [name={name}]")).to_have_value("書きかけ")
        expect(chief.locator("#main [data-draft-kept]")).to_be_visible()
    chief.select_option("#main [name=kind]", "system")
    press(chief.locator("#main form[data-draft] button.main"))
    chief.wait_for_url(lambda url: not url.endswith("/new"))
    chief.goto("/assets/new")
    expect(chief.locator("#main [name=name]")).to_have_value("")


def test_a_page_whose_form_has_grown_old_says_so_and_keeps_what_was_typed(desk: Desk, window: Window) -> None:
    page = window.open("kaku")
    page.goto(f"/incidents/{desk.incident('古いページ')}/")
    page.fill("#note-text", "古いページから書いた")
    page.context.clear_cookies(name="csrf")
    press(page.locator("form.write button.main"))
    expect(sheet(page).locator(".whole-state")).to_be_visible()
    page.reload()
    expect(page.locator("#note-text")).to_have_value("古いページから書いた")
    press(page.locator("form.write button.main"))
    expect(page.locator("#timeline")).to_contain_text("古いページから書いた")
    expect(page.locator("#note-text")).to_have_value("")


def test_a_page_opened_before_an_upgrade_says_so_and_what_was_typed_is_there_after_it(
    desk: Desk, window: Window
) -> None:
    room = f"/incidents/{desk.incident('更新をまたぐ画面')}/"
    page = window.open("kaku")
    page.goto(room)
    expect(page.locator(".superseded")).to_be_hidden()
    page.fill("#note-text", "更新の前から書いていた")

    def newer(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, headers={**answer.headers, "hikeshi-edition": "newer"})

    page.route(f"**{room}", newer)
    page.evaluate("document.dispatchEvent(new Event('hikeshi:changed'))")
    expect(page.locator(".superseded")).to_be_visible()
    expect(page.locator("#note-text")).to_have_value("更新の前から書いていた")
    page.unroute_all(behavior="ignoreErrors")
    press(page.locator("[data-anew]"))
    expect(page.locator(".superseded")).to_be_hidden()
    expect(page.locator("#note-text")).to_have_value("更新の前から書いていた")
    press(page.locator("form.write button.main"))
    expect(page.locator("#timeline")).to_contain_text("更新の前から書いていた")


def test_without_a_stream_the_page_says_so_looks_by_itself_and_takes_what_one_writes(
    desk: Desk, window: Window
) -> None:
    ref = desk.incident("流れの届かない部屋")
    page = window.open("keikaku", size=NARROW)
    page.context.add_init_script(DEAF)
    page.goto(f"/incidents/{ref}/")
    expect(page.locator(".stale")).to_be_visible()
    assert overflow(page) == []
    written = desk.site.post(f"/api/v1/incidents/{ref}/note", {"text": "Written by another"}, token=desk.api)
    assert written.status == 201
    expect(page.locator("#timeline")).to_contain_text("Written by another", timeout=60_000)
    expect(page.locator(".stale")).to_be_visible()

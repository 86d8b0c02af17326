"""What issue 2 promises to show: alerts arrive live, and people carry an incident to its end in two languages."""

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.cast import SIX
from tests.browser.people import Desk, Window, act, press, send, sheet
from tests.browser.planning import DAY, today

SOURCES = Path(__file__).parents[2] / "src/hikeshi/intake/sources"


def test_the_queue_fills_and_an_incident_opens_by_rule_while_somebody_looks_on(desk: Desk, window: Window) -> None:
    queue = window.open("kanshi")
    expect(queue.locator("html")).to_have_attribute("lang", "ja")
    for source in SIX:
        _watching(queue, f"/alerts/?stand=all&source={source}")
        before = queue.locator("#alert-rows tr", has_text=source).count()
        for sample in sorted((SOURCES / source / "samples").glob("*.*json")):
            desk.send(source, sample.read_bytes())
        expect(queue.locator("#alert-rows tr", has_text=source)).not_to_have_count(before)
        _as_it_was_opened(queue)
    incidents = queue.context.new_page()
    _watching(queue, "/alerts/?stand=all&q=SV-FILE09")
    _watching(incidents, "/incidents/?q=SV-FILE09")
    loud = {"title": "Ransomware encrypting files on SV-FILE09", "severity": "critical", "host": "SV-FILE09"}
    desk.send("generic", loud)
    expect(queue.locator("#alert-rows tr", has_text="SV-FILE09").locator("a", has_text="INC-")).to_be_visible()
    incidents.bring_to_front()
    expect(incidents.locator("#places [data-key=go-incidents] .count")).to_be_visible()
    expect(incidents.locator("#incident-rows tr", has_text="SV-FILE09")).to_have_count(1)
    for page in (queue, incidents):
        _as_it_was_opened(page)


def _watching(page: Page, path: str) -> None:
    page.goto(path)
    page.evaluate("document.body.dataset.here = 'yes'")


def _as_it_was_opened(page: Page) -> None:
    assert page.evaluate("document.body.dataset.here") == "yes", "the page was loaded anew"


def _note(page: Page, text: str) -> None:
    page.fill("#note-text", text)
    press(page.locator("form.write button.main"))
    expect(page.locator("#note-text")).to_have_value("")


def _confirm(page: Page, gate: str) -> None:
    act(page, f"confirm/{gate}")
    send(page)


def _go_on(page: Page, phase: str) -> None:
    act(page, f"move/{phase}")
    send(page)


def test_three_accounts_in_two_languages_carry_an_incident_through_every_phase_to_its_close(
    desk: Desk, window: Window
) -> None:
    ref = desk.incident("営業部の共有サーバが暗号化された")
    room = f"/incidents/{ref}/"
    shiki, helen, kansa = (
        window.open("shiki"),
        window.open("helen", language="en"),
        window.open("kansa"),
    )
    for page, phase in ((shiki, "検知"), (helen, "Detect"), (kansa, "検知")):
        page.goto(room)
        expect(page.locator(".course [aria-current=step]").first).to_contain_text(phase)

    press(shiki.locator("#head form[action$='/take'] button"))
    expect(helen.locator("#head")).to_contain_text("指揮 一郎")
    expect(helen.locator("#timeline")).to_contain_text("Assigned to")

    act(shiki, "add-task")
    sheet(shiki).locator("[name=title]").fill("SV-FILE01 をネットワークから切り離す")
    sheet(shiki).locator("[name=due_at]").fill(f"{today() + 40 * DAY}T09:00")
    send(shiki)
    task = helen.locator("#tasks li", has_text="SV-FILE01")
    press(task.locator("form[action*='/take-task/'] button"))
    expect(shiki.locator("#tasks li", has_text="SV-FILE01")).to_contain_text("Helen Ward")
    press(task.locator("button.tick"))
    expect(shiki.locator("#tasks li.done")).to_have_count(1)

    _note(helen, "**Isolated** at the switch, see `port 12`")
    written = shiki.locator("#timeline .written", has_text="Isolated")
    expect(written.locator("strong")).to_have_text("Isolated")
    expect(written.locator("code")).to_have_text("port 12")

    act(helen, "set-fact/what")
    sheet(helen).locator("[name=value]").fill("3 PCs and one file server")
    sheet(helen).locator("[name=certainty][value=estimated]").check()
    send(helen)
    expect(shiki.locator("#facts [data-row=what]")).to_contain_text("3 PCs and one file server")

    for time in ("08:55", "07:30"):
        act(shiki, "set-moment/occurred")
        sheet(shiki).locator("[name=at]").fill(f"{today() - 3 * DAY}T{time}")
        sheet(shiki).locator("[name=reason]").fill("EDRの記録による")
        send(shiki)
    expect(helen.locator("#times [data-row=occurred]")).to_contain_text("07:30")
    expect(helen.locator("#times [data-row=occurred] s")).to_contain_text("08:55")

    _go_on(shiki, "analyse")
    _go_on(shiki, "contain")
    expect(helen.locator(".course [aria-current=step]").first).to_contain_text("Contain")
    act(shiki, "move/report")
    sheet(shiki).locator("[name=keep_open]").check()
    send(shiki)
    expect(helen.locator(".course .beside.open")).to_contain_text("Report")
    expect(helen.locator(".course [aria-current=step]")).to_have_count(2)

    _confirm(helen, "spread_stopped")
    act(shiki, "move/eradicate")
    press(sheet(shiki).locator("button.main"))
    expect(sheet(shiki).locator("[role=alert]")).to_contain_text("証拠")
    sheet(shiki).locator("[name=override_reason]").fill("電源を切れば証拠が失われるため先に進む")
    send(shiki)
    expect(helen.locator(".course [aria-current=step]").first).to_contain_text("Eradicate")
    expect(helen.locator("#timeline")).to_contain_text("電源を切れば証拠が失われるため先に進む")

    _confirm(shiki, "cause_removed")
    expect(shiki.locator("#gates")).to_contain_text("1 / 2")
    expect(shiki.locator("#gates a[href$='/confirm/cause_removed']")).to_have_count(0)
    _confirm(helen, "cause_removed")
    expect(shiki.locator("#gates .met")).to_contain_text("原因")
    _go_on(shiki, "recover")
    expect(helen.locator(".course [aria-current=step]").first).to_contain_text("Recover")
    _confirm(helen, "recovery_checked")
    act(shiki, "finish/recover")
    send(shiki)
    expect(shiki.locator("#head .moves a.main[href$='/close']")).to_be_visible()

    act(shiki, "close")
    sheet(shiki).locator("[name=resolution]").fill("バックアップから復旧した")
    sheet(shiki).locator("[name=record_class][value=incident]").check()
    press(sheet(shiki).locator("button.main"))
    expect(sheet(shiki).locator("[role=alert]")).to_contain_text("報告")
    sheet(shiki).locator("[name=override_reason]").fill("速報は別の記録で済ませた")
    send(shiki)
    expect(helen.locator("#head")).to_contain_text("Closed")

    act(helen, "reopen")
    sheet(helen).locator("[name=reason]").fill("Encryption began again")
    send(helen)
    expect(shiki.locator("#timeline")).to_contain_text("Encryption began again")
    expect(shiki.locator("#head .moves a[href$='/reopen']")).to_have_count(0)
    act(shiki, "close")
    sheet(shiki).locator("[name=resolution]").fill("再確認のうえ終了")
    sheet(shiki).locator("[name=record_class][value=incident]").check()
    press(sheet(shiki).locator("button.main"))
    sheet(shiki).locator("[name=override_reason]").fill("同上")
    send(shiki)

    expect(kansa.locator("#head")).to_contain_text("完了")
    expect(kansa.locator("#facts")).to_contain_text("3 PCs and one file server")
    # A copy of the report and the words of the phases are the reader's own; nothing else is offered.
    acts = "#main form[method=post]:not(#reading form), #main a[hx-target='#sheet']:not([href$='/report'])"
    assert kansa.locator(acts).count() == 0
    answer = kansa.evaluate(
        """async ([path, token]) => (await fetch(path, {method: "POST",
             headers: {"X-CSRFToken": token}, body: new URLSearchParams({text: "x"})})).status""",
        [f"{room}note", kansa.locator("[name=csrfmiddlewaretoken]").first.input_value()],
    )
    assert answer == 403
    kansa.goto(f"{room}timeline")
    for seen in ("Isolated", "電源を切れば", "バックアップから復旧した", "Encryption began again"):
        expect(kansa.locator("#timeline")).to_contain_text(seen)
    assert desk.site.run("verify", "--state").returncode == 0

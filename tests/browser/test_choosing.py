"""A form that asks which service it is about: offered while one types, on a telephone, with and without scripts."""

from urllib.parse import quote

from playwright.sync_api import Page, expect

from tests.browser.people import NARROW, Desk, Window, barriers, open_to_all, overflow, press, take_time

SERVICE = "会計システム"


def _made(chief: Page) -> str:
    """An asset that strangers may name, and a form that asks for one; its address at the portal."""
    open_to_all(chief)
    chief.goto("/assets/new")
    chief.fill("[name=name]", SERVICE)
    chief.check("[name=public]")
    press(chief.locator("#main form button.main"))
    expect(chief.locator("#asset")).to_contain_text(SERVICE)
    chief.goto("/settings/forms/new")
    for name, text in {
        "title_ja": "サービスの不具合",
        "title_en": "A service is broken",
        "questions-0-label_ja": "どのサービスですか",
        "questions-0-label_en": "Which service?",
    }.items():
        chief.fill(f"[name={name}]", text)
    chief.check("[name=use][value=odd]")
    chief.check("[name=audience][value=everyone]")
    chief.select_option("[name=questions-0-kind]", "asset")
    press(chief.locator("button.main[name=do][value=save]"))
    chief.wait_for_url("**/settings/forms/*-*/")
    press(chief.locator("form[action*='/offer'] button"))
    expect(chief.locator("form[action*='/offer']")).to_have_count(0)
    form = chief.url.rstrip("/").rsplit("/", 1)[1]
    return f"/report/forms/{form}/"


def test_what_is_meant_is_chosen_while_one_types_and_the_desk_opens_it_from_the_room(
    desk: Desk, window: Window
) -> None:
    chief = window.open("admin")
    at = _made(chief)
    phone = window.open(size=NARROW)
    phone.goto(at)
    phone.fill("[name=what]", "開けません")
    with phone.expect_response(lambda answer: quote("会計") in (answer.request.post_data or "")):  # not the one before
        phone.locator("[name=q-f1]").press_sequentially("会計")
    option = phone.get_by_role("radio", name=SERVICE)
    expect(option).to_be_visible()
    assert (overflow(phone), barriers(phone)) == ([], [])
    option.check()
    take_time(phone)
    press(phone.locator("#report button.main"))
    ref = phone.locator(".slip .figure").inner_text()
    chief.goto(f"/incidents/{ref}/")
    press(chief.locator(f"#talk .told a:has-text('{SERVICE}')"))
    expect(chief.locator("#asset h1")).to_contain_text(SERVICE)
    expect(chief.locator("#asset")).to_contain_text(ref)

    bare = window.open(size=NARROW, scripts=False, language="en")
    bare.goto(at)
    bare.fill("[name=what]", "It does not open")
    bare.fill("[name=q-f1]", "会計")
    take_time(bare)
    press(bare.locator("#report button.main"))
    expect(bare.locator("#report .notice.burn")).to_contain_text("Choose which one you mean")
    bare.get_by_label(SERVICE).check()
    press(bare.locator("#report button.main"))
    expect(bare.locator(".follow-code")).to_be_visible()

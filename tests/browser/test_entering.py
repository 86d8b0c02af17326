"""Getting in: a code from an app, a passkey, a recovery code that works once, and throwing another browser out."""

import base64
import hmac
import struct
import time

from playwright.sync_api import CDPSession, Page, expect

from tests.browser.people import Desk, Window, password_of, press, sign_in


def code_at(secret: str, moment: float) -> str:
    """RFC 6238 with what every app takes: SHA-1, 30 s, six digits."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.digest(key, struct.pack(">Q", int(moment) // 30), "sha1")
    start = digest[-1] & 0x0F
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


def _prove(page: Page, password: str) -> None:
    """What changes who can get in asks once more who it is."""
    page.wait_for_load_state()
    if "/sign-in/again/" in page.url:
        page.fill("[name=password]", password)
        press(page.locator("button.main"))
        page.wait_for_url("**/account/**")


def _sign_out(page: Page) -> None:
    page.goto("/sign-out")
    press(page.locator("button.main"))
    expect(page.locator("[name=login]")).to_be_visible()


def _password_step(page: Page, username: str, password: str) -> None:
    page.goto("/sign-in/")
    page.fill("[name=login]", username)
    page.fill("[name=password]", password)
    press(page.locator("form:has([name=password]) button.main"))
    page.wait_for_url("**/second-step**")


def test_a_code_from_an_app_and_a_recovery_code_open_the_account_each_only_once(desk: Desk, window: Window) -> None:
    password = password_of("kagiya")
    page = window.open("kagiya")
    page.goto("/account/second-factor/app")
    _prove(page, password)
    page.locator("details.fold summary").click()
    secret = page.locator("code.secret").inner_text()
    enrolled = time.time()
    page.fill("[name=code]", code_at(secret, enrolled))
    press(page.locator("#main button.main"))
    page.wait_for_url(lambda url: not url.endswith("/app"))
    page.goto("/account/recovery-codes")
    _prove(page, password)
    recovery = page.locator(".codes code").first.inner_text()
    _sign_out(page)

    _password_step(page, "kagiya", password)
    right = {code_at(secret, time.time() + 30 * step) for step in range(-9, 10)}
    page.fill("[name=code]", next(code for code in map("{:06}".format, range(100)) if code not in right))
    press(page.locator("form:has([name=code]) button").first)
    expect(page.locator(".wrong").first).to_be_visible()
    page.goto("/incidents/")
    expect(page.locator("[name=code]")).to_be_visible()
    assert page.locator("#places").count() == 0, "half signed in is not signed in"
    later = max(time.time(), enrolled + 30)  # the next one: a code seen once is used up
    page.fill("[name=code]", code_at(secret, later))
    press(page.locator("form:has([name=code]) button").first)
    expect(page.locator("#places")).to_be_visible()
    _sign_out(page)

    _password_step(page, "kagiya", password)
    page.fill("[name=code]", recovery)
    press(page.locator("form:has([name=code]) button").first)
    expect(page.locator("#places")).to_be_visible()
    _sign_out(page)
    _password_step(page, "kagiya", password)
    page.fill("[name=code]", recovery)
    press(page.locator("form:has([name=code]) button").first)
    expect(page.locator(".wrong").first).to_be_visible()


def _authenticator(page: Page) -> CDPSession:
    """A security key of the browser's own, whose finger is always on it."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return session


def test_a_passkey_made_here_signs_in_without_the_password(desk: Desk, window: Window) -> None:
    password = password_of("yubi")
    page = window.open("yubi", at=desk.by_name)
    _authenticator(page)
    page.goto("/account/second-factor/passkey")
    _prove(page, password)
    page.fill("[name=name]", "机の鍵")
    press(page.locator("#main button.main"))
    page.wait_for_url(lambda url: not url.endswith("/passkey"))
    page.goto("/account/second-factor")
    expect(page.locator("#main")).to_contain_text("机の鍵")
    _sign_out(page)
    press(page.locator("form[data-passkey=get] button"))
    expect(page.locator("#places")).to_be_visible()
    expect(page.locator(".me[href='/account/']")).to_contain_text("指 紋子")


def test_another_browser_is_thrown_out_from_the_list_of_sessions(desk: Desk, window: Window) -> None:
    here, there = window.open("futatsu"), window.open()
    sign_in(there, "futatsu")
    here.goto("/account/sessions")
    expect(here.locator("form[action*='/sessions/']")).to_have_count(1)
    press(here.locator("form[action*='/sessions/'] button"))
    expect(here.locator("form[action*='/sessions/']")).to_have_count(0)
    there.goto("/incidents/")
    expect(there.locator("[name=login]")).to_be_visible()
    here.goto("/incidents/")
    expect(here.locator("#places")).to_be_visible()

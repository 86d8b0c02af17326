import re
import time
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.http import HttpResponse
from django.test import Client

from hikeshi.accounts import actions, queries
from hikeshi.accounts.models import Session
from hikeshi.accounts.throttle import PAIR
from hikeshi.ledger import verify
from hikeshi.ledger.models import Entry, Reading
from tests import world

pytestmark = pytest.mark.django_db(databases="__all__", transaction=True)
WRONG = "not the password at all"


def sign_in(
    browser: Client, username: str = "mori", password: str = world.PASSWORD, address: str = "192.0.2.1"
) -> HttpResponse:
    return browser.post("/sign-in/", {"login": username, "password": password}, REMOTE_ADDR=address)


def is_in(browser: Client) -> bool:
    return browser.get("/account/").status_code == 200


def mori(*roles: str) -> queries.Person:
    return world.person("mori", *(roles or ("responder",)), password=world.PASSWORD)


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def with_app(browser: Client) -> str:
    """Sets up codes from an app for the browser's person; gives the secret."""
    page = browser.get("/account/second-factor/app").content.decode()
    found = re.search(r'class="secret">([A-Z2-7]{32})<', page)
    assert found, page
    done = browser.post("/account/second-factor/app", {"code": code_of(found[1])})
    assert done.headers["Location"] == "/account/recovery-codes"
    return found[1]


def test_the_right_password_opens_the_desk_under_a_new_session_key() -> None:
    mori()
    browser = Client()
    browser.get("/sign-in/passkey", headers={"Accept": "application/json"})
    planted = browser.cookies["session"].value
    assert sign_in(browser, " ＭＯＲＩ ").status_code == 302
    assert browser.cookies["session"].value != planted
    assert is_in(browser)
    thief = Client()
    thief.cookies["session"] = planted
    assert not is_in(thief)


def test_cookies_are_out_of_reach_of_scripts_and_other_sites() -> None:
    mori()
    browser = Client()
    sign_in(browser)
    for name in ("session", "device"):
        assert browser.cookies[name]["httponly"]
        assert browser.cookies[name]["samesite"] == "Lax"


def test_a_wrong_password_and_an_unknown_name_look_the_same() -> None:
    mori()
    pages = [sign_in(Client(), "mori", WRONG), sign_in(Client(), "nobody", WRONG)]
    told = [re.findall(r'role="alert">.*?</div>', page.content.decode(), re.DOTALL) for page in pages]
    assert told[0]
    assert told[0] == told[1]
    assert [entry.fact for entry in Entry.objects.order_by("-number")[:2]] == ["accounts.SignInFailed"] * 2


def test_signing_in_and_out_stands_in_the_ledger() -> None:
    person = mori()
    browser = Client()
    sign_in(browser)
    browser.post("/sign-out")
    facts = Entry.objects.filter(subject=f"person:{person.uuid}").order_by("number").values_list("fact", flat=True)
    assert list(facts)[-2:] == ["accounts.SignedIn", "accounts.SessionEnded"]
    assert not is_in(browser)


def test_guessing_is_slowed_for_the_guesser_alone() -> None:
    """The owner gets in from elsewhere, and from a browser they used before even behind the same address."""
    mori()
    world.clock.freeze(world.clock.now())
    own = Client()
    sign_in(own)
    own.post("/sign-out")
    world.clock.fast_forward(timedelta(seconds=1))
    guesser = Client()
    for _ in range(PAIR.free + 3):
        sign_in(guesser, password=WRONG)
    assert "wait" in _codes(sign_in(guesser))
    assert not is_in(guesser)
    assert sign_in(own).status_code == 302
    assert sign_in(Client(), address="198.51.100.7").status_code == 302
    world.clock.fast_forward(timedelta(minutes=16))
    assert sign_in(guesser).status_code == 302


def _codes(response: HttpResponse) -> set[str]:
    form = response.context["form"]  # type: ignore[attr-defined]  # the test client's
    return {error.code for error in form.errors.as_data().get("__all__", [])}


def test_a_page_asked_for_is_opened_after_signing_in_but_never_another_site() -> None:
    mori()
    turned = Client().get("/account/sessions")
    assert turned.headers["Location"] == "/sign-in/?next=/account/sessions"
    for target, opened in (
        ("/account/sessions", "/account/sessions"),
        ("//evil.example/", "/"),
        ("https://evil.example/", "/"),
    ):
        browser = Client()
        done = browser.post("/sign-in/", {"login": "mori", "password": world.PASSWORD, "next": target})
        assert done.headers["Location"] == opened


def test_a_form_from_another_site_signs_nobody_in() -> None:
    mori()
    browser = Client(enforce_csrf_checks=True)
    assert sign_in(browser).status_code == 403


def test_nobody_can_sign_up() -> None:
    assert Client().get("/accounts/signup/").status_code == 404
    assert Client().get("/sign-up/").status_code == 404


def test_a_code_is_asked_for_once_an_app_is_set_up_and_each_works_once() -> None:
    mori()
    browser = Client()
    sign_in(browser)
    secret = with_app(browser)
    assert not Authenticator.objects.filter(data__icontains=secret).exists()
    other = Client()
    assert sign_in(other).headers["Location"] == "/sign-in/second-step"
    assert not is_in(other)
    world.clock.fast_forward(timedelta(minutes=1))
    code = code_of(secret)
    assert other.post("/sign-in/second-step", {"code": code}).status_code == 302
    assert is_in(other)
    again = Client()
    sign_in(again)
    again.post("/sign-in/second-step", {"code": code})
    assert not is_in(again)
    assert verify.verify(state=True).findings == ()


def test_a_recovery_code_works_once() -> None:
    mori()
    browser = Client()
    sign_in(browser)
    with_app(browser)
    codes = re.findall(r"<li><code>(\d{12})</code>", browser.get("/account/recovery-codes").content.decode())
    assert len(set(codes)) == 10
    assert Reading.objects.filter(what="recovery_codes").exists()
    for expected in (True, False):
        other = Client()
        sign_in(other)
        other.post("/sign-in/second-step", {"code": f" {codes[0][:6]} {codes[0][6:]}"})
        assert is_in(other) is expected


def test_codes_cannot_be_guessed_by_who_knows_the_password() -> None:
    mori()
    browser = Client()
    sign_in(browser)
    with_app(browser)
    world.clock.freeze(world.clock.now())
    guesser = Client()
    sign_in(guesser, address="203.0.113.5")
    for guess in range(PAIR.free + 1):
        page = guesser.post("/sign-in/second-step", {"code": f"{guess:06}"}, REMOTE_ADDR="203.0.113.5")
    assert {error.code for error in page.context["form"].errors.as_data()["code"]} == {"wait"}


def test_nothing_opens_for_a_role_that_needs_a_second_factor_until_there_is_one() -> None:
    mori("responder")
    actions.require_second_factor(by=world.admin(), role="responder", required=True)
    browser = Client()
    sign_in(browser)
    for path in ("/account/", "/settings/people/", "/incidents/"):
        assert browser.get(path).headers["Location"] == "/account/second-factor"
    with_app(browser)
    assert is_in(browser)


def test_what_changes_who_can_get_in_asks_for_a_proof_again_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    mori()
    browser = Client()
    sign_in(browser)
    assert browser.get("/account/tokens/new").status_code == 200
    later = time.time() + 16 * 60
    monkeypatch.setattr(time, "time", lambda: later)
    asked = browser.get("/account/tokens/new")
    assert asked.headers["Location"].startswith("/sign-in/again/password?next=")
    refused = browser.post(asked.headers["Location"], {"password": WRONG})
    assert refused.status_code == 200
    assert browser.post(asked.headers["Location"], {"password": world.PASSWORD}).status_code == 302
    assert browser.get("/account/tokens/new").status_code == 200


def test_another_browser_can_be_signed_out_and_a_new_password_does_so() -> None:
    person = mori()
    here, there, third = Client(), Client(), Client()
    for browser in (here, there, third):
        sign_in(browser)
    row = queries.sessions(queries.actor_of(person)).last()
    assert row is not None
    here.post(f"/account/sessions/{queries.sessions(queries.actor_of(person))[1].uuid}/end")
    assert [is_in(here), is_in(there), is_in(third)] == [True, False, True]
    here.post("/account/password", {"password": "an entirely new password"})
    assert [is_in(here), is_in(third)] == [True, False]
    assert Session.objects.filter(person=person).count() == 1


def test_nobody_ends_the_session_of_somebody_else() -> None:
    mori()
    world.person("ito", "administrator", password=world.PASSWORD)
    victim, ito = Client(), Client()
    sign_in(victim)
    sign_in(ito, "ito")
    uuid = Session.objects.get(person__username="mori").uuid
    assert ito.post(f"/account/sessions/{uuid}/end").status_code == 404
    assert is_in(victim)


def test_whoever_is_put_out_of_use_is_out_at_once() -> None:
    person = mori()
    browser = Client()
    sign_in(browser)
    actions.deactivate_person(by=world.admin(), person=person.uuid)
    assert not is_in(browser)
    sign_in(browser)
    assert not is_in(browser)


def test_looking_at_an_invitation_uses_nothing_up() -> None:
    person = world.person("mori", "responder")
    secret = actions.invite(by=world.admin(), person=person.uuid)
    link = f"/sign-in/invitation/{secret}"
    for _ in range(3):
        assert Client().get(link).status_code == 200
    assert Client().post(link, {"password": "short"}).status_code in {200, 422}
    assert Client().post(link, {"password": "an entirely new password"}).status_code == 302
    assert Client().get(link).status_code == 404
    assert sign_in(Client(), password="an entirely new password").status_code == 302


@pytest.mark.parametrize("name", ["x" * 5000, "\x00", "\ud800", "' OR 1=1 --", "<script>alert(1)</script>", "\u202e"])
def test_whatever_is_typed_as_a_name_is_a_wrong_name(name: str) -> None:
    mori()
    page = Client().post("/sign-in/", {"login": name.encode("utf-8", "surrogatepass"), "password": WRONG})
    assert page.status_code in {200, 400, 413, 422}
    assert b"<script>alert" not in page.content

"""Mail servers that take no password: tokens from a service over HTTPS, shown to a real IMAP server (pymap) and to
a real SMTP server (aiosmtpd).
"""

import base64
import logging
import socket
import warnings
from datetime import datetime, timedelta

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult

from hikeshi.kernel import clock
from hikeshi.kernel.http import Permitted
from hikeshi.kernel.refusals import Invalid
from hikeshi.mailboxes import actions as mailboxes
from hikeshi.mailboxes import queries
from hikeshi.mailboxes.models import Mailbox as Row
from hikeshi.notify import actions, tokens
from hikeshi.notify.channels.mail import Mail
from hikeshi.notify.handing import Failed, Setup
from hikeshi.notify.replies.imap import Mailbox, Step
from hikeshi.notify.replies.trying import Tried, attempt
from tests import world
from tests.certificates import under_tls
from tests.mail_tokens import REFRESH, SECRET, USER, Service, giving, standing
from tests.mailing import mail
from tests.running import eventually, free_port

HERE = Permitted(frozenset({"127.0.0.1"}))
MICROSOFT = {"oauth_tenant": "example.onmicrosoft.com", "oauth_client_id": "the-client"}


@pytest.fixture
def service(tmp_path, monkeypatch):
    monkeypatch.setattr(tokens, "_AT_HAND", {})
    with giving(tmp_path, monkeypatch) as one:
        yield one


@pytest.fixture
def office(service, tmp_path):
    """The port of an IMAP server that takes tokens alone, under TLS."""
    port = free_port()
    with standing(tmp_path, port), under_tls(service.files, port) as secured:
        eventually(lambda: answers(port))
        yield secured


def answers(port: int) -> bool:
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0


def setup(service: Service, port: int, *, way: str = "microsoft", within: Permitted = HERE, **more: str) -> Setup:
    plain = {"imap_host": "127.0.0.1", "imap_port": str(port), "imap_auth": way, "imap_username": USER, **MICROSOFT}
    secret = {"oauth_client_secret": SECRET, "oauth_refresh_token": REFRESH, "oauth_service_key": service.service_key}
    secret |= {name: more.pop(name) for name in secret if name in more}
    return Setup("mailbox", True, {**plain, "oauth_token_url": service.url, **more}, secret, within)


def opened(one: Setup) -> None:
    Mailbox(one).close()


def refused(one: Setup) -> str:
    with pytest.raises(Failed) as failed:
        opened(one)
    return failed.value.fault.code


@pytest.mark.parametrize("way", ["microsoft", "google_service", "google_account"])
def test_a_mailbox_opens_with_a_token_fetched_once_and_kept_out_of_log_and_address(service, office, way, caplog):
    caplog.set_level(logging.DEBUG)
    for _ in range(3):
        opened(setup(service, office, way=way))
    assert service.given == ["ya29.token-0"]
    [asked] = service.asked
    assert (asked.path, asked.query) == ("/token", {})
    for word in (SECRET, REFRESH, "ya29.token", "PRIVATE KEY"):
        assert word not in caplog.text
        assert word not in repr(setup(service, office, way=way)) + asked.path


def test_a_token_is_fetched_anew_shortly_before_it_ends(service, office):
    opened(setup(service, office))
    world.clock.fast_forward(timedelta(seconds=3599 - 330))
    opened(setup(service, office))
    assert len(service.given) == 1
    world.clock.fast_forward(timedelta(seconds=60))
    opened(setup(service, office))
    assert len(service.given) == 2


def test_a_token_that_was_taken_back_is_fetched_anew_once(service, office):
    opened(setup(service, office))
    service.take("another")
    opened(setup(service, office))
    assert len(service.given) == 2
    service.stands = False
    service.take("another")
    assert refused(setup(service, office)) == "unauthorised"
    assert len(service.given) == 3
    assert refused(setup(service, office)) == "unauthorised"
    assert len(service.given) == 4, "what was refused is not shown again"


def test_the_test_of_a_connection_tells_a_token_that_is_not_given_from_one_that_is_not_taken(service, office):
    def tried(**more: object) -> Tried:
        return attempt(setup(service, office, **more))

    whole = tried()
    assert (whole.failed, [step for step, _ in whole.steps]) == (
        None,
        [Step.NAME, Step.REACH, Step.TLS, Step.GREETING, Step.TOKEN, Step.SIGN_IN, Step.FOLDER],
    )
    wrong = tried(oauth_client_secret="a-wrong-secret")
    assert (wrong.failed, wrong.trouble, wrong.detail) == (Step.TOKEN, "token_refused", "invalid_client AADSTS7000215")
    away = tried(oauth_token_url=f"https://127.0.0.1:{free_port()}/token")
    assert (away.failed, away.trouble) == (Step.TOKEN, "token_unreachable")
    inside = tried(within=Permitted())
    assert (inside.failed, inside.trouble) == (Step.TOKEN, "forbidden_host"), "the guard stands before it"
    stranger = tried(imap_username="another@example.jp")
    assert (stranger.failed, stranger.trouble) == (Step.SIGN_IN, "unauthorised")


@pytest.mark.parametrize("life", ["soon", -1, None, 10**12, "9" * 5_000, "٣"])
def test_whatever_the_service_says_of_its_life_the_token_is_used(service, office, life):
    service.life = life
    opened(setup(service, office))
    assert service.given


@pytest.mark.parametrize(
    "raw", [b"<html>", b"[" * 50_000, b"[]", b'{"access_token": ["x"]}', b"\xff", b'{"access_token": "a b"}']
)
def test_whatever_the_service_answers_instead_of_a_token_is_a_fault_that_passes(service, office, raw):
    service.raw = raw
    with pytest.raises(Failed) as failed:
        opened(setup(service, office))
    assert (failed.value.fault.code, failed.value.fault.passing) == ("provider", True)


class Watched(datetime):
    """While it is looked at, another's token comes in."""

    def __le__(self, other):
        tokens._AT_HAND[f"of {len(tokens._AT_HAND)}"] = tokens.Token("another's", clock.now() + timedelta(hours=1))
        return super().__le__(other)


def test_old_tokens_are_put_away_while_others_fetch_theirs(service, office):
    ended = clock.now() - timedelta(hours=1)
    old = Watched.fromtimestamp(ended.timestamp(), ended.tzinfo)
    tokens._AT_HAND.update({f"old {number}": tokens.Token("old", old) for number in range(3)})
    opened(setup(service, office))
    assert "old" not in {one.text for one in tokens._AT_HAND.values()}


def test_a_mailbox_is_set_up_by_token_and_what_is_missing_is_named():
    keeper = world.admin()
    given = {"imap_host": "outlook.office365.com", "imap_auth": "microsoft", "imap_username": USER, **MICROSOFT}
    more = {"by": keeper, "name": "Desk", "address": USER, "carries": "reports", "on": True}
    for wrong, field, code in (
        ({}, "oauth_client_secret", "required"),
        ({"oauth_client_secret": SECRET, "imap_username": ""}, "imap_username", "required"),
        ({"oauth_client_secret": SECRET, "imap_security": "none"}, "imap_security", "token_in_clear"),
        ({"oauth_client_secret": SECRET, "oauth_tenant": "a/../b"}, "oauth_tenant", "not_a_tenant"),
        ({"oauth_client_secret": SECRET, "oauth_token_url": "http://x"}, "oauth_token_url", "not_https"),
        ({"imap_auth": "google_service", "oauth_service_key": "{}"}, "oauth_service_key", "not_a_service_key"),
        ({"imap_auth": "google_service", "oauth_service_key": "[" * 3_000}, "oauth_service_key", "not_a_service_key"),
        ({"imap_auth": "google_account", "oauth_client_secret": "x"}, "oauth_refresh_token", "required"),
    ):
        with pytest.raises(Invalid) as invalid:
            mailboxes.set_mailbox(**more, given={**given, **wrong})
        assert (invalid.value.field, invalid.value.reason) == (field, code)
    mailboxes.set_mailbox(**more, given={**given, "oauth_client_secret": SECRET})
    row = Row.objects.get()
    assert SECRET not in f"{row.plain}{row.sealed}"
    assert queries.boxes()[0].setup.secret == {"oauth_client_secret": SECRET}
    with pytest.raises(Invalid):
        actions.set_channel(by=keeper, kind="mail", given={"host": "h", "sender": USER, "auth": "microsoft"})


class Office(Controller):
    """Takes mail from who shows a token that stands in the file."""

    def __init__(self, service: Service) -> None:
        self.service, self.mails, self.shown = service, [], []
        super().__init__(self, hostname="127.0.0.1", port=free_port())

    def factory(self) -> SMTP:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # TLS stands before it
            return SMTP(self.handler, auth_require_tls=False, auth_required=True)

    async def auth_XOAUTH2(self, server: SMTP, words: list[str]) -> AuthResult:
        user, _, rest = base64.b64decode(words[1]).decode().removeprefix("user=").partition("\1auth=Bearer ")
        token = rest.removesuffix("\1\1")
        self.shown.append(token)
        if f"{user} {token}" in self.service.taken.read_text().split("\n"):
            return AuthResult(success=True)
        assert await server.challenge_auth('{"status":"401"}') == b""
        return AuthResult(success=False, handled=False)

    async def handle_DATA(self, server: object, session: object, envelope: object) -> str:
        self.mails.append(envelope)
        return "250 OK"


def test_mail_leaves_by_token_and_a_token_that_was_taken_back_is_fetched_anew(service):
    office = Office(service)
    office.start()
    try:
        with under_tls(service.files, office.port) as port:
            plain = {"host": "127.0.0.1", "port": str(port), "security": "tls", "sender": USER, "auth": "microsoft"}
            plain |= {**MICROSOFT, "oauth_token_url": service.url}
            out = Setup("mail", True, plain, {"oauth_client_secret": SECRET}, HERE)
            for _ in range(2):
                Mail().carry(_letter(), "mori@example.jp", out)
            assert office.shown == ["ya29.token-0"] * 2
            service.take("another")
            Mail().carry(_letter(), "mori@example.jp", out)
            assert office.shown[2:] == ["ya29.token-0", "ya29.token-1"]
            service.stands = False
            service.take("another")
            for _ in range(2):
                with pytest.raises(Failed) as failed:
                    Mail().carry(_letter(), "mori@example.jp", out)
            assert office.shown[4:] == ["ya29.token-1", "ya29.token-2", "ya29.token-3"], "none is shown after a refusal"
        assert (failed.value.fault.code, len(office.mails)) == ("unauthorised", 3)
    finally:
        office.stop()


def _letter():
    from email import message_from_bytes
    from email.policy import default

    return message_from_bytes(mail("hello", From=USER, To="mori@example.jp"), policy=default)

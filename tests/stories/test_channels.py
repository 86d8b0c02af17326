"""Our channels against local receivers that follow the published APIs, and the guard that stands before all of them."""

import socket
import threading
import time
import warnings
from contextlib import contextmanager, nullcontext
from types import SimpleNamespace

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from hikeshi.accounts.ways import Kind, Recipient, Way
from hikeshi.kernel.http import Barred, Permitted, guard, request
from hikeshi.notify.channels import carried
from hikeshi.notify.channels.carried import Carried
from hikeshi.notify.channels.chatwork import Chatwork
from hikeshi.notify.channels.line_works import LineWorks
from hikeshi.notify.channels.mail import Mail
from hikeshi.notify.channels.voice import Voice
from hikeshi.notify.channels.webhook import Webhook
from hikeshi.notify.handing import Failed, Parcel, Setup
from tests import receivers
from tests.certificates import certificate, under_tls
from tests.receivers import running
from tests.running import free_port

HERE = Permitted(frozenset({"127.0.0.1"}))
TITLE = "\u91cd\u8981: \u30d5\u30a1\u30a4\u30eb\u6697\u53f7\u5316"
TEXT = "INC-2026-0042\n\nhttps://desk.example/a/token"


def parcel(kind, address, **given):
    way = Way("w1", "person:p", kind, address, "", "ja", "", None, "")
    to = Recipient("person:p", "Mori", "ja", "Asia/Tokyo", "", True, "")
    terms = {"title": TITLE, "text": TEXT, "thread": "incident:1", "key": "k1", "token": "t0ken", "urgency": 1, **given}
    return Parcel(way=way, to=to, **terms)


def setup(kind, plain=None, secret=None, permitted=HERE):
    return Setup(kind, True, plain or {}, secret or {}, permitted)


def fault(channel, *given):
    with pytest.raises(Failed) as caught:
        channel.send(*given)
    return caught.value.fault


def test_ntfy_takes_a_page_and_says_its_id():
    with running(receivers.ntfy()) as there:
        handed = Carried(Kind.NTFY).send(parcel(Kind.NTFY, f"{there.url}/desk-topic"), setup("ntfy"))
    assert (handed.provider_id, handed.status) == ("ntfy1", 200)
    topic, title, text = there.taken[0]
    assert (topic, title, "INC-2026-0042" in text) == ("desk-topic", TITLE, True)


def test_ntfy_refuses_whoever_has_no_token():
    with running(receivers.ntfy(token="tk_right")) as there:
        wrong = fault(Carried(Kind.NTFY), parcel(Kind.NTFY, f"{there.url}/desk"), setup("ntfy"))
        address = f"ntfy://tk_right@127.0.0.1:{there.port}/desk?mode=private"
        Carried(Kind.APPRISE).send(parcel(Kind.APPRISE, address), setup("apprise"))
    assert (wrong.code, wrong.of_the_way, wrong.passing) == ("refused_address", True, False)
    assert len(there.taken) == 1


def test_slack_takes_a_page_by_its_webhook(monkeypatch):
    from apprise.plugins.slack import NotifySlack

    address = "https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX"
    with running(receivers.slack()) as there:
        monkeypatch.setattr(NotifySlack, "webhook_url", f"{there.url}/services")
        handed = Carried(Kind.SLACK).send(parcel(Kind.SLACK, address), setup("slack"))
        gone = fault(Carried(Kind.SLACK), parcel(Kind.SLACK, address.replace("XXXX", "YYYY")), setup("slack"))
    assert handed.status == 200
    assert "INC-2026-0042" in there.taken[0]
    assert (gone.code, gone.of_the_way) == ("refused_address", True)


def test_mattermost_is_written_as_people_copy_it():
    with running(receivers.slack(path="/hooks/abcdefghijklmnopqrstuvwxyz")) as there:
        address = f"{there.url}/hooks/abcdefghijklmnopqrstuvwxyz"
        Carried(Kind.MATTERMOST).send(parcel(Kind.MATTERMOST, address), setup("mattermost"))
    assert "INC-2026-0042" in there.taken[0]


def test_a_provider_that_asks_to_wait_is_heard():
    with running(receivers.ntfy()) as there:
        there.before = lambda _: (429, {"code": 42901}, {"Retry-After": "120"})
        busy = fault(Carried(Kind.NTFY), parcel(Kind.NTFY, f"{there.url}/desk"), setup("ntfy"))
    assert (busy.code, busy.passing, busy.unsure, busy.retry_after) == ("busy", True, False, 120.0)


def test_chatwork_takes_a_page_and_no_marks_from_outside():
    channel_of = lambda there: Chatwork(f"{there.url}/v2")  # noqa: E731
    right, wrong = setup("chatwork", secret={"token": "cw"}), setup("chatwork", secret={"token": "other"})
    with running(receivers.chatwork(token="cw", room="4711")) as there:
        address = "https://www.chatwork.com/#!rid4711"
        handed = channel_of(there).send(parcel(Kind.CHATWORK, address, title="[To:1] x"), right)
        unknown = fault(channel_of(there), parcel(Kind.CHATWORK, "4711"), wrong)
        elsewhere = fault(channel_of(there), parcel(Kind.CHATWORK, "999"), right)
        nowhere = fault(channel_of(there), parcel(Kind.CHATWORK, "general"), right)
    assert handed.provider_id == "16091"
    assert there.taken[0].startswith("[info][title]\uff3bTo:1\uff3d x[/title]INC-2026-0042")
    assert (unknown.code, unknown.of_the_way) == ("unauthorised", False)
    assert (elsewhere.code, elsewhere.of_the_way) == ("refused_address", True)
    assert nowhere.code == "bad_address"


def service_account():
    """As the developer console makes it: the account, and what the desk is told of it."""
    key = rsa.generate_private_key(65537, 2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    account = receivers.Account("cid", "csecret", "sa@corp", key.public_key(), "6000", ("mori@corp",))
    plain = {"client_id": "cid", "service_account": "sa@corp", "bot": "6000"}
    return account, plain, {"client_secret": "csecret", "private_key": pem}


@pytest.fixture(scope="module")
def works():
    return service_account()


def test_line_works_signs_in_once_and_sends_by_its_bot(works):
    account, plain, secret = works
    with running(receivers.line_works(account)) as there:
        bot = LineWorks(f"{there.url}/v1.0", f"{there.url}/oauth2/v2.0/token")
        for _ in range(2):
            bot.send(parcel(Kind.LINE_WORKS, "mori@corp"), setup("line_works", plain, secret))
        unknown = fault(bot, parcel(Kind.LINE_WORKS, "nobody@corp"), setup("line_works", plain, secret))
    assert [one.path for one in there.seen].count("/oauth2/v2.0/token") == 1
    assert there.taken[0].startswith(TITLE)
    assert (unknown.code, unknown.of_the_way) == ("refused_address", True)


def test_line_works_with_a_wrong_secret_or_key_is_the_channels_fault(works):
    account, plain, secret = works
    with running(receivers.line_works(account)) as there:
        for wrong in ({**secret, "client_secret": "x"}, {**secret, "private_key": "x"}):
            bot = LineWorks(f"{there.url}/v1.0", f"{there.url}/oauth2/v2.0/token")
            found = fault(bot, parcel(Kind.LINE_WORKS, "mori@corp"), setup("line_works", plain, wrong))
            assert (found.code, found.of_the_way) == ("unauthorised", False)


def test_a_token_of_line_works_that_was_revoked_is_fetched_anew(works):
    account, plain, secret = works
    with running(receivers.line_works(account)) as there:
        bot = LineWorks(f"{there.url}/v1.0", f"{there.url}/oauth2/v2.0/token")
        bot.send(parcel(Kind.LINE_WORKS, "mori@corp"), setup("line_works", plain, secret))
    with running(receivers.line_works(account)) as there:
        bot.base, bot.tokens = f"{there.url}/v1.0", f"{there.url}/oauth2/v2.0/token"
        bot.send(parcel(Kind.LINE_WORKS, "mori@corp"), setup("line_works", plain, secret))
    assert len(there.taken) == 1


class Box:
    """A mail server's own keeping."""

    def __init__(self):
        self.mails = []

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("gone@"):
            return "550 5.1.1 no such user"
        if address.startswith("later@"):
            return "451 4.7.1 greylisted"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.mails.append(envelope)
        return "250 OK"


@pytest.fixture
def post():
    box = Box()

    def let_in(server, session, envelope, mechanism, given):
        return AuthResult(success=(given.login, given.password) == (b"desk", b"right"), handled=False)

    class Office(Controller):
        def factory(self):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # that passwords should not go in clear: they go to this machine
                return SMTP(self.handler, authenticator=let_in, auth_require_tls=False, auth_required=True)

    port = free_port()
    office = Office(box, hostname="127.0.0.1", port=port)
    office.start()
    plain = {"host": "127.0.0.1", "port": str(port), "security": "none", "sender": "desk@example.jp"}
    plain |= {"username": "desk", "reply_to": "desk@example.jp"}
    yield SimpleNamespace(box=box, plain=plain, setup=setup("mail", plain, {"password": "right"}, Permitted()))
    office.stop()


def test_mail_arrives_threaded_with_its_subject_whole_and_a_way_to_answer(post):
    from email import message_from_bytes
    from email.policy import default

    Mail().send(parcel(Kind.MAIL, "mori@example.jp"), post.setup)
    handed = Mail().send(parcel(Kind.MAIL, "mori@example.jp", text=TEXT + "\n" + "\u706b" * 2000), post.setup)
    first, second = (message_from_bytes(one.content, policy=default) for one in post.box.mails)
    assert first["Subject"] == second["Subject"] == TITLE
    assert first["In-Reply-To"] == second["In-Reply-To"]
    assert first["Message-ID"] != second["Message-ID"] == f"<{handed.provider_id}>"
    assert "desk+t0ken@example.jp" in str(first["Reply-To"])
    assert second.get_content_type() == "text/plain"
    assert second.get_content().strip().endswith("\u706b" * 2000)
    assert max(len(line) for line in post.box.mails[1].content.split(b"\r\n")) < 998


def test_mail_knows_whose_fault_it_is(post):
    gone = fault(Mail(), parcel(Kind.MAIL, "gone@example.jp"), post.setup)
    later = fault(Mail(), parcel(Kind.MAIL, "later@example.jp"), post.setup)
    unknown = fault(Mail(), parcel(Kind.MAIL, "mori@example.jp"), setup("mail", post.plain, {"password": "wrong"}))
    nobody = {**post.plain, "port": "1"}
    away = fault(Mail(), parcel(Kind.MAIL, "mori@example.jp"), setup("mail", nobody, {"password": "right"}))
    assert (gone.code, gone.of_the_way, gone.status) == ("refused_address", True, 550)
    assert (later.code, later.passing) == ("busy", True)
    assert (unknown.code, unknown.of_the_way) == ("unauthorised", False)
    assert (away.code, away.passing, away.unsure) == ("unreachable", True, False)


def test_a_mail_title_brings_no_header_of_its_own(post):
    Mail().send(parcel(Kind.MAIL, "mori@example.jp", title="x y Bcc: evil@example.com"), post.setup)
    assert post.box.mails[0].rcpt_tos == ["mori@example.jp"]


def test_a_webhook_is_signed_so_that_its_receiver_can_tell():
    import hmac

    there = receivers.Receiver(lambda request: (204, b""))
    with running(there):
        Webhook().send(parcel(Kind.WEBHOOK, f"{there.url}/in"), setup("webhook", secret={"signing_key": "shared"}))
    got = there.seen[0]
    at, seal = (part.partition("=")[2] for part in got.headers["x-hikeshi-signature"].split(","))
    assert hmac.compare_digest(seal, hmac.new(b"shared", f"{at}.".encode() + got.body, "sha256").hexdigest())
    assert got.json()["title"] == TITLE


def test_a_redirect_is_not_followed():
    inner = receivers.Receiver(lambda request: (200, {}))
    with running(inner):
        outer = receivers.Receiver(lambda request: (302, b"", {"Location": f"{inner.url}/secret"}))
        with running(outer):
            refused = fault(Webhook(), parcel(Kind.WEBHOOK, f"{outer.url}/in"), setup("webhook"))
    assert (refused.code, inner.seen) == ("refused", [])


def test_an_answer_without_end_is_cut_short():
    with running(receivers.Receiver(lambda request: (200, b"x" * 200_000))) as there:
        for channel, kind, address in (
            (Webhook(), Kind.WEBHOOK, f"{there.url}/in"),
            (Carried(Kind.NTFY), Kind.NTFY, f"{there.url}/desk"),
        ):
            assert fault(channel, parcel(kind, address), setup(kind.value)).code == "too_large"


@contextmanager
def dripping():
    """The port of a provider that takes a call and says its answer a letter at a time, for as long as it is let."""
    listening = socket.create_server(("127.0.0.1", 0))

    def drip():
        wire, _ = listening.accept()
        with wire:
            wire.recv(65536)
            for letter in b"HTTP/1.1 200 OK\r\n" + b"x" * 10_000:
                try:
                    wire.sendall(bytes([letter]))
                except OSError:
                    return
                time.sleep(0.05)

    thread = threading.Thread(target=drip, daemon=True)
    thread.start()
    yield listening.getsockname()[1]
    thread.join()
    listening.close()


def test_a_provider_that_drips_is_cut_off_in_time():
    with dripping() as port, pytest.raises(Barred) as caught:
        request("POST", f"http://127.0.0.1:{port}/", headers={}, body=b"x", permitted=HERE, seconds=0.5)
    assert caught.value.why is guard.Why.TIMEOUT


@pytest.mark.parametrize("secure", [False, True])
def test_what_apprise_carries_is_cut_off_in_time_under_tls_as_well(secure, tmp_path, monkeypatch):
    files = certificate(tmp_path, "127.0.0.1")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(files[0]))
    monkeypatch.setattr(carried, "SECONDS", 0.5)
    with dripping() as plain, under_tls(files, plain) if secure else nullcontext(plain) as port:
        url = f"{'https' if secure else 'http'}://127.0.0.1:{port}/topic"
        found = fault(Carried(Kind.NTFY), parcel(Kind.NTFY, url), setup("ntfy"))
    assert (found.code, found.unsure) == ("timeout", True)


INSIDE = [
    "127.0.0.1",
    "10.0.0.1",
    "169.254.169.254",
    "192.168.1.1",
    "[::1]",
    "[fd00::1]",
    "[::ffff:10.0.0.1]",
    "0.0.0.0",
]


@pytest.mark.parametrize("host", [*INSIDE, "localhost", "100.64.0.1", "[64:ff9b::a00:1]", "[2002:a00:1::]"])
def test_an_address_that_people_typed_does_not_lead_inside(host):
    nobody = Permitted()
    for channel, kind, url in (
        (Webhook(), Kind.WEBHOOK, f"http://{host}:9/x"),
        (Carried(Kind.NTFY), Kind.NTFY, f"http://{host}:9/topic"),
        (Carried(Kind.APPRISE), Kind.APPRISE, f"gotify://{host}:9/token1234567890"),
    ):
        found = fault(channel, parcel(kind, url), setup(kind.value, permitted=nobody))
        assert found.code in {"forbidden_host", "bad_address"}  # Apprise cannot read every spelling of IPv6


@pytest.mark.parametrize(
    "url", ["syslog://", "dbus://", "mqtt://h/t", "file:///etc/passwd", "mailto://u:p@h", "smpp://u:p@h:1/1/2", "x"]
)
def test_a_service_that_nothing_would_guard_is_not_used(url):
    assert fault(Carried(Kind.APPRISE), parcel(Kind.APPRISE, url), setup("apprise")).code in {
        "bad_address",
        "not_set_up",
    }


def test_a_name_is_resolved_once_and_the_connection_goes_where_it_was_looked_at(monkeypatch):
    """A name server that answers something else the second time (DNS rebinding) gains nothing."""
    asked = []
    with running(receivers.ntfy()) as there:
        known = socket.getaddrinfo

        def lying(host, port, *given, **named):
            if host != "rebind.example":
                return known(host, port, *given, **named)
            asked.append(host)
            found = "93.184.216.34" if len(asked) == 1 else "127.0.0.1"
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (found, port))]

        reached = []
        monkeypatch.setattr(socket, "getaddrinfo", lying)
        monkeypatch.setattr(
            guard.socket, "create_connection", lambda to, **_: reached.append(to) or (_ for _ in ()).throw(OSError())
        )
        with pytest.raises(Barred):
            request("POST", f"http://rebind.example:{there.port}/", headers={}, permitted=Permitted())
    assert asked == ["rebind.example"]
    assert [one[0] for one in reached] == ["93.184.216.34"]
    assert not there.seen


def test_a_voice_is_given_text_and_number_and_no_shell(tmp_path):
    heard = tmp_path / "heard"
    command = f'/bin/sh\n-c\nprintf \'%s|\' "$0" "$1" > {heard}; cat >> {heard}; echo call-7\n{{number}}\n{{extension}}'
    there = setup("phone", {"command": command})
    handed = Voice().send(parcel(Kind.PHONE, "+81312345678;ext=12", text="$(id) `id`"), there)
    assert handed.provider_id == "call-7"
    assert heard.read_text() == "+81312345678|12|$(id) `id`"
    assert fault(Voice(), parcel(Kind.PHONE, "110"), setup("phone", {"command": "/bin/false"})).code == "command"

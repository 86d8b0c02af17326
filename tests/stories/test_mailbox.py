"""Replies by mail, from a real IMAP server (pymap): they answer, once, by their token; bounces and machines do not."""

import imaplib
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from hikeshi.accounts.models import StoredWay
from hikeshi.accounts.ways import Kind
from hikeshi.kernel import clock
from hikeshi.kernel.http import Permitted
from hikeshi.ledger.models import Entry
from hikeshi.notify import actions, answers, links, queries, wording
from hikeshi.notify.handing import Failed, Setup
from hikeshi.notify.messages import Purpose
from hikeshi.notify.models import Course, Delivery, Leg, Mailbox, Outgoing
from hikeshi.notify.replies import imap
from hikeshi.notify.replies.following import Replies
from hikeshi.notify.replies.imap import Step
from hikeshi.notify.replies.trying import Tried, attempt
from hikeshi.notify.wording import Words
from tests import phone, world
from tests.certificates import Files, certificate, under_tls
from tests.mailing import bounce, mail
from tests.phone import Phone, queue, send
from tests.running import eventually, free_port

CHOICES = ("acknowledge", "hand_over", "help")
PYMAP = Path(sys.executable).parent / "pymap"


class Office:
    """The mail server. ``deliver`` puts a mail into the folder that the desk reads."""

    def __init__(self, files: Files | None = None) -> None:
        """With a certificate it takes no password before STARTTLS."""
        self.port = free_port()
        secured = ["--cert", str(files[0]), "--key", str(files[1])] if files else ["--no-tls"]
        words = ["--host", "127.0.0.1", "--port", str(self.port), *secured, "--no-service", "managesieve", "dict"]
        users = ["--demo-data", "--demo-user", "desk", "--demo-password", "right"]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self.process = subprocess.Popen([str(PYMAP), *words, *users], **quiet)
        eventually(self._is_there)
        self.line = imaplib.IMAP4("127.0.0.1", self.port)
        if files:
            self.line.starttls(ssl.create_default_context(cafile=files[0]))
        self.line.login("desk", "right")

    def _is_there(self) -> bool:
        with socket.socket() as one:
            return one.connect_ex(("127.0.0.1", self.port)) == 0

    def deliver(self, raw: bytes) -> None:
        done, said = self.line.append("INBOX", "", imaplib.Time2Internaldate(time.time()), raw)
        assert done == "OK", said

    def last(self) -> int:
        self.line.select("INBOX", readonly=True)
        found = int(self.line.uid("SEARCH", "ALL")[1][0].split()[-1])
        self.line.close()
        return found

    def close(self) -> None:
        self.line.logout()
        self.process.terminate()
        self.process.wait(60)

    def set_up(self, **more: object) -> None:
        given = {"host": "127.0.0.1", "sender": "desk@example.jp", "reply_to": "desk@example.jp", "security": "none"}
        given |= {"imap_host": "127.0.0.1", "imap_port": str(self.port), "imap_security": "none"}
        given |= {"imap_username": "desk", "imap_password": "right", **more}
        actions.set_channel(by=world.admin(), kind="mail", given=given)


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    one = Office()
    yield one
    one.close()


@pytest.fixture
def loop() -> Iterator[Replies]:
    one = Replies(first_pause=0.05)
    yield one
    one.close()


@pytest.fixture
def acted(monkeypatch, settings) -> list[tuple[str, str]]:
    """What the answers to pages about ``test:`` did, and by whom."""
    settings.PUBLIC_URL = "https://desk.example"
    done: list[tuple[str, str]] = []
    monkeypatch.setitem(wording._writers, (Purpose.PAGE, "test"), lambda *_: Words("x", "y", choices=CHOICES))
    act = lambda *, by, message, choice: done.append((by.ref, choice))  # noqa: E731
    monkeypatch.setitem(answers._acts, (Purpose.PAGE, "test"), act)
    return done


def reads(loop: Replies, until) -> None:
    def looked() -> bool:
        loop.step(clock.now())
        return until()

    eventually(looked)


def read_to(loop: Replies, office: Office) -> None:
    """Everything that lies there by now."""
    last = office.last()
    reads(loop, lambda: Mailbox.objects.filter(uid__gte=last).exists())


def page(person, mailbox: Phone, key: str = "k") -> tuple[Outgoing, str]:
    row = queue(person, key, purpose=Purpose.PAGE, subject=f"test:{key}", urgency=3)
    send()
    return row, mailbox.rang[-1].token


def told(name: str) -> int:
    return Entry.objects.filter(fact=f"notify.{name}").count()


def test_a_reply_answers_by_its_token_and_never_by_its_sender(office, loop, acted):
    mori, box = world.person("mori"), Phone()
    phone.way(mori, Kind.MAIL, "mori@example.jp")
    office.set_up()
    with phone.ringing(mail=box):
        _, first = page(mori, box, "one")
        _, second = page(mori, box, "two")
        office.deliver(mail("1\n", From="mori@example.jp", To="desk@example.jp"))
        office.deliver(mail("1\n", To=f"desk+{first}@example.jp", **{"Auto-Submitted": "auto-replied"}))
        office.deliver(mail("1\n", To=f"desk+{links.mark(Delivery.objects.first().uuid)}@example.jp"))
        read_to(loop, office)
        assert acted == []
        office.deliver(mail("応援\n", From="another@example.com", **{"In-Reply-To": f"<{first}.1@example.jp>"}))
        office.deliver(mail("OK\n", To=f"desk+{second}@example.jp"))
        read_to(loop, office)
    assert acted == [(f"person:{mori.uuid}", "help"), (f"person:{mori.uuid}", "acknowledge")]
    assert Outgoing.objects.get(key="two").course == Course.ANSWERED
    assert StoredWay.objects.get().proof == "answered"


def test_what_was_not_understood_is_said_once_and_read_again_does_nothing(office, loop, acted):
    mori, box = world.person("mori"), Phone()
    phone.way(mori, Kind.MAIL, "mori@example.jp")
    office.set_up()
    with phone.ringing(mail=box):
        _, token = page(mori, box)
        for text in ("I shall look at it\n", "later\n", "2\n"):
            office.deliver(mail(text, To=f"desk+{token}@example.jp"))
        read_to(loop, office)
        assert acted == [(f"person:{mori.uuid}", "hand_over")]
        Mailbox.objects.update(uid=0)  # as after a restored backup, or a server that numbers anew
        loop.close()
        read_to(loop, office)
        send()
    assert acted == [(f"person:{mori.uuid}", "hand_over")]
    assert Outgoing.objects.filter(subject__startswith="reply:").count() == 1
    asked_again = box.rang[-1]
    assert f"/a/{token}" in asked_again.text
    assert asked_again.token == ""


def test_a_reply_to_a_bundle_takes_all_of_it_or_says_that_it_cannot(office, loop, acted):
    mori, box = world.person("mori"), Phone()
    phone.way(mori, Kind.MAIL, "mori@example.jp")
    office.set_up()
    with phone.ringing(mail=box):
        for key in ("one", "two", "three"):
            queue(mori, key, purpose=Purpose.PAGE, subject=f"test:{key}", urgency=1)
        send()
        (bundle,) = box.rang
        assert bundle.choices == ("acknowledge",)
        office.deliver(mail("2\n", To=f"desk+{bundle.token}@example.jp"))
        read_to(loop, office)
        assert (acted, Outgoing.objects.get(subject__startswith="reply:").about["why"]) == ([], "bundled")
        office.deliver(mail("1\n", To=f"desk+{bundle.token}@example.jp"))
        read_to(loop, office)
    assert acted == [(f"person:{mori.uuid}", "acknowledge")] * 3
    assert set(Outgoing.objects.filter(purpose="page").values_list("course", flat=True)) == {Course.ANSWERED}


def test_a_bounce_casts_doubt_and_the_next_way_is_tried(office, loop, acted):
    mori, box, ntfy = world.person("mori"), Phone(), Phone()
    first = phone.way(mori, Kind.MAIL, "gone@example.jp")
    phone.way(mori)
    office.set_up()
    with phone.ringing(mail=box, ntfy=ntfy):
        row = queue(mori, purpose=Purpose.TOLD, subject="channel:mail", about={"kind": "mail"}, urgency=3)
        send()
        assert not ntfy.rang
        for _ in range(2):
            office.deliver(bounce(box.rang[0].mark))
        office.deliver(bounce(links.mark(row.uuid)))
        read_to(loop, office)
        send()
    assert StoredWay.objects.get(uuid=first).trouble == "bounced"
    assert Delivery.objects.get(way=first).leg == Leg.FAILED
    assert (len(ntfy.rang), told("MessageBounced")) == (1, 1)


def test_a_mailbox_that_cannot_be_read_is_told_by_something_else_than_mail_and_mends(office, loop, acted):
    keeper = world.person("keeper", "administrator")
    phone.way(keeper, Kind.MAIL, "keeper@example.jp")
    phone.way(keeper)
    box, ntfy = Phone(), Phone()
    office.set_up(imap_password="wrong")
    with phone.ringing(mail=box, ntfy=ntfy):
        reads(loop, lambda: Mailbox.objects.filter(broken_at__isnull=False).exists())
        send()
        assert queries.mailbox(world.admin()).trouble == "unauthorised"
        assert [one.about["subject"] for one in ntfy.rang] == ["mailbox:mail"]
        assert not box.rang
        actions.set_channel(by=world.admin(), kind="mail", given={"imap_password": "right"})
        loop.close()
        reads(loop, lambda: Mailbox.objects.filter(broken_at=None).exists())
    assert (told("MailboxBroken"), told("MailboxMended")) == (1, 1)
    assert queries.mailbox(world.admin()).state == "working"


def refusal(port: int, security: str) -> str:
    plain = {"imap_host": "127.0.0.1", "imap_port": str(port), "imap_security": security, "imap_username": "desk"}
    with pytest.raises(Failed) as failed:
        imap.Mailbox(Setup("mail", True, plain, {"imap_password": "right"}, Permitted()))
    return failed.value.fault.code


def tried(port: int, **given: str) -> Tried:
    secret = {"imap_password": given.pop("word", "right")}
    plain = {"imap_host": "127.0.0.1", "imap_port": str(port), "imap_security": "none", "imap_username": "desk"}
    return attempt(Setup("mailbox", True, {**plain, **given}, secret, Permitted()))


def test_the_test_of_a_connection_names_the_step_that_fails_and_leaves_the_mailbox_as_it_was(office):
    before = office.last()
    assert tried(office.port).failed is None
    assert [state for _, state in tried(office.port).steps] == ["done"] * 5
    for step, trouble, found in (
        (Step.NAME, "no_name", tried(office.port, imap_host="no..such..name")),
        (Step.REACH, "unreachable", tried(free_port())),
        (Step.TLS, "unreachable", tried(office.port, imap_security="tls")),
        (Step.TLS, "provider", tried(office.port, imap_security="starttls")),
        (Step.SIGN_IN, "unauthorised", tried(office.port, word="wrong")),
        (Step.FOLDER, "no_folder", tried(office.port, imap_folder="Nowhere")),
    ):
        assert (found.failed, found.trouble) == (step, trouble)
        states = [state for _, state in found.steps]
        assert states.count("failed") == 1, "what comes after it was not come to"
        assert states.index("failed") == states.count("done")
    assert office.last() == before


def test_what_answers_there_and_is_no_mail_server_is_said():
    with socket.create_server(("127.0.0.1", 0)) as ear:
        speaking = threading.Thread(target=_nonsense, args=(ear,))
        speaking.start()
        found = tried(ear.getsockname()[1])
        speaking.join()
    assert (found.failed, found.trouble) == (Step.GREETING, "provider")


def _nonsense(ear: socket.socket) -> None:
    wire, _ = ear.accept()
    with wire:
        wire.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")


def test_a_certificate_that_is_not_believed_is_shown_in_its_own_words(office, tmp_path, monkeypatch):
    strange = certificate(tmp_path, "127.0.0.1")
    elsewhere = certificate(tmp_path, "mail.example.jp")
    for known, files, word in ((False, strange, "self-signed"), (True, elsewhere, "not valid for")):
        trusting(monkeypatch, *([files] if known else []))
        with under_tls(files, office.port) as port:
            found = tried(port, imap_security="tls")
        assert (found.failed, found.trouble) == (Step.TLS, "certificate")
        assert word in found.detail
    trusting(monkeypatch, strange)
    with under_tls(strange, office.port) as port:
        assert tried(port, imap_security="tls").failed is None


def trusting(monkeypatch: pytest.MonkeyPatch, *files: Files) -> None:
    """As a machine that has the authorities of these."""
    context = ssl.create_default_context()
    for one in files:
        context.load_verify_locations(one[0])
    monkeypatch.setattr(imap, "trust", lambda: context)


def answered_over(security: str, port: int, office: Office, loop: Replies) -> None:
    mori, box = world.person("mori"), Phone()
    phone.way(mori, Kind.MAIL, "mori@example.jp")
    office.set_up(imap_port=str(port), imap_security=security)
    with phone.ringing(mail=box):
        _, token = page(mori, box)
        office.deliver(mail("1\n", To=f"desk+{token}@example.jp"))
        read_to(loop, office)
    loop.close()


def test_replies_come_under_tls_and_no_password_goes_to_a_server_whose_certificate_is_not_its_own(
    office, loop, acted, tmp_path, monkeypatch
):
    right, elsewhere = certificate(tmp_path, "127.0.0.1"), certificate(tmp_path, "mail.example.jp")
    over = certificate(tmp_path, "127.0.0.1", old=True)
    for files, known in ((right, False), (elsewhere, True), (over, True)):
        trusting(monkeypatch, *([files] if known else []))
        with under_tls(files, office.port) as port:
            assert refusal(port, "tls") == "certificate"
    trusting(monkeypatch, right)
    assert refusal(office.port, "tls") == "unreachable", "a server that speaks plainly is not spoken to plainly"
    with under_tls(right, office.port) as port:
        answered_over("tls", port, office, loop)
    assert [choice for _, choice in acted] == ["acknowledge"]


def test_replies_come_under_starttls_and_a_server_that_does_not_offer_it_gets_no_password(
    office, loop, acted, tmp_path, monkeypatch
):
    right = certificate(tmp_path, "127.0.0.1")
    secured = Office(right)
    try:
        trusting(monkeypatch)
        assert refusal(secured.port, "starttls") == "certificate"
        trusting(monkeypatch, right)
        assert refusal(office.port, "starttls") == "provider"
        answered_over("starttls", secured.port, secured, loop)
    finally:
        secured.close()
    assert [choice for _, choice in acted] == ["acknowledge"]

"""Mail handed over by other servers, over real sockets: kept before 250, refused before it is sent."""

import smtplib
import socket

import pytest

from hikeshi.kernel import clock
from hikeshi.mailboxes import receiving
from hikeshi.mailboxes.ports import BadMail, read_ports
from hikeshi.mailboxes.receiving import Receiver
from tests.mailing import mail

KNOWN = {"desk@example.jp": "the-mailbox"}


@pytest.fixture
def kept(monkeypatch):
    taken = []
    monkeypatch.setattr(receiving, "_mailbox_at", KNOWN.get)
    monkeypatch.setattr(receiving, "_keep", lambda addresses, raw: taken.append((addresses, raw)))
    return taken


def opened(settings, ports="smtp:0", senders="127.0.0.1"):
    settings.MAIL_RECEIVER = read_ports(ports, senders)
    receiver = Receiver()
    receiver.step(clock.now())
    return receiver


def test_a_mail_is_kept_before_it_is_acknowledged_and_a_stranger_is_told_so(kept, settings, monkeypatch):
    receiver = opened(settings)
    try:
        with smtplib.SMTP("127.0.0.1", receiver.opened[0], timeout=60) as line:
            line.sendmail("a@example.jp", ["desk@example.jp"], mail("hello"))
            line.sendmail("", ["desk@example.jp"], mail("bounced"))
            with pytest.raises(smtplib.SMTPRecipientsRefused):
                line.sendmail("a@example.jp", ["nobody@example.jp"], mail("hello"))

            def broken(addresses, raw):
                raise OSError("the disk is full")

            monkeypatch.setattr(receiving, "_keep", broken)
            with pytest.raises(smtplib.SMTPDataError) as later:
                line.sendmail("a@example.jp", ["desk@example.jp"], mail("hello"))
            assert later.value.smtp_code == 451
    finally:
        receiver.close()
    assert [b"hello" in raw for _, raw in kept] == [True, False]
    assert kept[1][1].startswith(b"Return-Path: <>\r\n")


def test_a_mail_too_large_is_refused_and_the_next_on_the_line_is_taken(kept, settings, monkeypatch):
    monkeypatch.setattr(receiving, "LARGEST", 100_000)
    receiver = opened(settings)
    try:
        with smtplib.SMTP("127.0.0.1", receiver.opened[0], timeout=60) as line:
            line.docmd("EHLO", "there")
            line.docmd("MAIL", "FROM:<a@example.jp>")  # says nothing of its size
            line.docmd("RCPT", "TO:<desk@example.jp>")
            with pytest.raises(smtplib.SMTPDataError) as refused:
                raise smtplib.SMTPDataError(*line.data(mail("x" * 70 + "\r\n") + b"y" * 200_000))
            assert refused.value.smtp_code in {500, 552}
            line.sendmail("a@example.jp", ["desk@example.jp"], mail("hello"))
    finally:
        receiver.close()
    assert [b"hello" in raw for _, raw in kept] == [True]


def test_a_line_longer_than_the_standard_lets_anybody_send_is_kept_whole_and_one_without_end_refused(kept, settings):
    head = b"From: a@example.jp\r\nSubject: x\r\n\r\n"
    long = head + b"x" * 200_000 + b"\r\n"
    receiver = opened(settings)
    try:
        with smtplib.SMTP("127.0.0.1", receiver.opened[0], timeout=60) as line:
            line.sendmail("a@example.jp", ["desk@example.jp"], long)
            with pytest.raises(smtplib.SMTPDataError) as refused:
                line.sendmail("a@example.jp", ["desk@example.jp"], head + b"y" * 600_000 + b"\r\n")
            assert refused.value.smtp_code == 500
            line.sendmail("a@example.jp", ["desk@example.jp"], mail("hello"))
    finally:
        receiver.close()
    assert [raw == long for _, raw in kept] == [True, False]


def test_lmtp_takes_one_recipient_at_a_time(kept, settings):
    receiver = opened(settings, "lmtp:0")
    try:
        with smtplib.LMTP("127.0.0.1", receiver.opened[0]) as line:
            refused = line.sendmail("a@example.jp", ["desk@example.jp", "desk@example.jp"], mail("hello"))
        assert [code for code, _ in refused.values()] == [452]
    finally:
        receiver.close()
    assert len(kept) == 1


def test_a_server_that_is_not_named_is_not_heard(kept, settings):
    receiver = opened(settings, senders="192.0.2.1")
    try:
        with socket.create_connection(("127.0.0.1", receiver.opened[0]), 5) as wire:
            assert not wire.recv(100)
    except ConnectionResetError:
        pass
    finally:
        receiver.close()
    assert not kept


@pytest.mark.parametrize(
    ("ports", "senders"),
    [
        ("smtp:2525", ""),
        ("pop:110", "127.0.0.1"),
        ("smtp:x", "127.0.0.1"),
        ("smtp:10.0.0.5:25", "10.0.0.1"),
        ("smtp:25", "x"),
    ],
)
def test_what_cannot_be_meant_is_said_at_the_start(ports, senders):
    with pytest.raises(BadMail):
        read_ports(ports, senders)

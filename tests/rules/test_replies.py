"""What a mail that came back says: an answer, a question to be put again, a machine, or a bounce."""

from email.message import EmailMessage
from email.policy import SMTP

import pytest

from hikeshi.notify.replies import reading
from hikeshi.notify.replies.reading import Sort
from tests.mailing import TOKEN, bounce, mail


@pytest.mark.parametrize(
    ("line", "choice"),
    [
        ("1", "acknowledge"),
        ("１。", "acknowledge"),
        ("OK!", "acknowledge"),
        ("対応します。", "acknowledge"),
        ("  応答", "acknowledge"),
        ("2", "hand_over"),
        ("引き継ぎ", "hand_over"),
        ("Help", "help"),
        ("応援", "help"),
        ("1 hour from now I may look", ""),
        ("対応しません", ""),
        ("12", ""),
        ("", ""),
        ("> 1", ""),
    ],
)
def test_a_whole_first_line_is_the_answer_and_nothing_else_is(line, choice):
    found = reading.read(mail(f"\n{line}\n\n> 2\n> https://desk.example/a/{TOKEN}\n"))
    assert (found.choice, found.sort) == (choice, Sort.ANSWER if choice else Sort.UNCLEAR)
    assert found.tokens == (TOKEN,)


@pytest.mark.parametrize(
    "headers",
    [
        {"Reply-To": "x@example.jp", "To": f"desk+{TOKEN}@example.jp"},
        {"Delivered-To": f"desk+{TOKEN}@example.jp"},
        {"In-Reply-To": f"<{TOKEN}.010203000000@example.jp>"},
        {"References": f"<thread@example.jp> <{TOKEN}.010203000000@example.jp>"},
        {"Subject": f"Re: [{TOKEN}]"},
    ],
)
def test_the_token_is_found_wherever_a_mail_program_leaves_it(headers):
    assert reading.read(mail("1\n", **headers)).tokens == (TOKEN,)


@pytest.mark.parametrize("charset", ["iso-2022-jp", "shift_jis", "euc-jp", "utf-8", "x-nobody-knows"])
def test_any_charset_of_a_japanese_mail_program_is_read(charset):
    known = "utf-8" if charset.startswith("x-") else charset
    head = f"From: a@example.jp\r\nTo: desk+{TOKEN}@example.jp\r\nContent-Type: text/plain; charset={charset}\r\n\r\n"
    assert reading.read(head.encode() + "対応します\r\n".encode(known)).choice == "acknowledge"


def test_a_reply_in_html_alone_is_read():
    written = EmailMessage(policy=SMTP)
    written["To"] = f"desk+{TOKEN}@example.jp"
    written.set_content("<html><head><style>p{}</style></head><body><div>応援</div><p>..</p></body></html>", "html")
    assert reading.read(written.as_bytes()).choice == "help"


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto-Submitted": "auto-replied"},
        {"Auto-Submitted": "auto-generated; type=x"},
        {"X-Autoreply": "yes"},
        {"Precedence": "auto_reply"},
        {"Return-Path": "<>"},
    ],
)
def test_a_machine_answers_nothing_whatever_it_writes(headers):
    assert reading.read(mail("1\n", To=f"desk+{TOKEN}@example.jp", **headers)).sort is Sort.MACHINE


def test_auto_submitted_no_is_a_person():
    assert reading.read(mail("1\n", **{"Auto-Submitted": "no"})).sort is Sort.ANSWER


@pytest.mark.parametrize("whole", [True, False])
def test_a_bounce_names_the_mail_that_came_back(whole):
    found = reading.read(bounce(TOKEN, whole=whole))
    assert (found.sort, TOKEN in found.tokens) == (Sort.BOUNCE, True)
    assert reading.read(bounce(TOKEN, action="delayed")).sort is Sort.MACHINE


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00\xff" * 500,
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=x\r\n\r\n--x\r\n--x--",
        b'Content-Type: multipart/mixed; boundary="' + b"a" * 5000 + b'"\r\n\r\n--a',
        b"Subject: =?iso-2022-jp?B?!!!?=\r\nTo: <<>>@@,,;\r\nContent-Type: text/plain; charset=\xff\r\n\r\n\xff",
        b"Content-Type: text/html\r\n\r\n" + b"<" * 100_000,
    ],
)
def test_whatever_strangers_write_is_no_answer_and_no_error(raw):
    assert reading.read(raw).choice == ""

"""Mail as it really comes: no charset, header or nesting of it makes the desk stumble, or lose a word."""

import base64
import email.policy
import io
import struct
import time
import tracemalloc
import zipfile
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hikeshi.mail.charsets import decoded, looked_at
from hikeshi.mail.headers import words
from hikeshi.mail.letters import read
from hikeshi.mail.machines import Automatic
from hikeshi.mail.marked_up import text_of
from hikeshi.mail.proof import proof
from hikeshi.mail.quoting import new_part
from hikeshi.mail.traces import defanged, traces

WORDS = "生№4 ①新田様邸 ｶﾅ 髙﨑"
JIS_ROW_13 = b"\x1b$B@8-bN;XN(B"


def in_jis(text):
    """As Outlook writes it: what Python's own codec cannot, by way of CP932."""
    shown, kind = b"", b""
    for letter in text:
        raw = letter.encode("cp932")
        if len(raw) == 2:
            lead, trail = raw
            row = (lead - (0x81 if lead < 0xA0 else 0xC1)) * 2 + 0x21
            row, cell = (row + 1, trail - 0x7E) if trail >= 0x9F else (row, trail - (0x1F if trail < 0x80 else 0x20))
            new, piece = b"\x1b$B", bytes((row, cell))
        elif raw[0] >= 0xA1:
            new, piece = b"\x1b(I", bytes((raw[0] & 0x7F,))
        else:
            new, piece = b"\x1b(B", raw
        shown += (new if new != kind else b"") + piece
        kind = new
    return shown + (b"\x1b(B" if kind != b"\x1b(B" else b"")


def plain(body, charset="", *heads, how="8bit"):
    label = b"; charset=" + charset.encode() if charset else b""
    lines = [
        b"From: a@example.jp",
        *heads,
        b"Content-Type: text/plain" + label,
        b"Content-Transfer-Encoding: " + how.encode(),
    ]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


@pytest.mark.parametrize(
    "label", ["iso-2022-jp", "ISO-2022-JP-MS", "cp50221", "CP50220", "", "us-ascii", "utf-8", "made-up"]
)
def test_japanese_of_seven_bits_is_read_under_every_label(label):
    assert decoded(in_jis(WORDS), label) == WORDS
    assert read(plain(in_jis(WORDS), label)).text == WORDS


@pytest.mark.parametrize("label", ["shift_jis", "Shift_JIS", "windows-31j", "x-sjis", "", "us-ascii", "iso-2022-jp"])
def test_cp932_is_read_though_it_calls_itself_something_else(label):
    text = "至急：①番サーバーが暗号化されました"
    assert read(plain(text.encode("cp932"), label)).text == text


@pytest.mark.parametrize(
    ("raw", "label", "text"),
    [
        ("至急の連絡です".encode("euc_jp"), "", "至急の連絡です"),
        ("①".encode("cp932") and b"\xad\xa1\xb2\xf3\xcc\xdc", "euc-jp", "①回目"),
        ("急件".encode("gb18030"), "gb2312", "急件"),
        ("至急".encode(), "iso-8859-1", "至急"),
        ("至急".encode(), "shift_jis", "至急"),
        ("caf\u00e9".encode("latin-1"), "iso-8859-1", "caf\u00e9"),
        ("至急".encode(), "zlib", "至急"),
        (b"\x1b$B@8", "iso-2022-jp", "生"),
    ],
)
def test_a_wrong_label_costs_no_word(raw, label, text):
    assert decoded(raw, label) == text


def coded(raw, charset="ISO-2022-JP"):
    return f"=?{charset}?B?{base64.b64encode(raw).decode()}?="


def test_headers_are_read_as_they_are_written():
    cut = "緊急連絡".encode()
    assert words(f"{coded(cut[:4], 'UTF-8')}\r\n {coded(cut[4:], 'UTF-8')}") == "緊急連絡"
    shifted = in_jis("生№4")
    assert words(coded(shifted)) == words(coded(shifted, "iso-2022-jp-ms")) == words(coded(shifted, "")) == "生№4"
    assert words(coded("①至急".encode("cp932"), "Shift_JIS")) == "①至急"
    assert words("=?utf-8?Q?=E7=B7=8A_=E6=80=A5?=") == "緊 急"
    assert words("Re: =?utf-8?B?57eK5oCl?= [1]") == "Re: 緊急 [1]"
    assert words("Re: =?utf-8?B?57eK5oCl") == "Re: 緊急"  # cut at a number of letters
    assert words("=?utf-8?B?57eK5oCl and more") == "=?utf-8?B?57eK5oCl and more"
    assert words("name\u202egpj.exe") == "namegpj.exe"


def test_headers_of_raw_bytes_are_read_by_what_they_look_like():
    for how in ("utf-8", "cp932", "euc_jp"):
        letter = read(plain(b"x", "", b"Subject: " + "サーバーの警告です".encode(how)))
        assert letter.subject == "サーバーの警告です"
    assert read(plain(b"x", "", b"Subject: \x1b$B7Y9p\x1b(B")).subject == "警告"


def test_an_address_is_not_torn_by_a_comma_in_its_name_and_two_senders_are_none():
    name = coded("山田, 太郎".encode(), "UTF-8")
    letter = read(b"From: " + name.encode() + b" <taro@example.jp>\r\n\r\nx")
    assert (letter.sender.name, letter.sender.address) == ("山田, 太郎", "taro@example.jp")
    assert read(b"From: a@example.jp\r\nFrom: b@example.jp\r\n\r\nx").sender.address == ""
    assert read(b"From: a@example.jp, b@example.jp\r\n\r\nx").sender.address == ""


def test_long_ids_are_known_again_however_they_were_written():
    long = f"<{'a1' * 60}@example.jp>"
    mail = EmailMessage(policy=email.policy.SMTP)
    mail["In-Reply-To"] = long
    assert read(mail.as_bytes()).follows == (long.strip("<>"),)
    assert read(b"References: <a@x>\r\n " + long.encode() + b"\r\n\r\nx").follows == ("a@x", long.strip("<>"))


def suspicious():
    bad = EmailMessage()
    bad["From"], bad["Reply-To"], bad["Subject"] = "Bank <bank@evil.example>", "x@other.example", "至急"
    bad["Message-ID"] = "<bad@evil.example>"
    bad.set_content("https://evil.example/login?a=1 を開いて")
    bad.add_alternative(
        '<p>One<br>two</p><script>no</script><a href="https://evil.example/h">click</a>', subtype="html"
    )
    bad.add_attachment(b"MZ", maintype="application", subtype="octet-stream", filename="請求書.exe")
    return bad


def test_a_forwarded_mail_gives_its_traces_and_no_link_of_it_can_be_opened():
    mail = EmailMessage(policy=email.policy.SMTP)
    mail["From"], mail["Subject"] = "taro@example.jp", "Fwd"
    mail.set_content("怪しいメールです")
    mail.add_attachment(suspicious(), filename="bad.eml")
    letter = read(mail.as_bytes())
    assert letter.text == "怪しいメールです"
    assert [one.name for one in letter.files] == ["bad.eml"]
    found = {(one.kind, one.value) for one in traces(letter.letters[0])}
    assert ("sender", "Bank <bank[@]evil[.]example>") in found
    assert ("reply_to", "x[@]other[.]example") in found
    assert ("url", "hxxps[://]evil[.]example/login?a=1") in found
    assert ("url", "hxxps[://]evil[.]example/h") in found
    assert any(kind == "file" and value.startswith("請求書.exe  SHA-256 ") for kind, value in found)
    assert "http" not in defanged("HTTPS://a.example/x").casefold().replace("hxxp", "")


def test_a_mail_attached_as_a_mere_file_is_a_mail():
    mail = EmailMessage()
    mail.set_content("x")
    mail.add_attachment(suspicious().as_bytes(), maintype="application", subtype="octet-stream", filename="a.EML")
    assert read(mail.as_bytes()).letters[0].subject == "至急"


@pytest.mark.parametrize("kind", [b"application/\0pdf", b"image/p\xffng", b"application/<b>"])
def test_a_file_whose_kind_is_none_is_a_file_of_any_kind(kind):
    raw = b"Content-Type: " + kind + b'\r\nContent-Disposition: attachment; filename="a.bin"\r\n\r\nbytes'
    assert [(one.name, one.content_type) for one in read(raw).files] == [("a.bin", "application/octet-stream")]


def test_marked_up_mail_becomes_what_one_sees():
    raw = plain("<style>x{}</style><p>一行目<br>二行目</p><div>a &lt; b&amp;c</div>".encode(), "utf-8").replace(
        b"text/plain", b"text/html"
    )
    assert read(raw).text == "一行目\n二行目\na < b&c"
    assert text_of("<<script>script>alert(1)</script>").find("<script") == -1


def attribute(level, name, data):
    return struct.pack("<BHHI", level, name, 0, len(data)) + data + b"\0\0"


def test_winmail_dat_gives_its_files_under_their_own_names():
    long = "見積書 ①.xlsx".encode("utf-16-le") + b"\0\0"
    properties = struct.pack("<IHHII", 1, 0x1F, 0x3707, 1, len(long)) + long + b"\0" * (-len(long) % 4)
    raw = struct.pack("<IH", 0x223E9F78, 1) + attribute(1, 0x800C, "本文です".encode("cp932") + b"\0")
    raw += attribute(2, 0x9002, b"\0" * 14) + attribute(2, 0x8010, b"MITSUM~1.XLS\0") + attribute(2, 0x800F, b"PK")
    raw += attribute(2, 0x9005, properties)
    mail = EmailMessage()
    mail["From"] = "a@example.jp"
    mail.add_attachment(raw, maintype="application", subtype="ms-tnef", filename="winmail.dat")
    letter = read(mail.as_bytes())
    assert letter.text == "本文です"
    assert [(one.name, one.content) for one in letter.files] == [("見積書 ①.xlsx", b"PK"), ("winmail.dat", raw)]


@pytest.mark.parametrize(
    ("heads", "sort"),
    [
        ([], Automatic.NO),
        ([b"Auto-Submitted: auto-replied (holiday)"], Automatic.REPLY),
        ([b"Auto-Submitted: auto-generated"], Automatic.SENT),
        ([b"Auto-Submitted: no"], Automatic.NO),
        ([b"X-Autoreply: yes"], Automatic.REPLY),
        ([b"Precedence: bulk"], Automatic.LIST),
        ([b"List-Id: <a.example.jp>"], Automatic.LIST),
        ([b"Return-Path: <>"], Automatic.BOUNCE),
        ([b"Content-Type: multipart/report; boundary=x"], Automatic.BOUNCE),
        ([b"Content-Type: multipart/report; report-type=delivery-status; boundary=x"], Automatic.BOUNCE),
        ([b"Content-Type: multipart/report; report-type=disposition-notification; boundary=x"], Automatic.REPLY),
        ([b"Content-Type: multipart/report; report-type=feedback-report; boundary=x"], Automatic.SENT),
        ([b"Auto-Submitted: auto-generated", b"In-Reply-To: <a@b>", b"Subject: Automatic reply: x"], Automatic.REPLY),
        (
            [
                b"Auto-Submitted: auto-generated",
                b"References: <a@b>",
                "Subject: 自動応答: 障害の件".encode(),
            ],
            Automatic.REPLY,
        ),
        ([b"Auto-Submitted: auto-generated", b"In-Reply-To: <a@b>", b"Subject: Disk full on db1"], Automatic.SENT),
    ],
)
def test_what_a_machine_wrote_is_known(heads, sort):
    assert read(plain(b"x", "", *heads)).automatic is sort


def test_whoever_asks_for_no_answer_gets_none():
    assert read(plain(b"x", "", b"X-Auto-Response-Suppress: DR, OOF, AutoReply")).unanswerable
    assert not read(plain(b"x")).unanswerable


def test_only_the_server_that_was_named_speaks_for_a_sender():
    said = b"Authentication-Results: %s; spf=pass;\r\n dkim=pass; dmarc=%s header.from=example.jp"

    def told(*heads):
        letter = read(plain(b"x", "", *heads))
        return letter.sender, proof(letter.mail, ["MX.example.jp"])

    sender, found = told(said % (b"mx.evil.example", b"pass"))
    assert not found.of(sender)
    assert told(said % (b"mx.example.jp", b"fail"), said % (b"mx.example.jp", b"pass"))[1].forged
    sender, found = told(said % (b"mx.example.jp", b"pass"))
    assert found.of(sender)
    sender, found = told((said % (b"mx.example.jp", b"pass")).replace(b"from=example.jp", b"from=evil.example"))
    assert not found.of(sender)


def test_a_reply_says_what_is_new_in_it():
    assert new_part("はい。\n\n2026年8月1日(土) 10:00 Desk <d@example.jp>:\n> 大丈夫ですか") == "はい。"
    assert new_part("Yes\n-----Original Message-----\nFrom: x") == "Yes"
    assert new_part("> only") == "> only"


def nested(deep):
    head = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (one, one) for one in range(deep))
    return b"From: a@example.jp\r\nSubject: deep\r\n" + head + b"Content-Type: text/plain\r\n\r\nthe words"


@pytest.mark.parametrize(
    "raw", [nested(100), nested(10_000), b"Content-Type: message/rfc822\r\n\r\n" * 200 + b"\r\nthe words"]
)
def test_a_mail_bomb_costs_little_and_keeps_its_words(raw):
    began = time.process_time()
    letter = read(raw)
    spoken = letter.text + "".join(one.content.decode("utf-8", "replace") for one in letter.files)
    assert "the words" in spoken
    assert time.process_time() - began < 30


def wide(many):
    head = b"From: b@example.jp\r\nSubject: wide\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    part = b"--b\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; filename=%d\r\n\r\nx\r\n"
    return head + b"".join(part % one for one in range(many)) + b"--b--\r\n"


def test_a_mail_of_more_parts_than_anybody_sends_is_read_as_one_piece():
    assert len(read(wide(90)).files) == 90
    flat = read(wide(3_000))
    assert (flat.subject, flat.files) == ("wide", ())
    assert "filename=0" in flat.text


def test_an_archive_that_unpacks_to_gigabytes_stays_the_file_it_is():
    """Nothing is unpacked on the way in; whoever opens it does so on a machine of their own."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("a", "w") as inside:
        for _ in range(64):
            inside.write(bytes(1024 * 1024))
    mail = EmailMessage()
    mail.set_content("the words")
    mail.add_attachment(packed.getvalue(), maintype="application", subtype="zip", filename="bomb.zip")
    raw = mail.as_bytes()
    tracemalloc.start()
    letter = read(raw)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [one.content for one in letter.files] == [packed.getvalue()]
    assert letter.text == "the words"
    assert most < 20 * len(raw) + 1024 * 1024


def test_marks_without_end_cost_little():
    began = time.process_time()
    for html in ("<div>" * 200_000, "<!--" * 200_000, "<a href=" * 100_000, "&" * 500_000):
        text_of(html)
    assert time.process_time() - began < 60


def test_every_sample_is_read():
    found = sorted(Path(__file__).parents[1].joinpath("sources").rglob("*.eml"))
    for path in found:
        letter = read(path.read_bytes())
        assert letter.text or letter.files


LINES = st.sampled_from(
    [
        *(
            b"Content-Type: multipart/mixed; boundary=b",
            b"--b",
            b"--b--",
            b"",
            b"Content-Type: text/html; charset=utf-7",
        ),
        *(b"Content-Transfer-Encoding: base64", b"Content-Disposition: attachment; filename*=iso-2022-jp''%1B"),
        *(
            b"Subject: =?",
            b"From: =?utf-8?B?=?=,<",
            b"Content-Type: message/rfc822",
            b"Content-Type: application/ms-tnef",
        ),
        *(b"\x1b$B", b"<p>&#x110000;", b"Date: Mon, 99 Foo 99999 25:61:61 +9999", b"To: \xff\xfe"),
        *(b"Content-Type: message/delivery-status", b"\x78\x9f\x3e\x22\x00\x00\x02"),
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(LINES, st.binary(max_size=60)), max_size=30))
def test_whatever_comes_is_read_without_a_fall(lines):
    letter = read(b"\r\n".join(lines))
    letter.text.encode()
    letter.subject.encode()
    proof(letter.mail, ["mx"])
    traces(letter)


@settings(max_examples=200, deadline=None)
@given(
    st.binary(max_size=200),
    st.sampled_from(["", "iso-2022-jp", "shift_jis", "euc-jp", "utf-7", "idna", "undefined", "\x00"]),
)
def test_no_bytes_under_any_label_are_too_much(raw, label):
    assert isinstance(decoded(raw, label), str)
    assert isinstance(looked_at(raw), str)


@settings(max_examples=200, deadline=None)
@given(
    st.text(
        alphabet=st.characters(
            codec="cp932", exclude_categories=("Cc", "Co"), exclude_characters="\xa2\xa3\xac\u2016\u2212\u301c"
        ),
        max_size=40,
    )
)
def test_what_seven_bits_can_say_comes_back_whole(text):
    def sayable(one):
        raw = one.encode("cp932")
        return raw.decode("cp932") == one and (len(raw) == 1 or raw[0] < 0xF0)

    kept = "".join(one for one in text if sayable(one))
    assert decoded(in_jis(kept), "iso-2022-jp") == kept

"""What is fuzzed: each reader written by hand of what others send, with what it may refuse and what must hold after.

A target takes any bytes. Whatever it raises is a fault; so is what takes longer or more memory than the run allows.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from hikeshi.assets.intelligence import reading, stix
from hikeshi.calendars import hours
from hikeshi.edge.syslog.frames import KEPT, Cutter, Lost
from hikeshi.intake import conditions as of_rules
from hikeshi.intake import framing, matchers, normalise, plain_mapping, site_rules, times
from hikeshi.intake.bad_rule import BadRule
from hikeshi.intake.inbox.framing import Malformed
from hikeshi.intake.sources import book, panos, syslog_lines
from hikeshi.kernel.refusals import Invalid
from hikeshi.lists import conditions as of_lists
from hikeshi.mail import charsets, headers, letters, marked_up, quoting, tnef
from hikeshi.mail.proof import proof
from hikeshi.mail.traces import traces
from hikeshi.oncall import ical

ROOT: Final = Path(__file__).resolve().parents[2]
FOUND: Final = Path(__file__).parent / "found"
NOW: Final = datetime(2026, 11, 21, 10, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Target:
    """``seeds``: what such input looks like; mutations begin there."""

    run: Callable[[bytes], None]
    seeds: Callable[[], Iterator[bytes]]
    longest: int = 4096


def text_of(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")


# -- syslog ----------------------------------------------------------------------------------------------------------


def syslog_frames(raw: bytes) -> None:
    """The first byte says in which pieces the rest comes."""
    size, stream = (raw[0] or 1, raw[1:]) if raw else (1, b"")
    cutter, total = Cutter(), 0
    try:
        for start in range(0, len(stream), size):
            found = cutter.feed(stream[start : start + size])
            total += sum(len(frame.body) for frame in found)
            if len(cutter._held) > KEPT + 8192:
                raise AssertionError("more is held than is kept of a frame")
    except Lost:
        return
    total += sum(len(frame.body) for frame in cutter.end())
    if total > len(stream):
        raise AssertionError("more came out than went in")


def syslog_line(raw: bytes) -> None:
    found = syslog_lines.read({"syslog": text_of(raw), "peer": "192.0.2.7"})
    json.dumps(found)
    if found["form"] not in {"cef", "leef", "pairs", "json", "text"} or not isinstance(found["message"], str):
        raise AssertionError(found)


def panos_line(raw: bytes) -> None:
    found = panos.read({"syslog": text_of(raw), "peer": "192.0.2.7"})
    json.dumps(found)
    assert found["message"] is not None


# -- mail ------------------------------------------------------------------------------------------------------------


def mail(raw: bytes) -> None:
    letter = letters.read(raw)
    letter.text.encode()
    letter.subject.encode()
    quoting.new_part(letter.text)
    proof(letter.mail, ["mx"])
    traces(letter)
    for name in ("From", "To", "Reply-To"):
        headers.addresses(letter.mail, name)
    headers.ids(letter.mail, "References")
    headers.sent_at(letter.mail)


def mail_words(raw: bytes) -> None:
    headers.words(raw.decode("latin-1")).encode()


def mail_charset(raw: bytes) -> None:
    """What stands before the first NUL is the label."""
    label, _, body = raw.partition(b"\0")
    charsets.decoded(body, label.decode("latin-1")).encode()
    charsets.looked_at(body).encode()


def winmail(raw: bytes) -> None:
    found = tnef.unwrapped(raw)
    for one in found.files:
        one.name.encode()


def marked(raw: bytes) -> None:
    html = text_of(raw)
    marked_up.text_of(html).encode()
    for link in marked_up.links_of(html):
        link.encode()


# -- what alerts are made of -----------------------------------------------------------------------------------------


def body(raw: bytes) -> None:
    """Any body at the door of the plainest source: the elements the door counts are those the digest reads."""
    try:
        counted = framing.alerts_in("generic", raw)
        elements = framing.elements(raw)
    except Malformed:
        return
    found = [one for each in elements for one in framing.alerts_of("generic", each)]
    if len(found) != counted:
        raise AssertionError(f"{counted} counted, {len(found)} read")
    for one in found:
        try:
            normalise.finding(book.shipped()["generic"], one, NOW, ())
        except normalise.Unmappable:
            continue


def moment(raw: bytes) -> None:
    at, _ = times.read(text_of(raw), NOW)
    if at.tzinfo is None:
        raise AssertionError("a time without a zone")


def source(raw: bytes) -> None:
    """A mapping as an administrator types it."""
    try:
        plain = plain_mapping.read(text_of(raw))
    except (plain_mapping.Unsayable, plain_mapping.BadTable, BadRule):
        return
    plain_mapping.read(plain_mapping.written(plain))


# -- what people write -----------------------------------------------------------------------------------------------


def _terms(sigma: str) -> site_rules.Terms:
    return site_rules.Terms(title_en="t", title_ja="t", reason_en="r", reason_ja="r", sigma=sigma)


def rule(raw: bytes) -> None:
    """Sigma, correlations too. What is read is judged by, and written as lines where it can be."""
    text = text_of(raw)
    try:
        made = site_rules.compiled("x", 1, _terms(text))
    except BadRule as bad:
        if bad.line < 1:
            raise AssertionError("a fault stands in a line") from bad
        return
    made.test({"finding_info": {"title": text[-40:]}, "severity_id": 3})
    try:
        lines = of_rules.read(text)
    except of_rules.Unsayable:
        return
    site_rules.compiled("x", 1, _terms(of_rules.written(text, lines)))


def silence(raw: bytes) -> None:
    try:
        found = matchers.read(text_of(raw))
    except matchers.BadMatcher:
        return
    found.match(matchers.Subject({"host": "db1"}))


def list_filter(raw: bytes) -> None:
    try:
        found = of_lists.parse(text_of(raw))
    except Invalid:
        return
    if of_lists.parse(found.text) != found:
        raise AssertionError("what is read is not what is written")


def opening_hours(raw: bytes) -> None:
    try:
        found = hours.read(text_of(raw))
    except hours.Unreadable:
        return
    if hours.read(hours.written(found)) != found:
        raise AssertionError("what is read is not what is written")


def calendar(raw: bytes) -> None:
    try:
        found = ical.read(raw, "Asia/Tokyo", NOW, NOW + timedelta(days=30))
    except ical.Unreadable:
        return
    for one in found:
        one.begin.astimezone(ZoneInfo("Asia/Tokyo"))


def stix_pattern(raw: bytes) -> None:
    for one in stix.values(text_of(raw)):
        one.value.encode()


def indicators(raw: bytes) -> None:
    try:
        found = reading.survey(lambda: (raw[:7], raw[7:]))
        assert found.count == len(list(reading.values(lambda: (raw,), found.form)))
    except Invalid:
        return


# -- seeds -----------------------------------------------------------------------------------------------------------


def _samples(*codes: str) -> Iterator[bytes]:
    for code in codes:
        for file in sorted((book.FOLDER / code / "samples").iterdir()):
            yield file.read_bytes()


def _said(*texts: str) -> Callable[[], Iterator[bytes]]:
    return lambda: (text.encode() for text in texts)


def _lines() -> Iterator[bytes]:
    return _stored("syslog", "fortigate", "ciscoasa")


def _stored(*codes: str) -> Iterator[bytes]:
    """The lines themselves, of what the port stored."""
    for one in _samples(*codes):
        for line in one.splitlines():
            stored = json.loads(line) if line.startswith(b"{") else {}
            if "syslog" in stored:
                yield str(stored["syslog"]).encode()


def _framed() -> Iterator[bytes]:
    for line in _lines():
        yield b"\x07%d %s<1>next\n" % (len(line), line)


def _rules() -> Iterator[bytes]:
    for file in sorted((ROOT / "src" / "hikeshi" / "intake" / "rules").glob("*.yml")):
        yield file.read_bytes()


def _mails() -> Iterator[bytes]:
    for file in sorted(ROOT.glob("tests/**/*.eml")):
        yield file.read_bytes()
    yield from _samples("mail")
    yield (
        b"From: =?iso-2022-jp?B?GyRCOzNFRBsoQg==?= <a@example.jp>\r\nSubject: =?utf-8?Q?=E8=AD=A6?=\r\n"
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n"
        b"Subject: inner\r\n\r\nwords\r\n--b--\r\n"
    )


_CALENDAR: Final = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART:20261121T090000Z\r\nDTEND:20261121T170000Z\r\n"
    "RRULE:FREQ=WEEKLY;COUNT=5\r\nSUMMARY:abe\r\nATTENDEE:mailto:abe@example.jp\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)
_MISP: Final = '{"Event":{"info":"x","Attribute":[{"type":"ip-dst","value":"203.0.113.9","to_ids":true}]}}'
_STIX: Final = (
    "[ipv4-addr:value = '203.0.113.9' OR domain-name:value IN ('a.example', 'b.example')] FOLLOWEDBY "
    "[file:hashes.'SHA-256' = 'aa' AND email-addr:value LIKE '%@x.example']"
)

_WINMAIL: Final = b"\x78\x9f\x3e\x22\x00\x00\x02\x10\x80\x01\x00\x02\x00\x00\x00ab\x00\x00"
_MARKED: Final = '<p>a<a href="https://x.example/?q=1">b</a>&amp;&#x3042;<!-- c --><style>x</style>'
_MOMENTS: Final = (
    "2026-11-21T10:00:00+09:00", "1763719200", "20261121", "Nov 21 10:00:00", "Sat, 21 Nov 2026 10:00:00 GMT",
)  # fmt: skip
_BUNDLE: Final = json.dumps({"type": "bundle", "objects": [{"type": "indicator", "pattern": _STIX}]})
_FILTERS: Final = ("kind:is:phishing;owner:is:none|phase:was:contain:last_week", "title:has:50%25")
_HOURS: Final = ("09:00-12:00, 13:00-18:00", "9-18", "\uff19\uff1a\uff10\uff10\u301c\uff11\uff18\uff1a\uff10\uff10")
_WORDS: Final = ("=?utf-8?B?6K2m5aCx?=", "=?iso-2022-jp?B?GyRC?= =?cp932?Q?=83?=", "abc")
_LABELLED: Final = (b"iso-2022-jp\0\x1b$B-!\x1b(B", b"shift_jis\0\x87\x40", b"\0x")

TARGETS: Final[Mapping[str, Target]] = {
    "syslog_frames": Target(syslog_frames, _framed),
    "syslog_line": Target(syslog_line, _lines),
    "panos_line": Target(panos_line, lambda: _stored("paloalto")),
    "mail": Target(mail, _mails, longest=16_384),
    "mail_words": Target(mail_words, _said(*_WORDS)),
    "mail_charset": Target(mail_charset, lambda: iter(_LABELLED)),
    "winmail": Target(winmail, lambda: iter((_WINMAIL,))),
    "marked": Target(marked, _said(_MARKED)),
    "body": Target(body, lambda: _samples("generic")),
    "moment": Target(moment, _said(*_MOMENTS)),
    "source": Target(source, lambda: (file.read_bytes() for file in sorted(book.FOLDER.glob("*/source.yaml")))),
    "rule": Target(rule, _rules),
    "silence": Target(silence, _said("host = db1", "title =~ Disk.*\nlabel.team != web", 'host !~ "a|b"')),
    "list_filter": Target(list_filter, _said(*_FILTERS)),
    "opening_hours": Target(opening_hours, _said(*_HOURS)),
    "calendar": Target(calendar, _said(_CALENDAR), longest=8_192),
    "stix_pattern": Target(stix_pattern, _said(_STIX)),
    "indicators": Target(indicators, _said(_MISP, "203.0.113.9\nhxxp://a[.]example/x # note", _BUNDLE)),
}

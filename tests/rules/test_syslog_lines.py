"""Syslog without a wire: frames cut from any stream, lines read into tables, senders known by their networks."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hikeshi.edge.syslog.frames import KEPT, Cutter, Frame, Lost
from hikeshi.edge.syslog.ports import BadSyslog, Way, read_ports
from hikeshi.intake import framing
from hikeshi.intake.sources.syslog_lines import read


def cut(*pieces: bytes) -> list[Frame]:
    cutter = Cutter()
    return [frame for piece in pieces for frame in cutter.feed(piece)] + cutter.end()


def told(line: str) -> dict[str, object]:
    return read({"syslog": line, "peer": "192.0.2.7"})


# -- frames: RFC 6587 ------------------------------------------------------------------------------------------------

LINES = st.lists(st.binary(min_size=1, max_size=40).map(lambda b: b"<1>" + b.replace(b"\n", b"x") + b"."), max_size=6)


@given(LINES, st.data())
def test_whatever_the_pieces_counted_frames_and_lines_come_out_whole(lines: list[bytes], data: st.DataObject) -> None:
    counted = data.draw(st.lists(st.booleans(), min_size=len(lines), max_size=len(lines)))
    stream = b"".join(
        b"%d %s" % (len(line), line) if count else line + b"\n" for line, count in zip(lines, counted, strict=True)
    )
    edges = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=5)))
    pieces = [stream[a:b] for a, b in zip([0, *edges], [*edges, len(stream)], strict=True)]
    assert [frame.body for frame in cut(*pieces)] == lines
    assert not any(frame.cut for frame in cut(*pieces))


@given(st.lists(st.binary(max_size=60), max_size=8))
def test_no_stream_breaks_the_cutter(pieces: list[bytes]) -> None:
    try:
        found = cut(*pieces)
    except Lost:
        return
    assert sum(len(frame.body) for frame in found) <= sum(map(len, pieces))


@pytest.mark.parametrize("size", [KEPT + 1, 1024 * 1024])
def test_of_a_frame_too_long_the_beginning_is_kept_and_the_next_one_is_whole(size: int) -> None:
    long, short = b"<1>" + b"a" * (size - 3), b"<2>next"
    for stream in (b"%d %s%d %s" % (size, long, len(short), short), long + b"\n" + short + b"\n"):
        cutter, found, most = Cutter(), [], 0
        for start in range(0, len(stream), 4096):
            found += cutter.feed(stream[start : start + 4096])
            most = max(most, len(cutter._held))
        assert [(len(frame.body), frame.cut) for frame in found] == [(KEPT, True), (len(short), False)]
        assert most <= KEPT + 8192, "memory follows what is kept, not what is sent"


def test_a_count_beyond_reason_ends_the_connection() -> None:
    with pytest.raises(Lost):
        cut(b"99999999 <1>x")


def test_a_last_line_without_its_end_counts_and_a_torn_counted_frame_does_not() -> None:
    assert [frame.body for frame in cut(b"<1>one\n<1>two")] == [b"<1>one", b"<1>two"]
    assert cut(b"100 <1>torn") == []


# -- lines -----------------------------------------------------------------------------------------------------------


def test_a_line_of_rfc_5424_is_read_with_its_escapes() -> None:
    line = r'<165>1 2003-10-11T22:14:15.003Z host.example app 12 ID47 [a@1 k="q\"\]\\" n=""][b@2] ' + "\ufeffText"
    assert told(line) == {
        "peer": "192.0.2.7",
        "priority": 165,
        "facility": "local4",
        "level": "notice",
        "time": "2003-10-11T22:14:15.003Z",
        "host": "host.example",
        "app": "app",
        "process": "12",
        "message_id": "ID47",
        "sd": {"a@1": {"k": 'q"]\\', "n": ""}, "b@2": {}},
        "message": "Text",
        "steady": "Text",
        "form": "text",
    }
    bare = told("<0>1 - - - - - -")
    assert (bare["level"], bare["facility"], bare["message"]) == ("emergency", "kern", "")


def test_the_mark_that_says_utf_8_is_no_part_of_the_message_and_elsewhere_it_shows() -> None:
    for sd in ("-", '[a@1 k="v"]'):
        body = json.dumps({"syslog": f"<34>1 - h app - - {sd} \ufeff障害 \ufeff発生"}, ensure_ascii=False).encode()
        (element,) = framing.elements(body)
        assert isinstance(element.document, dict)
        assert read(element.document)["message"] == "障害 \u27e8U+FEFF\u27e9発生"


@pytest.mark.parametrize(
    ("line", "host", "app", "process", "message"),
    [
        ("<34>Oct 11 22:14:15 mymachine su: 'su root' failed", "mymachine", "su", None, "'su root' failed"),
        ("<34>Oct  1 22:14:15 db1 sshd[42]: Failed", "db1", "sshd", "42", "Failed"),
        ("<34>Oct  1 2026 22:14:15 fe80::1 sshd[42]: Failed", "fe80::1", "sshd", "42", "Failed"),
        ("<34>2026-10-01T22:14:15+09:00 db1 sshd[42]: Failed", "db1", "sshd", "42", "Failed"),
        (
            "<34>2026-10-01T22:14:15.5+09:00 db1 sshd[42]: Failed for root - x",
            "db1",
            "sshd",
            "42",
            "Failed for root - x",
        ),
        (
            "<34>2026-10-01T22:14:15Z db1 kernel: Out of memory: Killed 1",
            "db1",
            "kernel",
            None,
            "Out of memory: Killed 1",
        ),
        ("<34>2026-10-01T22:14:15Z db1 a line of five words", "db1", None, None, "a line of five words"),
        ("<34>2026-10-01T22:14:15Z db1 app 42 ID - Failed", "db1", "app", "42", "Failed"),
        ('2026-10-01T22:14:15Z db1 app 42 ID [a@1 x="y"] Failed', "db1", "app", "42", "Failed"),
        ("<166>2018-06-27T12:17:46Z asa : %ASA-3-710003: TCP denied", "asa", "%ASA-3-710003", None, "TCP denied"),
        ("<34>no head at all", None, None, None, "no head at all"),
        ("<999>no priority", None, None, None, "<999>no priority"),
    ],
)
def test_older_lines_are_read_as_they_really_come(line, host, app, process, message) -> None:
    found = told(line)
    assert [found.get(name) for name in ("host", "app", "process", "message")] == [host, app, process, message]


def test_cef_is_read_with_its_escapes_and_its_own_names() -> None:
    found = told(
        r"<10>Aug 17 19:19:43 h CEF:0|Ve\|nd|Prod|1.0|100|Na\\me|10|src=10.0.0.1 msg=a\=b c\nd cs1Label=Rule Name "
        "cs1=the rule dst=10.0.0.2"
    )
    assert found["host"] == "h"
    assert found["cef"] == {
        "vendor": "Ve|nd",
        "product": "Prod",
        "version": "1.0",
        "signature": "100",
        "name": r"Na\me",
        "severity": "10",
        "fields": {
            "src": "10.0.0.1",
            "msg": "a=b c\nd",
            "cs1Label": "Rule Name",
            "cs1": "the rule",
            "dst": "10.0.0.2",
        },
        "labelled": {"Rule Name": "the rule"},
    }


def test_leef_is_read_with_the_delimiter_it_names() -> None:
    tabs = told("<13>Aug 17 19:19:43 h LEEF:1.0|V|P|1|42|src=10.0.0.1\tsev=5")["leef"]
    caret = told("LEEF:2.0|V|P|1|42|^|src=10.0.0.1^sev=5")["leef"]
    hexed = told("LEEF:2.0|V|P|1|42|x7C|src=10.0.0.1|sev=5")["leef"]
    assert tabs == caret == hexed
    assert isinstance(tabs, dict)
    assert (tabs["event"], tabs["fields"]) == ("42", {"src": "10.0.0.1", "sev": "5"})


def test_pairs_and_json_are_found_and_mere_words_are_not() -> None:
    pairs = told('<1>date=2026-11-21 msg="a \\"b\\" c" srcip=10.0.0.1,user=me')["pairs"]
    assert pairs == {"date": "2026-11-21", "msg": 'a "b" c', "srcip": "10.0.0.1", "user": "me"}
    assert told('<1>{"severity": "high"}')["json"] == {"severity": "high"}
    assert told("<1>x=1 is what he said")["form"] == "text"


HEADS = ["<13>", "1 ", "2026-11-21T00:00:00Z ", "Oct 11 22:14:15 ", "host ", "app[1]: ", "- ", '[a k="v"]', "["]
BODIES = ["CEF:0|", "LEEF:2.0|", "|", "a=b ", "=", "\t", "{", "}", "\0", "\u3042", "x" * 50, "\\", '"']
PIECES = st.sampled_from([*HEADS, *BODIES])


@given(st.lists(PIECES | st.text(max_size=8), max_size=30).map("".join))
def test_no_line_breaks_the_reader_and_none_is_lost(line: str) -> None:
    found = told(line)
    json.dumps(found)
    assert found["form"] in {"cef", "leef", "pairs", "json", "text"}
    assert isinstance(found["message"], str)


@pytest.mark.parametrize("piece", ['a="', "[a ", "\\|", "k=v ", "<1>", "a=\\", "CEF:0|", '[a b="c" ', "0 ", "|"])
def test_a_hostile_line_is_read_in_no_time(piece: str) -> None:
    for before in ("", "<1>1 - h a p m ", "CEF:0|a|b|c|d|e|f|", "LEEF:2.0|a|b|c|d|"):
        began = time.process_time()
        told(before + piece * (64 * 1024 // len(piece)))
        assert time.process_time() - began < 10, "a pattern walks the line once for each of its letters"


# -- senders ---------------------------------------------------------------------------------------------------------


def test_a_sender_is_known_by_its_narrowest_network() -> None:
    ports = read_ports("udp:514", "10.0.0.0/8=syslog, 10.1.2.3=fortinet, tcp:10.0.0.0/8=suricata, 2001:db8::/32=wazuh")
    asked = [(Way.UDP, "10.9.9.9"), (Way.UDP, "10.1.2.3"), (Way.TCP, "10.9.9.9"), (Way.TCP, "::ffff:10.1.2.3")]
    assert [ports.source(*one) for one in asked] == ["syslog", "fortinet", "suricata", "fortinet"]
    assert ports.source(Way.UDP, "2001:db8::1%eth0") == "wazuh"
    assert [ports.source(Way.UDP, one) for one in ("192.0.2.1", "", "nonsense")] == ["", "", ""]


@pytest.mark.parametrize(
    ("ports", "senders"),
    [
        ("udp:514", ""),
        ("udp", "10.0.0.1=syslog"),
        ("sctp:514", "10.0.0.1=syslog"),
        ("udp:99999", "10.0.0.1=syslog"),
        ("tls:6514", "10.0.0.1=syslog"),
        ("udp:514", "10.0.0.1"),
        ("udp:514", "ten=syslog"),
    ],
)
def test_what_cannot_be_meant_is_refused_at_the_start(ports: str, senders: str) -> None:
    with pytest.raises(BadSyslog, match="HIKESHI_SYSLOG"):
        read_ports(ports, senders)

"""What detectors really send: every trap is read, or refused with a code; nothing raises anything else."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hikeshi.intake import cleaning, framing, normalise, times
from hikeshi.intake.fingerprint import fingerprint
from hikeshi.intake.inbox.items import InboxItem
from hikeshi.intake.normalise import Finding, Unmappable
from hikeshi.intake.preparing import prepare
from hikeshi.intake.sources import book, ocsf
from hikeshi.intake.sources.book import BadSource
from hikeshi.intake.sources.mapping import BadMapping, expression
from hikeshi.intake.sources.unwrapping import Wrapped
from hikeshi.kernel.ids import uuid7
from hikeshi.kernel.worlds import World

RECEIVED = datetime(2026, 11, 21, 10, tzinfo=UTC)


def read(source: str, document: object) -> Finding:
    (element,) = framing.elements(json.dumps(document).encode())
    (wrapped,) = framing.alerts_of(source, element)
    return normalise.finding(book.source(source), wrapped, RECEIVED, element.notes)


def plain(**more: object) -> Finding:
    return read("generic", {"title": "t", **more})


def known_by(document: dict[str, object], source: str = "alertmanager") -> str:
    return fingerprint(read(source, document), 1, "real")


@pytest.mark.parametrize(
    ("written", "instant"),
    [
        ("2026-11-20T01:02:03Z", "2026-11-20T01:02:03+00:00"),
        ("2026-11-20T10:02:03+0900", "2026-11-20T01:02:03+00:00"),
        ("2026-11-20T02:02:03.5+01.00", "2026-11-20T01:02:03.500000+00:00"),
        ("2026-11-20 01:02:03", "2026-11-20T01:02:03+00:00"),
        ("2026/11/20 1:02:03", None),
        ("2026/11/20 01:02:03", "2026-11-20T01:02:03+00:00"),
        ("2026-11-20T01:02:03.123456789Z", "2026-11-20T01:02:03.123456+00:00"),
        ("20261120T010203Z", "2026-11-20T01:02:03+00:00"),
        ("Fri, 20 Nov 2026 10:02:03 +0900", "2026-11-20T01:02:03+00:00"),
        (1795136523, "2026-11-20T01:02:03+00:00"),
        (1795136523.5, "2026-11-20T01:02:03.500000+00:00"),
        (1795136523000, "2026-11-20T01:02:03+00:00"),
        (1795136523000000, "2026-11-20T01:02:03+00:00"),
        ("1795136523", "2026-11-20T01:02:03+00:00"),
        ("1795136523000", "2026-11-20T01:02:03+00:00"),
        ("1710111211141", "2024-03-10T22:53:31.141000+00:00"),
    ],
)
def test_a_time_is_read_however_it_is_written(written: object, instant: str | None) -> None:
    found, quality = times.read(written, RECEIVED)
    assert found.isoformat() == (instant or RECEIVED.isoformat())
    assert (quality in {"stated", "no_zone"}) is (instant is not None)


@pytest.mark.parametrize(
    "absurd",
    [
        "0001-01-01T00:00:00Z",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59Z",
        "9999-12-31T23:59:59-14:00",
        0,
        1e25,
        "2026-11-23T00:00:00Z",
        10**30,
        -7e10,
        -1e13,
        "99999999999999999999",
    ],
)
def test_an_absurd_time_becomes_the_time_of_receipt_and_says_so(absurd: object) -> None:
    assert times.read(absurd, RECEIVED) == (RECEIVED, "clamped")


@pytest.mark.parametrize("nonsense", ["yesterday", True, [], {}, "12", "2026-13-45", float("inf"), "1e309", "\u0661"])
def test_what_is_no_time_is_the_time_of_receipt(nonsense: object) -> None:
    found, quality = times.read(nonsense, RECEIVED)
    assert (found, quality in {"unreadable", "clamped"}) == (RECEIVED, True)


def test_a_clock_a_little_ahead_is_believed() -> None:
    ahead = RECEIVED + timedelta(hours=3)
    assert times.read(ahead.isoformat(), RECEIVED) == (ahead, "stated")


@pytest.mark.parametrize(
    ("word", "level"),
    [
        ("critical", 5),
        ("CRITICAL ", 5),
        ("P1", 5),
        ("Sev2", 4),
        ("OK", 1),
        ("3", 3),
        (6, 6),
        ("重大", 5),
        ("ＨＩＧＨ", 4),
        ("whatever", 3),
        (None, 3),
        (["high"], 3),
        (99, 3),
        (True, 3),
    ],
)
def test_severity_words_of_every_kind(word: object, level: int) -> None:
    assert plain(severity=word).severity == level


def test_a_long_title_is_cut_and_a_huge_label_set_is_bounded() -> None:
    found = plain(title="あ" * 10_000, labels={f"l{n}": "v" * 1_000 for n in range(5_000)})
    assert (len(found.title), found.title[-1]) == (ocsf.MAX_TITLE, "…")
    assert len(json.dumps(found.normal)) < 60_000


def test_a_surrogate_pair_is_not_torn_by_a_limit() -> None:
    assert plain(title="😀" * 600).title.encode("utf-8")


def test_a_link_is_only_kept_when_a_browser_may_follow_it() -> None:
    for bad in ("javascript:alert(1)", "?orgId=1", "http://a b", "https://a/\u0000", "data:text/html,x"):
        assert "src_url" not in plain(link=bad).normal["finding_info"]  # type: ignore[operator]  # a table
    assert plain(link="https://a/%zz").normal["finding_info"]["src_url"] == "https://a/%zz"  # type: ignore[index]


def test_text_that_would_lie_or_break_is_made_visible() -> None:
    assert cleaning.text("a\x00b\x1b[2J") == "a␀b␛[2J"
    assert cleaning.text("invoice\u202egnp.exe") == "invoice⟨U+202E⟩gnp.exe"
    assert cleaning.text("\ud800") == "\ufffd"
    assert cleaning.text("日本語 😀\n\tok") == "日本語 😀\n\tok"


@given(st.text())
def test_whatever_is_cleaned_is_found_suspicious_and_is_clean_after(text: str) -> None:
    cleaned = cleaning.text(text)
    cleaned.encode("utf-8")
    assert cleaning.text(cleaned) == cleaned
    if cleaned != text:
        assert cleaning.suspicious(json.dumps(text).encode())
        assert cleaning.suspicious(json.dumps(text, ensure_ascii=False).encode("utf-8", "surrogatepass"))


def test_a_repeated_key_is_noted_and_the_last_one_counts() -> None:
    (element,) = framing.elements(b'{"title": "shown", "x": {"a": 1, "a": 2}, "title": "meant"}')
    assert element.notes == (framing.DUPLICATE_KEYS,)
    assert element.document["title"] == "meant"  # type: ignore[index]  # a table
    assert framing.elements(b'{"a":"\\":", "b" : 1}')[0].notes == ()


def test_alerts_of_one_name_on_two_hosts_are_two_things() -> None:
    one = {"status": "firing", "labels": {"alertname": "Down", "host": "a"}}
    two = {"status": "firing", "labels": {"alertname": "Down", "host": "b"}}
    assert known_by(one) != known_by(two)


def test_an_empty_label_is_no_label_and_annotations_are_no_identity() -> None:
    one = {"labels": {"alertname": "Down", "zone": ""}, "annotations": {"summary": "now"}}
    two = {"labels": {"alertname": "Down"}, "annotations": {"summary": "then"}}
    assert known_by(one) == known_by(two)


def test_an_identity_may_be_longer_than_any_column() -> None:
    one, two = ({"title": "t", "key": "k" * 5_000 + end} for end in "ab")
    assert known_by(one, "generic") != known_by(two, "generic")
    assert len(known_by(one, "generic")) == 32


def test_without_a_key_title_host_and_user_tell_things_apart() -> None:
    same = {"title": "t", "host": "h", "user": "u"}
    assert known_by(same, "generic") == known_by({**same, "description": "other words"}, "generic")
    assert len({known_by({**same, name: "x"}, "generic") for name in ("title", "host", "user")}) == 3


def test_an_alert_without_a_status_is_over_once_its_end_has_passed() -> None:
    pushed = {"labels": {"alertname": "A"}, "startsAt": "2026-11-21T08:00:00Z"}
    assert read("alertmanager", {**pushed, "endsAt": "2026-11-21T10:04:00Z"}).state == "firing"
    assert read("alertmanager", {**pushed, "endsAt": "2026-11-21T09:00:00Z"}).state == "resolved"
    assert read("alertmanager", {**pushed, "endsAt": "0001-01-01T00:00:00Z"}).state == "firing"


def test_scan_of_many_ports_is_one_thing() -> None:
    eve = {"event_type": "alert", "src_ip": "1.1.1.1", "dest_ip": "2.2.2.2", "alert": {"signature_id": 1, "gid": 1}}
    assert known_by({**eve, "dest_port": 1}, "suricata") == known_by({**eve, "dest_port": 2}, "suricata")


JSONS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=12,
)
SAMPLES = [
    (path.parent.parent.name, element.document)
    for path in sorted(book.FOLDER.glob("*/samples/*"))
    if path.name != "ORIGIN"
    for element in framing.elements(path.read_bytes())[:2]
]


def item(source: str, body: bytes, content_type: str = "") -> InboxItem:
    return InboxItem(uuid7(), source, 1, body, content_type, RECEIVED, World.REAL, 1)


@st.composite
def spoiled(draw: st.DrawFn) -> tuple[str, object]:
    """A real sample with something else put in the place of one of its values."""
    source, document = draw(st.sampled_from(SAMPLES))
    copy = json.loads(json.dumps(document))
    inner = copy
    while isinstance(inner, (dict, list)) and inner:
        keys = list(inner) if isinstance(inner, dict) else list(range(len(inner)))
        key = draw(st.sampled_from(keys))
        if not isinstance(inner[key], (dict, list)) or draw(st.integers(0, 3)) == 0:
            inner[key] = draw(JSONS)
            break
        inner = inner[key]
    return source, copy


@settings(max_examples=300)
@given(spoiled())
def test_a_sample_with_anything_in_any_place_is_read_or_put_aside(given_: tuple[str, object]) -> None:
    source, document = given_
    (found,) = prepare([item(source, json.dumps([document]).encode())])
    assert found.alerts == framing.count(source, [document])
    for sighting in found.sightings:
        json.dumps(sighting.finding.normal, allow_nan=False).encode("utf-8")
        assert 1 <= sighting.finding.severity <= 6
        assert len(json.dumps(sighting.finding.normal)) < 200_000


@settings(max_examples=200)
@given(st.sampled_from(sorted(book.sources())), JSONS)
def test_any_json_is_read_or_refused_with_a_code(source: str, document: object) -> None:
    try:
        code, title = "", normalise.finding(book.source(source), Wrapped(document, None), RECEIVED).title
    except Unmappable as refusal:
        code, title = refusal.code, ""
    assert title or code in {"not_an_object", "no_shape", "no_title"}


def test_rubbish_by_the_thousand_is_put_aside_as_one_and_can_be_read_again() -> None:
    rubbish: list[object] = [0, {"title": ""}, "x", [1], None] * 600
    (found,) = prepare([item("generic", json.dumps([{"title": "見えるもの"}, *rubbish]).encode())])
    assert (len(found.sightings), len(found.aside), found.alerts) == (1, 1, 3001)
    (aside,) = found.aside
    (again,) = prepare([item("generic", aside.body, aside.content_type)])
    assert again.alerts == aside.alerts == 3000
    assert json.loads(aside.body) == rubbish


@settings(max_examples=200)
@given(st.binary(max_size=200), st.sampled_from(["", "application/x-ndjson", "application/json; charset=shift_jis"]))
def test_any_bytes_are_prepared_without_an_error(body: bytes, content_type: str) -> None:
    (found,) = prepare([item("generic", body, content_type)])
    assert found.alerts == len(found.sightings) + sum(aside.alerts for aside in found.aside)


@pytest.mark.parametrize("charset", ["cp932", "euc_jp", "utf-16", "utf-8-sig", "utf-16-le"])
def test_japanese_bodies_in_every_encoding_that_is_declared_or_marked(charset: str) -> None:
    body = json.dumps({"title": "不正アクセスを検知"}, ensure_ascii=False).encode(charset)
    declared = {"cp932": "Shift_JIS", "euc_jp": "EUC-JP", "utf-16-le": "UTF-16LE"}.get(charset)
    content_type = f"application/json; charset={declared}" if declared else "application/json"
    (found,) = prepare([item("generic", body, content_type)])
    assert [sighting.finding.title for sighting in found.sightings] == ["不正アクセスを検知"]
    assert found.sightings[0].raw == body


@pytest.mark.parametrize(
    "wrong",
    [
        *("a..", "", "a[", 'a | "@received"', {"from": "a", "wrong": 1}, {"map": {}}, 5),
        *({"from": "a", "match": "("}, {"from": "a", "map": []}),
    ],
)
def test_a_mapping_that_cannot_be_is_refused_when_it_is_loaded(wrong: object) -> None:
    with pytest.raises(BadMapping):
        expression(wrong)


def test_a_misspelt_name_in_a_source_is_refused_with_its_file(tmp_path: Path) -> None:
    file = tmp_path / "source.yaml"
    good = (book.FOLDER / "generic" / "source.yaml").read_text(encoding="utf-8")
    file.write_text(good.replace("device.hostname", "device.hostnmae"), encoding="utf-8")
    with pytest.raises(BadSource, match=r"source\.yaml.*hostnmae"):
        book.load(file)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("a.b", 1),
        ("missing | a.b", 1),
        ("list[].n", [1, 2]),
        ("list[-1].n", 2),
        ("list[n=2].word", ["two"]),
        ('"dot.ted"', "yes"),
        ("'letters'", "letters"),
        ("{a.b} of {dot}", None),
        ("{a.b} of {list[0].word}", "1 of one"),
        ("^.around", "envelope"),
        (["a.b", "list[].n"], [1, 1, 2]),
        ({"from": "a.b", "map": {1: "one"}}, "one"),
        ({"from": "a.b", "map": {2: "two"}, "otherwise": "none"}, "none"),
        ({"from": "a.b", "at_least": {0: "low", 5: "high"}}, "low"),
        ({"from": "text", "match": r"id=(\d+)"}, "42"),
        ("blank | a.b", 1),
    ],
)
def test_the_mapping_language(written: object, value: object) -> None:
    document = {
        "a": {"b": 1},
        "list": [{"n": 1, "word": "one"}, {"n": 2, "word": "two"}],
        "dot.ted": "yes",
        "text": "x id=42",
        "blank": "  ",
    }
    assert expression(written)(document, {"around": "envelope"}) == value

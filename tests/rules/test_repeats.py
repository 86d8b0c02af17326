"""A repeat is not read again, and nobody can tell: same findings, same fingerprints as who reads every alert anew."""

import copy
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from hikeshi.intake import framing, normalise, repeats
from hikeshi.intake.fingerprint import fingerprint
from hikeshi.intake.folding import Event
from hikeshi.intake.normalise import Finding, Unmappable
from hikeshi.intake.sources import book
from hikeshi.intake.sources.book import Source
from hikeshi.intake.sources.looking import Place, only, reads, tree
from hikeshi.intake.sources.mapping import Document
from hikeshi.intake.sources.unwrapping import Wrapped

AT = datetime(2026, 11, 21, 10, 5, 31, tzinfo=UTC)
WHOSE = (1, "real")
SAMPLES = sorted(path for path in book.FOLDER.glob("*/samples/*") if path.name != "ORIGIN")
Said = tuple[Finding, str] | str


@cache
def alerts(sample: Path) -> tuple[Wrapped, ...]:
    code = sample.parent.parent.name
    found = framing.elements(sample.read_bytes())
    return tuple(wrapped for element in found for wrapped in framing.alerts_of(code, element))


def anew(source: Source, wrapped: Wrapped, received: datetime) -> Said:
    try:
        finding = normalise.finding(source, wrapped, received)
    except Unmappable as error:
        return error.code
    return finding, fingerprint(finding, *WHOSE)


def remembering(source: Source, wrapped: Wrapped, received: datetime) -> Said:
    try:
        told = repeats.read(source, wrapped, received, (), WHOSE)
    except Unmappable as error:
        return error.code
    finding = told.finding
    event = (finding.first, finding.last, finding.changed, finding.state, finding.severity)
    assert (told.event, told.follows) == (Event(*event), bool(finding.follows))
    assert told.things == tuple((one["type"], one["value"]) for one in finding.observables)
    said = copy.deepcopy(finding), told.fingerprint
    finding.normal["enrichments"] = [{"type": "sighting"}]  # as the digest writes into what it read
    finding.observables.clear()
    if told.said and not any(shape.once for shape in source.shapes):
        timeless = _without_times(said[0])
        assert _said.setdefault(told.said, timeless) == timeless
    return said


_said: dict[str, Finding] = {}
"""What bears one name differs in nothing but its times, over all that these tests read; and in what is shown as the
first sighting had it, where a source has such things.
"""


def forget() -> None:
    """Another sample may say the same of another connection, and whoever was first is shown."""
    repeats._recent = repeats.Recent()


def _without_times(finding: Finding) -> Finding:
    normal = copy.deepcopy(finding.normal)
    info = normal["finding_info"]
    assert isinstance(info, dict)
    for place, name in ((normal, "time"), (info, "first_seen_time"), (info, "last_seen_time")):
        del place[name]
    return structs.replace(finding, first=AT, last=AT, changed=AT, normal=normal)


def valued(value: object, place: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], object]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from valued(item, (*place, key))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from valued(item, (*place, number))
    else:
        yield place, value


def leaves(value: object) -> Iterator[tuple[str | int, ...]]:
    return (place for place, _ in valued(value))


def put(document: Document, place: tuple[str | int, ...], value: object) -> None:
    inner: object = document
    for step in place[:-1]:
        inner = inner[step]  # type: ignore[index]  # a place that `leaves` found
    inner[place[-1]] = value  # type: ignore[index]


VALUES = (
    st.sampled_from(["2026-11-21T09:00:00Z", "2026-11-21T10:05:00.5+09:00", "2026-11-20 08:00", "0001-01-01T00:00:00Z"])
    | st.sampled_from(["firing", "resolved", "Closed", "1", "high", "", "x", "never"])
    | st.integers(1_790_000_000, 1_800_000_000)
    | st.none()
    | st.booleans()
)


def looked_at(code: str, document: Document, place: tuple[str | int, ...]) -> bool:
    """Whether a shape of that source looks there for anything but times."""
    without = copy.deepcopy(document)
    put(without, place, object())
    return any(only(without, shape.read) != only(document, shape.read) for shape in book.source(code).shapes)


def once(code: str, document: Document, place: tuple[str | int, ...]) -> bool:
    """Whether a row shows of it what the first sighting said."""
    source, marker, marked = book.source(code), object(), copy.deepcopy(document)
    put(marked, place, marker)
    if source.respell is not None:
        place = next((each for each, value in valued(source.respell(marked)) if value is marker), place)
    return any(place == other[: len(place)] for shape in source.shapes for other in shape.once)


@st.composite
def senders(draw: st.DrawFn) -> tuple[str, list[Wrapped]]:
    """One sample told a few times, each time with other words in some places, times and what nobody reads among them
    more often than not.
    """
    sample = draw(st.sampled_from(SAMPLES))
    code = sample.parent.parent.name
    wrapped = draw(st.sampled_from(alerts(sample)))
    told = []
    for _ in range(draw(st.integers(2, 4))):
        document = copy.deepcopy(wrapped.document)
        if isinstance(document, dict):
            anywhere = [place for place in leaves(document) if not once(code, document, place)]
            moves = [place for place in anywhere if not looked_at(code, document, place)]
            places = draw(st.lists(st.sampled_from(anywhere), max_size=1)) if anywhere else []
            places += draw(st.lists(st.sampled_from(moves), max_size=3)) if moves else []
            for place in places:
                put(document, place, draw(VALUES))
        told.append(Wrapped(document, wrapped.envelope))
    return code, told


@given(senders(), st.integers(0, 90_000))
def test_what_is_remembered_is_what_is_read(sender: tuple[str, list[Wrapped]], later: int) -> None:
    code, told = sender
    forget()
    for number, wrapped in enumerate(told):
        received = AT + timedelta(seconds=later * number)
        assert remembering(book.source(code), wrapped, received) == anew(book.source(code), wrapped, received)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: f"{path.parent.parent.name}/{path.name}")
def test_each_sample_told_three_times_says_the_same(sample: Path) -> None:
    source = book.source(sample.parent.parent.name)
    forget()
    for received in (AT, AT + timedelta(hours=1), AT + timedelta(days=400)):
        for wrapped in alerts(sample):
            assert remembering(source, wrapped, received) == anew(source, wrapped, received)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: f"{path.parent.parent.name}/{path.name}")
def test_whatever_else_is_said_is_read(sample: Path) -> None:
    source = book.source(sample.parent.parent.name)
    forget()
    for wrapped in alerts(sample)[:2]:
        remembering(source, wrapped, AT)
        for place in leaves(wrapped.document):
            if isinstance(wrapped.document, dict) and once(source.code, wrapped.document, place):
                continue
            document = copy.deepcopy(wrapped.document)
            if isinstance(document, dict):
                put(document, place, "high")
                other = Wrapped(document, wrapped.envelope)
                assert remembering(source, other, AT) == anew(source, other, AT)


def counting(code: str) -> tuple[Source, list[Document]]:
    """The source, and the documents its first shape was asked to read."""
    source, asked = book.source(code), []
    shape = source.shapes[0]

    def normal(document: Document, envelope: Document | None) -> dict[str, object]:
        asked.append(document)
        return shape.normal(document, envelope)

    return replace(source, shapes=(replace(shape, normal=normal), *source.shapes[1:])), asked


def eve(at: str = "2026-11-21T09:00:00.000000+0900", **more: object) -> Wrapped:
    alert = {"signature_id": 2001219, "signature": "ET POLICY SSH", "severity": 3}
    return Wrapped({"event_type": "alert", "timestamp": at, "src_ip": "203.0.113.7", "alert": alert, **more}, None)


def test_ninety_nine_repeats_cost_one_reading() -> None:
    source, asked = counting("suricata")
    found = [
        repeats.read(source, eve(f"2026-11-21T09:00:{second:02}.000000+0900"), AT, (), WHOSE) for second in range(60)
    ]
    assert len(asked) == 1
    assert len({told.fingerprint for told in found}) == len({told.said for told in found}) == 1
    assert len({told.finding.normal["time"] for told in found}) == 60  # each at its own time
    repeats.read(source, eve(proto="TCP"), AT, (), WHOSE)
    assert len(asked) == 2


def test_what_the_mapping_never_reads_may_move() -> None:
    source, asked = counting("suricata")
    for number in range(20):
        moved = eve(flow={"pkts_toserver": number}, pcap_cnt=number, payload=f"R0VUIC{number}")
        finding = repeats.read(source, moved, AT, (), WHOSE).finding
        assert finding == normalise.finding(book.source("suricata"), moved, AT)
    assert len(asked) == 1
    repeats.read(source, eve(dest_port=22, flow_id=1, src_port=50_001), AT, (), WHOSE)
    repeats.read(source, eve(dest_port=22, flow_id=2, src_port=50_002), AT, (), WHOSE)
    assert len(asked) == 2  # the row shows those of the first
    repeats.read(source, eve(dest_port=23, flow_id=3, src_port=50_003), AT, (), WHOSE)
    assert len(asked) == 3


def test_others_alerts_and_other_worlds_are_read_by_themselves() -> None:
    source, asked = counting("suricata")
    found = {repeats.read(source, eve(), AT, (), whose).fingerprint for whose in (WHOSE, (2, "real"), (1, "exercise"))}
    assert len(found) == len(asked) == 3
    repeats.read(source, eve(), AT, ("characters_replaced",), WHOSE)
    assert len(asked) == 4


def test_a_source_that_was_mended_reads_anew() -> None:
    before, asked = counting("suricata")
    repeats.read(before, eve(), AT, (), WHOSE)
    mended = replace(before, name="Suricata of ours")
    finding = repeats.read(mended, eve(), AT, (), WHOSE).finding
    assert len(asked) == 2
    assert finding.normal == normalise.finding(mended, eve(), AT).normal


def test_what_is_kept_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repeats, "_recent", repeats.Recent())
    monkeypatch.setattr(repeats, "MOST", 100)
    source = book.source("suricata")
    for number in range(300):
        repeats.read(source, eve(dest_port=number), AT, (), WHOSE)
    assert repeats.MOST <= len(repeats._recent) <= 2 * repeats.MOST
    again, asked = counting("suricata")
    for _ in range(2):
        repeats.read(again, eve(app_proto="x" * repeats.LARGEST), AT, (), WHOSE)
    assert len(asked) == 2


@pytest.mark.parametrize(
    ("spec", "inside", "around"),
    [
        ("a.b | ^.c.d", {("a", "b")}, {("c", "d")}),
        ('"{a.b}: {^.d}" | c', {("a", "b"), ("c",)}, {("d",)}),
        (["a[].b", {"from": "c", "map": {}, "else": ["d.e", "@received"]}], {("a",), ("c",), ("d", "e")}, set()),
        ("'a.b'", set(), set()),
    ],
)
def test_an_expression_says_all_it_looks_at(spec: object, inside: set[Place], around: set[Place]) -> None:
    assert reads(spec) == (inside, around)


def test_what_is_looked_at_is_taken_out_as_it_stands() -> None:
    document: Document = {"a": {"b": 1, "c": {"d": 2, "e": 3}}, "f": [{"g": 4}], "h": "5", "i": 6}
    looked_at = [("a", "c", "d"), ("f",), ("h", "x"), ("y", "z")]
    assert only(document, tree(looked_at)) == {"a": {"c": {"d": 2}}, "f": [{"g": 4}], "h": "5"}
    assert only(document, tree([*looked_at, ("a",)])) == {"a": document["a"], "f": [{"g": 4}], "h": "5"}
    assert only(document, tree([("a", "b"), ()])) == document
    assert only(document, tree([])) == {}

"""Whatever comes: a mapping raises nothing but its own refusal, and of what was counted nothing is lost."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hikeshi.intake import framing, normalise
from hikeshi.intake.inbox.items import InboxItem
from hikeshi.intake.preparing import prepare
from hikeshi.intake.sources import book, tree
from hikeshi.kernel.ids import uuid7
from hikeshi.kernel.worlds import World

RECEIVED = datetime(2026, 11, 21, 10, tzinfo=UTC)
ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20)
    | st.sampled_from(
        ["high", "0", "", " ", "2026-13-45", "9999-12-31T23:59:59Z", "1e999", "\x00", "\u202e", "1", "\uff17"]
    ),
    lambda inside: st.lists(inside, max_size=4) | st.dictionaries(st.text(max_size=8), inside, max_size=4),
    max_leaves=12,
)


def _keys(value: object) -> Iterator[tuple[dict[str, object] | list[object], str | int]]:
    """Every place in a document."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inside in list(pairs):
        yield value, key  # type: ignore[misc]  # a table or a list, by the line above
        yield from _keys(inside)


def read(code: str, body: bytes) -> None:
    """As the digest does: every alert the door counted is read or put aside."""
    try:
        counted = framing.alerts_in(code, body)
    except framing.Unreadable:
        return
    item = InboxItem(uuid7(), code, 1, body, "application/json", RECEIVED, World.REAL, counted)
    (done,) = prepare([item])
    assert done.alerts == counted
    for one in done.sightings:
        assert one.finding.title
        assert 1 <= one.finding.severity <= 6
        assert one.finding.first <= one.finding.last <= RECEIVED + timedelta(days=1)
        assert len(json.dumps(one.finding.normal)) < 400_000
        assert len(one.fingerprint) == 32


@pytest.mark.parametrize("code", book.shipped())
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None)
@given(data=st.data())
def test_a_sample_with_wrong_types_anywhere_is_read_or_put_aside(code: str, data: st.DataObject) -> None:
    samples = sorted((book.FOLDER / code / "samples").glob("*.json"))
    documents = [json.loads(sample.read_bytes()) for sample in samples] or [{"event_type": "alert", "alert": {}}]
    document = data.draw(st.sampled_from(documents))
    places = list(_keys(document))
    for place, key in data.draw(st.lists(st.sampled_from(places), min_size=1, max_size=6)):
        place[key] = data.draw(ANYTHING)  # type: ignore[index]  # the key came from there
    read(code, json.dumps(document).encode())


@settings(max_examples=60, deadline=None, database=None)
@given(document=ANYTHING, code=st.sampled_from(sorted(book.shipped())))
def test_anything_at_all_is_read_or_put_aside(document: object, code: str) -> None:
    read(code, json.dumps(document).encode())
    if isinstance(document, dict):
        for field in tree.tree(document).leaves:
            assert field.path


def _bodies() -> dict[str, bytes]:
    deep = json.loads("[" * 90 + "]" * 90)
    return {
        "large": json.dumps({"title": "x" * 500_000, "host": "y" * 10_000}).encode(),
        "deep": json.dumps({"title": "x", "labels": deep, "description": deep}).encode(),
        "twice": b'{"title": "one", "title": "two", "severity": "low", "severity": "high"}',
        "surrogate": b'{"title": "\\ud800 half", "host": "\\udfff"}',
        "numbers": b'{"title": 7, "severity": "5", "time": "1763719200", "host": 12.5}',
        "no_time": b'{"title": "x"}',
        "future": b'{"title": "x", "time": "2031-01-01T00:00:00Z"}',
        "wide": json.dumps({"title": "x", **{f"k{n}": n for n in range(20_000)}}).encode(),
    }


@pytest.mark.parametrize("name", _bodies())
def test_an_odd_body_is_read_and_says_what_was_odd(name: str) -> None:
    body = _bodies()[name]
    read("generic", body)
    (seen,) = findings(body)
    notes = seen.normal.get("unmapped", {})
    told = {
        "twice": "duplicate_keys",
        "surrogate": "characters_replaced",
        "no_time": "time_quality:first:missing",
        "future": "time_quality:first:clamped",
    }
    if name in told:
        assert told[name] in notes["hikeshi_notes"]  # type: ignore[index]  # a table, by the form
    if name == "numbers":
        assert (seen.title, seen.severity, seen.first.year) == ("7", 5, 2025)
    if name in {"no_time", "future"}:
        assert seen.first == RECEIVED


def findings(body: bytes) -> list[normalise.Finding]:
    source = book.shipped()["generic"]
    return [
        normalise.finding(source, wrapped, RECEIVED, element.notes)
        for element in framing.elements(body)
        for wrapped in framing.alerts_of("generic", element)
    ]

"""What numbers a connection is of one sighting: who tells of the next connection of the same thing repeats it."""

import pytest

from hikeshi.intake.sources import book
from hikeshi.intake.sources.looking import only
from hikeshi.intake.sources.mapping import BadMapping, Document

SHAPE: dict[str, object] = {
    "name": "alert",
    "identity": ["sid", "flow.src"],
    "severity": "'low'",
    "normal": {"finding_info.title": "sid", "finding_info.uid": "flow.id", "src_endpoint.port": "flow.port"},
}
SOURCE: dict[str, object] = {
    "source": "x",
    "name": "X",
    "vendor": "X",
    "version": 1,
    "documentation": "https://example.com",
    "reads": "x",
}
BODY: Document = {"sid": "1", "flow": {"src": "192.0.2.1", "id": 7, "port": 50_001}}


def shape(**more: object) -> book.Shape:
    (found,) = book.built({**SOURCE, "shapes": [{**SHAPE, **more}]}).shapes
    return found


def test_what_is_said_once_is_shown_and_tells_no_alert_from_another() -> None:
    plain, once = shape(), shape(once=["flow.id", "flow.port"])
    assert once.normal(BODY, None) == plain.normal(BODY, None)
    other: Document = {"sid": "1", "flow": {"src": "192.0.2.1", "id": 8, "port": 50_002}}
    assert only(BODY, plain.read) != only(other, plain.read)
    assert only(BODY, once.read) == only(other, once.read)
    elsewhere: Document = {"sid": "1", "flow": {"src": "192.0.2.2", "id": 7, "port": 50_001}}
    assert only(BODY, once.read) != only(elsewhere, once.read)


@pytest.mark.parametrize("wrong", ["sid", "flow", "flow.src", "flow.bytes"])
def test_what_settles_which_thing_it_is_or_is_never_shown_cannot_be_said_once(wrong: str) -> None:
    with pytest.raises(BadMapping):
        shape(once=[wrong])


@pytest.mark.parametrize(
    ("code", "moved"),
    [
        ("suricata", {"flow_id": 2, "src_port": 50_002, "community_id": "1:x"}),
        ("snort", {"src_port": 50_002}),
        ("zeek", {"uid": "C2", "id.orig_p": 50_002}),
    ],
)
def test_sensors_that_number_each_connection_repeat_themselves(code: str, moved: Document) -> None:
    first = book.source(code).shapes[0]
    assert only({}, first.read) == only(moved, first.read)
    assert len(first.once) == len(moved)

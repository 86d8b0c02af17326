"""Every sample of every source becomes what stands in `expect/`, field by field."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hikeshi.intake import framing, normalise
from hikeshi.intake.sources import book, ocsf

RECEIVED = datetime(2026, 11, 21, 10, tzinfo=UTC)
SAMPLES = sorted(path for path in book.FOLDER.glob("*/samples/*") if path.name != "ORIGIN")


def findings(source: str, body: bytes, content_type: str = "") -> list[normalise.Finding]:
    return [
        normalise.finding(book.source(source), wrapped, RECEIVED, element.notes)
        for element in framing.elements(body, content_type)
        for wrapped in framing.alerts_of(source, element)
    ]


def told(found: normalise.Finding) -> dict[str, object]:
    return {
        "shape": found.shape,
        "title": found.title,
        "severity": found.severity,
        "state": found.state,
        "first": found.first.isoformat(),
        "last": found.last.isoformat(),
        "changed": found.changed.isoformat(),
        "identity": list(found.identity),
        "observables": [f"{one['type']} {one['value']}" for one in found.observables],
        "normal": found.normal,
    }


def expected(sample: Path) -> Path:
    return sample.parent.parent / "expect" / f"{sample.name}.json"


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: f"{path.parent.parent.name}/{path.name}")
def test_a_sample_becomes_what_is_expected(sample: Path) -> None:
    found = [told(one) for one in findings(sample.parent.parent.name, sample.read_bytes())]
    assert json.loads(json.dumps(found)) == json.loads(expected(sample).read_text(encoding="utf-8"))


@pytest.mark.parametrize("code", book.sources())
def test_a_source_has_samples_with_their_origin_and_nothing_expected_in_vain(code: str) -> None:
    samples = {path.name for path in SAMPLES if path.parent.parent.name == code}
    origin = (book.FOLDER / code / "samples" / "ORIGIN").read_text(encoding="utf-8")
    assert samples
    assert {path.name.removesuffix(".json") for path in (book.FOLDER / code / "expect").iterdir()} == samples
    assert not [name for name in samples if name not in origin]


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.name)
def test_the_door_counts_what_the_digest_finds(sample: Path) -> None:
    source = sample.parent.parent.name
    assert framing.alerts_in(source, sample.read_bytes()) == len(findings(source, sample.read_bytes()))


@pytest.mark.parametrize("code", book.sources())
def test_every_finding_is_a_detection_finding_of_ocsf(code: str) -> None:
    for sample in (path for path in SAMPLES if path.parent.parent.name == code):
        for one in findings(code, sample.read_bytes()):
            assert (one.normal["class_uid"], one.normal["category_uid"]) == (2004, 2)
            assert one.normal["type_uid"] == 200400 + int(str(one.normal["activity_id"]))
            assert 1 <= int(str(one.normal["severity_id"])) <= 6
            assert one.normal["metadata"]["log_provider"] == code  # type: ignore[index]  # a table, by the form
            assert len(one.title) <= ocsf.MAX_TITLE

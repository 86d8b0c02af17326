"""Every sample of every source becomes what stands in `expect/`, field by field."""

import json
import re
from pathlib import Path

import pytest

from hikeshi.intake import connecting, framing
from hikeshi.intake.sources import book, ocsf
from tools import sources

SAMPLES = sorted(path for path in book.FOLDER.glob("*/samples/*") if path.name != "ORIGIN")


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: f"{path.parent.parent.name}/{path.name}")
def test_a_sample_becomes_what_is_expected(sample: Path) -> None:
    found = [sources.told(one) for one in sources.findings(sample.parent.parent.name, sample.read_bytes())]
    assert json.loads(json.dumps(found)) == json.loads(sources.expected(sample).read_text(encoding="utf-8"))


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
    assert framing.alerts_in(source, sample.read_bytes()) == len(sources.findings(source, sample.read_bytes()))


@pytest.mark.parametrize("code", book.sources())
def test_every_finding_is_a_detection_finding_of_ocsf(code: str) -> None:
    for sample in (path for path in SAMPLES if path.parent.parent.name == code):
        for one in sources.findings(code, sample.read_bytes()):
            assert (one.normal["class_uid"], one.normal["category_uid"]) == (2004, 2)
            assert one.normal["type_uid"] == 200400 + int(str(one.normal["activity_id"]))
            assert 1 <= int(str(one.normal["severity_id"])) <= 6
            assert one.normal["metadata"]["log_provider"] == code  # type: ignore[index]  # a table, by the form
            assert len(one.title) <= ocsf.MAX_TITLE


def test_the_table_of_fields_says_what_the_samples_hold() -> None:
    assert sources.shown() == sources.table(), "python -m tools.sources update, and see that nothing was lost"


@pytest.mark.parametrize("code", book.sources())
def test_no_sample_is_read_with_a_severity_nobody_stated(code: str) -> None:
    samples = [path for path in SAMPLES if path.parent.parent.name == code]
    found = [one for sample in samples for one in sources.findings(code, sample.read_bytes())]
    assert not [one.title for one in found if not sources.FIELDS["severity"](one)]


@pytest.mark.parametrize("code", sorted(book.shipped().keys() - {book.CANARY}))
def test_a_source_shows_what_its_end_looks_like_or_its_page_says_that_there_is_none(code: str) -> None:
    found = [one for sample in sources.samples(code) for one in sources.findings(code, sample.read_bytes())]
    if not any(one.state == "resolved" for one in found):
        english, japanese = (connecting.steps(code, language) for language in ("en", "ja"))
        assert "tell when something is over" in english or "no end" in english or "of an end" in english, code
        assert "解消" in japanese, code


def test_fifty_sources_and_our_own_are_known_each_with_the_way_to_connect_it() -> None:
    assert len(book.shipped()) >= 51
    for code in book.shipped().keys() - {book.CANARY, "generic"}:
        for language in ("en", "ja"):
            steps = connecting.steps(code, language)
            assert "{url}" in steps or "HIKESHI_SYSLOG" in steps, (code, language)
            assert re.search(r"^1\. .*^2\. .*^3\. ", steps, re.MULTILINE | re.DOTALL), (code, language)


def test_whoever_signs_is_connected_by_the_signature_and_needs_no_proxy() -> None:
    signing = {file.parent.name for file in book.FOLDER.glob("*/signed.yaml")}
    assert {"github", "sentry"} <= signing
    assert not [code for code in signing if "proxy" in connecting.steps(code, "en").lower()]
    assert all("Secret, to sign with" in connecting.steps(code, "en") for code in ("github", "sentry"))

"""Every sample of every source becomes what stands in `expect/`, field by field."""

import json
from collections.abc import Callable
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


def _holds(found: normalise.Finding, *keys: str) -> bool:
    value: object = found.normal
    for key in keys:
        value = value[0] if isinstance(value, list) and value else value
        value = value.get(key) if isinstance(value, dict) else None
    return bool(value)


def _seen(found: normalise.Finding, *kinds: str) -> bool:
    return any(one["type"] in kinds for one in found.observables)


FIELDS: dict[str, Callable[[normalise.Finding], bool]] = {
    "title": lambda found: bool(found.title),
    "severity": lambda found: "severity_unknown" not in str(found.normal.get("unmapped")),
    "time": lambda found: found.first != RECEIVED,
    "host": lambda found: _holds(found, "device", "hostname") or _seen(found, "host"),
    "user": lambda found: _holds(found, "actor", "user", "name") or _seen(found, "user"),
    "address": lambda found: _seen(found, "ip"),
    "hash": lambda found: _seen(found, "hash"),
    "rule": lambda found: _holds(found, "finding_info", "analytic"),
    "technique": lambda found: _holds(found, "finding_info", "attacks"),
    "link": lambda found: _holds(found, "finding_info", "src_url"),
    "resource": lambda found: _holds(found, "resources") or _seen(found, "resource"),
}
EVERYWHERE = {"title", "severity", "time"}
COVERED = {
    "alertmanager": {"host", "rule", "link"},
    "crowdstrike": {"host", "user", "address", "hash", "rule", "technique", "link"},
    "defender": {"host", "user", "address", "hash", "rule", "technique", "link"},
    "elastic": {"host", "user", "address", "hash", "rule", "technique", "link"},
    "generic": {"host", "user", "address"},
    "github": {"user", "rule", "link", "resource"},
    "grafana": {"host", "rule", "link"},
    "guardduty": {"host", "user", "address", "rule", "resource"},
    "ocsf": {"host", "user", "address", "hash", "rule", "technique", "link", "resource"},
    "okta": {"user", "address", "rule"},
    "opsgenie": {"host", "user"},
    "pagerduty": {"host", "rule", "link"},
    "securityhub": {"host", "user", "address", "rule", "technique", "link", "resource"},
    "sentinel": {"host", "user", "address", "hash", "rule", "technique", "link"},
    "sentinelone": {"host", "user", "address", "hash", "rule", "technique"},
    "splunk": {"host", "user", "address", "hash", "rule", "technique", "link"},
    "suricata": {"address", "rule"},
    "syslog": {"host", "user", "address", "hash", "rule", "link"},
    "wazuh": {"host", "user", "address", "rule", "technique"},
    "zabbix": {"host", "address", "rule", "link"},
}
"""What each source's samples hold and its mapping must find in at least one of them."""


# The desk's own trial holds no field but its title.
@pytest.mark.parametrize("code", sorted(book.sources().keys() - {book.CANARY}))
def test_a_source_finds_every_kind_of_field_its_samples_hold(code: str) -> None:
    samples = [path for path in SAMPLES if path.parent.parent.name == code]
    found = [one for sample in samples for one in findings(code, sample.read_bytes())]
    missing = {name for name in EVERYWHERE | COVERED[code] if not any(FIELDS[name](one) for one in found)}
    assert not missing


@pytest.mark.parametrize("code", book.sources())
def test_no_sample_is_read_with_a_severity_nobody_stated(code: str) -> None:
    samples = [path for path in SAMPLES if path.parent.parent.name == code]
    found = [one for sample in samples for one in findings(code, sample.read_bytes())]
    assert not [one.title for one in found if not FIELDS["severity"](one)]


def test_sixteen_sources_and_our_own_are_known() -> None:
    assert len(book.sources()) >= 17

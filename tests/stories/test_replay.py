"""Recorded alerts, sent through the door of a running desk by the command its keeper types."""

import gzip
import json
import lzma
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hikeshi.cli.recordings import NotARecording, bodies, brought_up_to_date
from hikeshi.kernel import clock
from tests.running import Site, eventually, site

ALERTS = [{"title": f"警告 {number}", "severity": "high", "host": f"pc{number}"} for number in range(7)]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with site(tmp_path_factory.mktemp("replay")) as running:
        yield running


def recording(folder: Path, name: str) -> Path:
    """The same seven alerts in the form its name says."""
    array, lines = json.dumps(ALERTS, indent=1), "\n".join(json.dumps(alert, ensure_ascii=False) for alert in ALERTS)
    content = (lines if "ndjson" in name else array).encode()
    pack = {".gz": gzip.compress, ".xz": lzma.compress}.get(Path(name).suffix, bytes)
    (folder / name).write_bytes(pack(content))
    return folder / name


@pytest.mark.parametrize("name", ["a.json", "a.ndjson", "a.json.gz", "a.ndjson.xz"])
def test_every_form_of_recording_holds_the_same_bodies(name: str, tmp_path: Path) -> None:
    assert [json.loads(body) for body in bodies(recording(tmp_path, name))] == ALERTS


def test_one_document_over_many_lines_is_one_body(tmp_path: Path) -> None:
    file = tmp_path / "one.json"
    file.write_text(json.dumps(ALERTS[0], indent=2), encoding="utf-8")
    assert [json.loads(body) for body in bodies(file)] == ALERTS[:1]


@pytest.mark.parametrize("content", ['{"a": 1}\n{"b": \n', "no json\n", "", "[1, 2"])
def test_what_is_no_recording_is_named(content: str, tmp_path: Path) -> None:
    file = tmp_path / "broken.json"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(NotARecording, match=r"broken\.json"):
        list(bodies(file))


def test_times_in_a_body_move_together_until_the_newest_is_now() -> None:
    clock.freeze(datetime(2026, 11, 21, 12, tzinfo=UTC))
    body = b'{"a": "2021-03-01T10:00:00.5Z", "b": "2021-03-01 09:00:00", "end": "9999-12-31T23:59:59Z", "id": "x21"}'
    moved = brought_up_to_date(body)
    assert json.loads(moved) == {
        "a": "2026-11-21T12:00:00.5Z",
        "b": "2026-11-21 11:00:00",
        "end": "9999-12-31T23:59:59Z",
        "id": "x21",
    }
    assert brought_up_to_date(b'{"no": "time"}') == b'{"no": "time"}'


@pytest.mark.server
def test_what_is_replayed_arrives_and_is_counted_once(desk: Site, tmp_path: Path) -> None:
    files = [str(recording(tmp_path, name)) for name in ("a.json", "a.ndjson.xz")]
    told = json.loads(desk.run("replay", *files, "--source", "generic", "--json").stdout)
    assert (told["bodies"], told["accepted"]) == (14, 14)
    eventually(lambda: desk.metric("hikeshi_intake_digested_total") == 14)
    assert desk.metric("hikeshi_alerts_total") == 7
    [key] = [row for row in json.loads(desk.run("token", "list", "--json").stdout) if row["name"] == "replay"]
    assert key["state"] == "revoked"


@pytest.mark.server
def test_a_rate_is_kept(desk: Site, tmp_path: Path) -> None:
    file = recording(tmp_path, "a.ndjson")
    told = json.loads(desk.run("replay", str(file), "--source", "generic", "--rate", "5", "--json").stdout)
    assert told["accepted"] == 7
    assert told["seconds"] >= 6 / 5


@pytest.mark.server
def test_a_source_the_desk_does_not_know_is_refused_in_its_words(desk: Site, tmp_path: Path) -> None:
    told = desk.run("replay", str(recording(tmp_path, "a.json")), "--source", "unheard-of", check=False)
    assert told.returncode == 1
    assert "unknown_source" in told.stderr


@pytest.mark.server
def test_a_running_desk_is_not_restored_over(desk: Site, tmp_path: Path) -> None:
    file = tmp_path / "site.backup"
    assert desk.run("backup", str(file)).returncode == 0
    told = desk.run("restore", "--force", str(file), check=False)
    assert told.returncode == 1
    assert "Stop it first" in told.stderr

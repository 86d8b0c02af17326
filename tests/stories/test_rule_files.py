"""A rule file that was broken by a slip of the pen judges as before, after kill -9 and a start too."""

import signal
from pathlib import Path

import pytest

from hikeshi.intake import rule_files
from tests.running import Site, eventually, site

RULE = """title: Printers
id: 7c1b2a52-0000-4000-8000-0000000000f1
status: test
logsource:
  category: finding
detection:
  printers:
    finding_info.title|startswith: Paper jam
  condition: printers
level: low
hikeshi:
  code: printers
  version: 1
  rank: 150
  verdict: drop
  owner: csirt
  review: 2027-01-01
  reason: {en: A printer, ja: プリンターです}
"""
pytestmark = [pytest.mark.server, pytest.mark.timeout(300)]


def verdict(desk: Site, token: str, reader: str, title: str) -> str:
    assert desk.post("/intake/v1/generic", {"title": title, "severity": "low"}, token=token).status == 202

    def judged() -> str:
        items = desk.get("/api/v1/alerts?limit=200", token=reader).json()["items"]
        return next((one["verdict"] for one in items if one["title"] == title), "")

    return str(eventually(judged))


def test_a_rule_file_that_cannot_be_read_judges_as_before_after_the_engine_was_killed_and_started(tmp_path: Path):
    with site(tmp_path) as desk:
        token, reader = desk.token("--source", "generic"), desk.token("--scope", "api", "--user", "admin")
        folder = desk.data / rule_files.FOLDER
        folder.mkdir(exist_ok=True)
        file = folder / "printers.yml"
        file.write_text(RULE, encoding="utf-8")
        assert verdict(desk, token, reader, "Paper jam 1") == "drop"
        eventually(lambda: rule_files.kept(desk.data) == {file.name: RULE})
        file.write_text(RULE.replace("finding_info.title|", "no_such_field|"), encoding="utf-8")
        desk.stop(signal.SIGKILL)
        desk.start()
        assert verdict(desk, token, reader, "Paper jam 2") == "drop"
        assert rule_files.kept(desk.data) == {file.name: RULE}
        file.unlink()
        assert verdict(desk, token, reader, "Paper jam 3") != "drop"

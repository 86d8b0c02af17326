"""A product nobody knows: its body pasted and mapped on the pages, posted through the real door, judged, mended."""

import json
import re
from collections.abc import Iterator
from http.cookiejar import CookieJar
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

import pytest

from tests.running import ADMIN_PASSWORD, Site, eventually, site

BODY = {
    "items": [
        {"alarm": "Ransomware note on share", "prio": "P1", "server": "SV-FILE01", "when": "2026-11-21T10:00:00Z"},
        {"alarm": "Door open", "prio": "P4", "server": "gate-2", "when": "2026-11-21T10:01:00Z"},
    ]
}
MAPPING = {
    "do": "save",
    "mode": "form",
    "unwrap": "items",
    "code": "gates",
    "title_ja": "入退室",
    "title_en": "Gates",
    "body": json.dumps(BODY),
    "line-0-name": "finding_info.title",
    "line-0-path": "alarm",
    "line-1-name": "severity",
    "line-1-path": "prio",
    "line-1-table": "P1 = critical\nP4 = low",
    "line-2-name": "device.hostname",
    "line-2-path": "server",
}
pytestmark = [pytest.mark.server, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with site(tmp_path_factory.mktemp("mapping")) as running:
        yield running


class Browser:
    """A person with cookies and nothing else: every form works without JavaScript."""

    def __init__(self, desk: Site) -> None:
        self.root = f"http://127.0.0.1:{desk.port}"
        self.opener: OpenerDirector = build_opener(HTTPCookieProcessor(CookieJar()))
        self.opener.addheaders = [("Accept-Language", "en"), ("Origin", self.root)]
        self.send("/sign-in/", {"login": "admin", "password": ADMIN_PASSWORD})

    def get(self, path: str) -> str:
        with self.opener.open(self.root + path) as answer:
            return str(answer.read().decode())

    def send(self, path: str, said: dict[str, str], *, form_on: str = "") -> str:
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.get(form_on or path))
        assert token is not None
        with self.opener.open(
            self.root + path, urlencode({**said, "csrfmiddlewaretoken": token[1]}).encode()
        ) as answer:
            return str(answer.read().decode())


def _titles(desk: Site, api: str) -> dict[str, dict[str, object]]:
    found = desk.get("/api/v1/alerts?limit=100", token=api).json()["items"]
    return {one["title"]: one for one in found}


def test_an_unknown_product_is_mapped_on_a_page_and_its_alerts_are_judged(desk: Site) -> None:
    api = desk.token("--scope", "api", "--user", "admin")
    person = Browser(desk)
    seen = person.send("/settings/sources/new", {**MAPPING, "do": "look"})
    assert seen.count("Ransomware note on share") > 1, "in the body, and as the desk would read it"
    saved = person.send("/settings/sources/new", MAPPING)
    assert "/intake/v1/gates" in saved
    token = desk.token("--source", "gates")

    # At once: the door must not tell a sender that its source does not exist because it has not looked yet.
    answer = desk.post("/intake/v1/gates", BODY, token=token)
    assert (answer.status, answer.json()["accepted"]) == (202, 2)
    eventually(lambda: len(_titles(desk, api)) == 2)
    grave = _titles(desk, api)["Ransomware note on share"]
    assert (grave["severity"], grave["source"], grave["verdict"]) == (5, "gates", "open")
    assert grave["reason"]

    assert desk.post("/intake/v1/gates", {"items": [{"text": "Window"}]}, token=token).status == 202
    eventually(lambda: 'id="aside"' in person.get("/settings/sources/gates/"))
    mended = {**MAPPING, "line-0-path": "alarm | text", "version": "1"}
    person.send("/settings/sources/gates/edit", mended)
    done = person.send("/settings/sources/gates/replay", {}, form_on="/settings/sources/gates/")
    assert 'class="notice over"' in done
    assert "Window" in _titles(desk, api)
    assert desk.metric("hikeshi_intake_accepted_total") == desk.metric("hikeshi_intake_digested_total") == 3


def test_a_source_taken_out_is_refused_within_seconds(desk: Site) -> None:
    person, token = Browser(desk), desk.token("--source", "gates")
    person.send("/settings/sources/gates/out", {}, form_on="/settings/sources/gates/")
    eventually(lambda: desk.post("/intake/v1/gates", BODY, token=token).status == 404)

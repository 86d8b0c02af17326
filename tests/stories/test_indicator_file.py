"""A large file of indicators through the real door: whoever sends it waits for its last byte, and ``kill -9`` of
everything in the middle neither loses a value nor doubles one.
"""

import json
import re
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import Request

import psutil
import pytest

from tests.postgres import Postgres
from tests.running import Site, eventually, site
from tests.stories.test_mapping import Browser

VALUES = 40_000
pytestmark = [pytest.mark.server, pytest.mark.timeout(400)]


def killed(desk: Site) -> None:
    """Server and engine in the same instant, and started again as the machine would."""
    assert desk.process is not None
    tree = psutil.Process(desk.process.pid)
    for one in [tree, *tree.children(recursive=True)]:
        one.kill()
    desk.process.wait()
    desk.start()


def story(desk: Site) -> None:
    token = desk.token("--scope", "api", "--user", "admin")
    place = desk.get("/api/v1/organisations", token=token).json()["items"][0]["uuid"]
    feed = b"".join(b"host%d.evil.example\n" % number for number in range(VALUES))
    address = f"/api/v1/indicator_lists/file?{urlencode({'organisation': place, 'title': 'Feed'})}"
    sent = desk.post(address, feed, token=token, headers={"Content-Type": "application/octet-stream"})
    assert sent.status == 202, sent.body
    assert sent.json()["state"] == "going"

    def told() -> dict[str, object]:
        said: dict[str, object] = desk.get(sent.headers["location"], token=token).json()
        return said

    killed(desk)  # before or while it is read to its end
    for reached in (1_000, 15_000):
        eventually(lambda reached=reached: told()["place"] >= reached, within=120)
        before = told()
        assert (before["state"], before["rows"]) == ("going", VALUES)
        killed(desk)
        assert told()["place"] >= before["place"]
    eventually(lambda: told()["state"] == "done", within=180)
    kept = desk.get("/api/v1/indicator_lists", token=token).json()["items"]
    assert [(one["uuid"], one["count"], one["state"]) for one in kept] == [(told()["list"], VALUES, "ready")]
    values = f"/api/v1/indicator_lists/{kept[0]['uuid']}/values"
    (last,) = desk.get(f"{values}?q=host{VALUES - 1}.evil.example", token=token).json()["items"]
    assert last["value"] == f"host{VALUES - 1}.evil.example"
    assert desk.run("verify", "--state", check=False).returncode == 0


def test_a_large_file_is_taken_in_whole_and_once_however_the_desk_is_killed(tmp_path: Path) -> None:
    with site(tmp_path) as desk:
        story(desk)


def test_a_large_file_is_taken_in_whole_and_once_on_postgresql(tmp_path: Path) -> None:
    server = Postgres(durable=True)
    server.start()
    with site(tmp_path, database_url=server.url) as desk:
        story(desk)


BOUNDARY = "x" * 40
BUNDLED = 1_000
"""Indicators of some twenty kilobytes each: more than any form but those of files may send."""


def bundle() -> bytes:
    found = [
        {
            "type": "indicator",
            "id": f"indicator--{number}",
            "description": "seen " * 4_000,
            "pattern": f"[domain-name:value = 'host{number}.bundle.example']",
        }
        for number in range(BUNDLED)
    ]
    return json.dumps({"type": "bundle", "objects": found}).encode()


def form(words: dict[str, str], file: bytes) -> bytes:
    part = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="'
    head = "".join(f'{part}{name}"\r\n\r\n{word}\r\n' for name, word in words.items())
    return f'{head}{part}file"; filename="feed.json"\r\n\r\n'.encode() + file + f"\r\n--{BOUNDARY}--\r\n".encode()


def test_the_form_of_the_page_takes_a_large_bundle_and_shows_how_far_it_is(tmp_path: Path) -> None:
    with site(tmp_path) as desk:
        person = Browser(desk)
        page = person.get("/assets/indicators/new")
        (token,) = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[:1]
        place = re.findall(r'<option value="([0-9a-f-]{36})"', page)
        words = {"csrfmiddlewaretoken": token, "title": "Bundle", "organisation": place[0] if place else ""}
        body = form(words, bundle())
        assert len(body) > 17 * 1024 * 1024
        kind = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
        with person.opener.open(Request(f"{person.root}/assets/indicators/new", body, kind)) as answer:
            there, shown = answer.geturl().removeprefix(person.root), answer.read().decode()
        assert there.startswith("/assets/indicators/files/")
        assert "Bundle" in shown
        listed = re.compile(r'href="/assets/indicators/[0-9a-f-]{36}/"')
        eventually(lambda: listed.search(person.get(there)), within=120)
        assert f"{BUNDLED:,}" in person.get(there)

"""The live stream: pages hear that something changed, of what they may hear, while their session lasts."""

import json
import subprocess
import sys
from http.client import HTTPConnection, HTTPResponse
from urllib.parse import quote

import pytest

from tests.running import Site

COOKIE = "sessionid"


def signed(desk: Site, *topics: str, session: str = "cookie", minutes_ago: int = 0) -> str:
    """As Django would, with the site's own key."""
    code = (
        "import django, sys; django.setup()\n"
        "from datetime import timedelta\n"
        "from django.conf import settings\n"
        "from hikeshi.kernel import clock, topics\n"
        "at = clock.now() - timedelta(minutes=int(sys.argv[2]))\n"
        "print(topics.sign(sys.argv[3:], session=sys.argv[1], secret=settings.SECRET_KEY, now=at))\n"
    )
    environment = desk.environment | {"DJANGO_SETTINGS_MODULE": "hikeshi.config.settings"}
    words = [sys.executable, "-c", code, session, str(minutes_ago), *topics]
    return subprocess.run(words, env=environment, check=True, capture_output=True, text=True).stdout.strip()


def stream(desk: Site, token: str, *, session: str = "cookie", **headers: str) -> HTTPResponse:
    connection = HTTPConnection("127.0.0.1", desk.port, timeout=20)
    connection.request("GET", f"/live/?topics={quote(token)}", headers={"Cookie": f"{COOKIE}={session}", **headers})
    return connection.getresponse()


def next_event(answer: HTTPResponse) -> tuple[str, dict[str, object]]:
    name, data = "", ""
    while True:
        line = answer.readline().decode().rstrip("\n")
        if line.startswith("event: "):
            name = line[7:]
        elif line.startswith("data: "):
            data = line[6:]
        elif not line and name:
            return name, json.loads(data)


@pytest.fixture(scope="module")
def sender(desk: Site) -> str:
    return desk.token("--source", "generic")


def change(desk: Site) -> None:
    desk.run("token", "create", "--source", "generic")


def test_a_page_hears_of_its_topics_and_of_no_others(desk, sender):
    alerts = stream(desk, signed(desk, "alerts", "incident:other"))
    assert alerts.status == 200
    assert alerts.headers["content-type"].startswith("text/event-stream")
    change(desk)
    assert desk.post("/intake/v1/generic", {"title": "new"}, token=sender).status == 202
    assert next_event(alerts) == ("changed", {"topics": ["alerts"]})


def test_what_happened_between_the_page_and_its_stream_is_not_missed(desk, sender):
    token = signed(desk, "alerts")
    before = desk.metric("hikeshi_ledger_entries_total")
    desk.post("/intake/v1/generic", {"title": "between"}, token=sender)
    while desk.metric("hikeshi_ledger_entries_total") == before:
        continue
    assert next_event(stream(desk, token)) == ("changed", {"topics": ["alerts"]})


def test_a_stream_that_broke_off_goes_on_where_it_was(desk, sender):
    token = signed(desk, "alerts")
    before = int(desk.metric("hikeshi_ledger_entries_total"))
    desk.post("/intake/v1/generic", {"title": "meanwhile"}, token=sender)
    while desk.metric("hikeshi_ledger_entries_total") == before:
        continue
    assert next_event(stream(desk, token, **{"Last-Event-ID": str(before)})) == ("changed", {"topics": ["alerts"]})


@pytest.mark.parametrize(
    ("token", "session", "status"),
    [("own", "", 401), ("own", "somebody-else", 403), ("nonsense", "cookie", 403), ("old", "cookie", 403)],
)
def test_a_stream_needs_the_key_django_signed_for_this_very_session(desk, token, session, status):
    tokens = {"own": signed(desk, "alerts"), "nonsense": "a.b", "old": signed(desk, "alerts", minutes_ago=11)}
    assert stream(desk, tokens[token], session=session).status == status


def test_one_session_cannot_take_all_streams(desk):
    token = signed(desk, "alerts", session="greedy")
    open_streams = [stream(desk, token, session="greedy") for _ in range(12)]
    assert {each.status for each in open_streams} == {200}
    refused = stream(desk, token, session="greedy")
    assert (refused.status, refused.headers["retry-after"]) == (503, "10")
    for each in open_streams:
        each.close()

"""The live stream: pages hear that something changed, of what they may hear, while their session lasts."""

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse
from urllib.parse import quote

import pytest

from tests.running import Site, eventually

COOKIE = "session"


def signed(desk: Site, *topics: str, session: str = "cookie", minutes_ahead: int = 0) -> str:
    """As Django would, with the site's own key."""
    code = (
        "import django, sys; django.setup()\n"
        "from datetime import timedelta\n"
        "from django.conf import settings\n"
        "from hikeshi.kernel import clock, topics\n"
        "at = clock.now() + timedelta(minutes=int(sys.argv[2]))\n"
        "print(topics.sign(sys.argv[3:], session=sys.argv[1], secret=settings.SECRET_KEY, now=at))\n"
    )
    environment = desk.environment | {"DJANGO_SETTINGS_MODULE": "hikeshi.config.settings"}
    words = [sys.executable, "-c", code, session, str(minutes_ahead), *topics]
    return subprocess.run(words, env=environment, check=True, capture_output=True, text=True).stdout.strip()


@contextlib.contextmanager
def stream(desk: Site, token: str, *, session: str = "cookie", **headers: str) -> Iterator[HTTPResponse]:
    """Open for the length of the block; the server sees the page leave."""
    with contextlib.closing(HTTPConnection("127.0.0.1", desk.port, timeout=60)) as connection:
        cookie = {"Cookie": f"{COOKIE}={session}"}
        connection.request("GET", f"/live/?topics={quote(token)}", headers=cookie | headers)
        with connection.getresponse() as answer:
            yield answer


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


def entries(desk: Site) -> int:
    return int(desk.metric("hikeshi_ledger_entries_total"))


def send(desk: Site, sender: str) -> None:
    """A new alert, and wait until the ledger speaks of it."""
    before = entries(desk)
    assert desk.post("/intake/v1/generic", {"title": f"after {before}"}, token=sender).status == 202
    eventually(lambda: entries(desk) > before)


def test_a_page_hears_of_its_topics_and_of_no_others(desk, sender):
    with stream(desk, signed(desk, "alerts", "incident:other")) as answer:
        assert answer.status == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        desk.run("token", "create", "--source", "generic")
        send(desk, sender)
        assert next_event(answer) == ("changed", {"topics": ["alerts"]})


def test_what_happened_between_the_page_and_its_stream_is_not_missed(desk, sender):
    token = signed(desk, "alerts")
    send(desk, sender)
    with stream(desk, token) as answer:
        assert next_event(answer) == ("changed", {"topics": ["alerts"]})


def test_a_stream_that_broke_off_goes_on_where_it_was(desk, sender):
    before = entries(desk)
    send(desk, sender)
    with stream(desk, signed(desk, "alerts", minutes_ahead=1), **{"Last-Event-ID": str(before)}) as answer:
        assert next_event(answer) == ("changed", {"topics": ["alerts"]})


@pytest.mark.parametrize(
    ("token", "session", "status"),
    [("own", "", 401), ("own", "somebody-else", 403), ("nonsense", "cookie", 403), ("old", "cookie", 403)],
)
def test_a_stream_needs_the_key_django_signed_for_this_very_session(desk, token, session, status):
    tokens = {"own": signed(desk, "alerts"), "nonsense": "a.b", "old": signed(desk, "alerts", minutes_ahead=-11)}
    with stream(desk, tokens[token], session=session) as answer:
        assert answer.status == status


def test_one_session_cannot_take_all_streams_and_those_that_left_make_room(desk):
    token = signed(desk, "alerts", session="greedy")
    with contextlib.ExitStack() as pages:
        opened = [pages.enter_context(stream(desk, token, session="greedy")) for _ in range(12)]
        assert {each.status for each in opened} == {200}
        with stream(desk, token, session="greedy") as refused:
            assert (refused.status, refused.headers["retry-after"]) == (503, "10")
    eventually(lambda: status(desk, token) == 200)


def status(desk: Site, token: str) -> int:
    with stream(desk, token, session="greedy") as answer:
        return answer.status

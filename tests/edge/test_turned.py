"""People whom the door turns away get a page in their language; machines get problem details as ever."""

import base64
import hashlib
import re

import pytest

from hikeshi.edge import people
from hikeshi.web import turned
from tests.crowding import crowded
from tests.running import Answer, Site

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
LARGE = people.LIMIT + 1
SAID = {
    "busy": {"ja": "ただいま混み合っています", "en": "The desk is busy at the moment"},
    "too_large": {"ja": "送られたものが大きすぎます", "en": "What you sent is too large"},
}


def _asked(desk: Site, method: str = "GET", path: str = "/incidents/?q=a%22b", **headers: str) -> Answer:
    body = b"x=1" if method == "POST" else None
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return desk.request(method, path, body, headers={"Accept": BROWSER} | sent)


def _only_what_it_brings(answer: Answer) -> None:
    page, policy = answer.body.decode(), answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"<(link|img|iframe)\b|\bsrc=|@import|url\(", page), "nothing else need be fetched"
    for tag in ("style", "script"):
        for one in re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL):
            assert f"'sha256-{base64.b64encode(hashlib.sha256(one.encode()).digest()).decode()}'" in policy


@pytest.mark.parametrize("language", ["ja", "en"])
def test_where_the_desk_is_busy_a_person_reads_it_in_their_language_and_a_machine_as_ever(desk: Site, language: str):
    with crowded(desk):
        page = _asked(desk, Accept_Language=f"{language},fr;q=0.5")
        wrote = _asked(desk, "POST", Accept_Language=language, Referer=f"http://127.0.0.1:{desk.port}/report/?kind=a")
        elsewhere = _asked(desk, "POST", Accept_Language=language, Referer="https://elsewhere.example/report/")
        machine = desk.request("GET", "/incidents/", headers={"Accept": "application/json"})
    for one in (page, wrote, elsewhere):
        assert (one.status, one.headers["content-type"]) == (503, "text/html; charset=utf-8")
        assert one.headers["retry-after"] == "1"
        assert one.headers["cache-control"] == "no-store"
        assert one.headers["hikeshi-edition"], "else the browser's worker says that the desk is away"
        assert SAID["busy"][language] in one.body.decode()
        assert f'<html lang="{language}">' in one.body.decode()
        _only_what_it_brings(one)
    assert 'href="/incidents/?q=a%22b"' in page.body.decode()
    assert page.headers["refresh"] == turned.AGAIN
    assert "refresh" not in wrote.headers, "what was sent is never sent again by itself"
    assert 'href="/report/?kind=a"' in wrote.body.decode()
    assert 'href="/report/"' not in elsewhere.body.decode()
    assert (machine.status, machine.headers["content-type"]) == (503, "application/problem+json")
    assert machine.json()["code"] == "busy"


def test_a_language_that_was_switched_to_goes_before_the_browsers_and_the_sites_own_comes_last(desk: Site):
    with crowded(desk):
        switched = _asked(desk, Accept_Language="ja", Cookie="a=b; django_language=en")
        unknown = _asked(desk, Accept_Language="fr, tlh;q=0.9")
        nonsense = _asked(desk, Accept_Language=";;q=abc, *", Cookie='django_language="')
    assert SAID["busy"]["en"] in switched.body.decode()
    assert SAID["busy"]["ja"] in unknown.body.decode()
    assert SAID["busy"]["ja"] in nonsense.body.decode()


@pytest.mark.parametrize("size", [3 * 1024 * 1024, LARGE])
def test_what_is_too_large_is_said_as_a_page_whoever_finds_it(desk: Site, size: int):
    """The first is refused behind the door, the second at it."""
    form = b"text=" + b"a" * (size - 5)
    kind = {"Accept": BROWSER, "Content-Type": "application/x-www-form-urlencoded"}
    for language in ("ja", "en"):
        answer = desk.request("POST", "/sign-in/", form, headers={**kind, "Accept-Language": language})
        assert (answer.status, answer.headers["content-type"]) == (413, "text/html; charset=utf-8")
        assert SAID["too_large"][language] in answer.body.decode()
        _only_what_it_brings(answer)
    machine = desk.request("POST", "/sign-in/", form, headers={**kind, "Accept": "*/*"})
    assert machine.status == 413
    assert not machine.headers.get("content-type", "").startswith("text/html") or not machine.body


def test_in_a_page_that_sends_by_itself_it_is_said_in_the_window_of_that_page(desk: Site):
    form = b"text=" + b"a" * LARGE
    kind = {"Accept": "*/*", "HX-Request": "true", "Content-Type": "application/x-www-form-urlencoded"}
    answer = desk.request("POST", "/sign-in/", form, headers=kind)
    assert (answer.status, answer.headers["hx-retarget"], answer.headers["hx-reswap"]) == (413, "#sheet", "innerHTML")
    assert SAID["too_large"]["en"] in answer.body.decode()
    assert "<html" not in answer.body.decode()


def test_what_cannot_be_read_is_refused_in_the_language_of_whoever_asked(desk: Site):
    kind = {"Accept": BROWSER, "Content-Type": "multipart/form-data; boundary=\u00e9"}
    for language, said in (("ja", "読み取れませんでした"), ("en", "could not be read")):
        answer = desk.request("POST", "/sign-in/", b"--x", headers={**kind, "Accept-Language": language})
        assert answer.status == 400
        assert said in answer.body.decode()


@pytest.mark.parametrize("address", ["//elsewhere.example/", "/\\elsewhere.example", '/"><script>alert(1)</script>'])
def test_no_address_leads_elsewhere_or_writes_into_the_page(address: str):
    said = turned.pages()("busy", "GET", address, {b"accept": b"text/html"})
    assert said is not None
    where = re.findall(r'<a href="([^"]*)"', said[1].decode())
    assert len(where) == 1
    assert re.match(r"/(?![/\\])", where[0])
    assert "<script>alert" not in said[1].decode()

"""The API through the real server, where requests meet and bodies come as the network brings them."""

import json
import socket
import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import sync_playwright

from tests import running

pytestmark = pytest.mark.server
NEW = {"title": "端末から不審な通信", "kind": "malware", "impact": 1, "urgency": 1}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[running.Site]:
    with running.site(tmp_path_factory.mktemp("api")) as started:
        yield started


@pytest.fixture(scope="module")
def token(site: running.Site) -> str:
    return site.token("--scope", "api", "--user", "admin")


def test_the_same_change_sent_eight_times_at_once_under_one_key_is_one_record(site: running.Site, token: str) -> None:
    answers: list[running.Answer] = []

    def send() -> None:
        answers.append(site.post("/api/v1/incidents", NEW, token=token, headers={"Idempotency-Key": "one"}))

    senders = [threading.Thread(target=send) for _ in range(8)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert {answer.status for answer in answers} == {201}
    assert len({answer.body for answer in answers}) == 1
    assert sum("idempotency-replayed" not in answer.headers for answer in answers) == 1
    assert site.get("/api/v1/incidents", token=token).json()["total"] == 1


def test_a_body_in_chunks_and_a_head_are_understood(site: running.Site, token: str) -> None:
    body = json.dumps({**NEW, "title": "in chunks"}).encode()
    lines = ["POST /api/v1/incidents HTTP/1.1", "Host: x", f"Authorization: Bearer {token}", "Connection: close"]
    lines += ["Content-Type: application/json", "Transfer-Encoding: chunked", "", ""]
    with socket.create_connection(("127.0.0.1", site.port), timeout=60) as wire:
        wire.sendall("\r\n".join(lines).encode() + b"%x\r\n" % len(body) + body + b"\r\n0\r\n\r\n")
        answer = b"".join(iter(lambda: wire.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 201")
    head = site.request("HEAD", "/api/v1/me", token=token)
    assert (head.status, head.body) == (200, b"")


def test_the_documentation_opens_under_the_pages_own_policy(site: running.Site) -> None:
    complaints: list[str] = []
    with sync_playwright() as engine:
        browser = engine.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page()
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda asked: None if f":{site.port}/" in asked.url else complaints.append(asked.url[:80]))
        response = page.goto(f"http://127.0.0.1:{site.port}/api/v1/docs")
        page.wait_for_selector('[data-path="/api/v1/incidents/{ref}/timeline"]')
        browser.close()
    assert response is not None
    assert "script-src 'self'" in response.headers["content-security-policy"]
    assert [one for one in complaints if not one.startswith("data:")] == []

"""The machine door as detectors meet it: a real server, plain requests."""

import gzip
import hashlib
import hmac
import json
import socket
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor

import pytest

from hikeshi.intake.sources.book import FOLDER
from tests.running import Answer, Site, eventually

LIMIT = 1024 * 1024
GENERIC = "/intake/v1/generic"


@pytest.fixture(scope="module")
def token(desk: Site) -> str:
    return desk.token("--source", "generic")


def alert(title: str, **more: object) -> dict[str, object]:
    return {"title": title, "severity": "low", **more}


def test_an_accepted_alert_is_answered_with_a_receipt_and_counted_exactly(desk, token):
    before = desk.metric("hikeshi_intake_accepted_total")
    answers = [
        desk.post(GENERIC, alert("one"), token=token),
        desk.post(GENERIC, [alert("two"), alert("three")], token=token),
        desk.post(GENERIC, b'{"title":"four"}\n{"title":"five"}\n', token=token),
        desk.post(
            GENERIC,
            b'{"title":"six"}\n{"title":"seven"}\n',
            token=token,
            headers={"Content-Type": "application/x-ndjson"},
        ),
    ]
    assert [answer.status for answer in answers] == [202] * 4
    assert [answer.json()["accepted"] for answer in answers] == [1, 2, 2, 2]
    assert len({answer.json()["receipt"] for answer in answers}) == 4
    assert desk.metric("hikeshi_intake_accepted_total") == before + 7
    eventually(lambda: desk.metric("hikeshi_inbox_pending") == 0)
    assert desk.metric("hikeshi_intake_digested_total") == desk.metric("hikeshi_intake_accepted_total")


def test_gzip_is_undone_also_in_several_members(desk, token):
    body = gzip.compress(b'[{"title":"packed"},') + gzip.compress(b'{"title":"twice"}]')
    answer = desk.post(GENERIC, body, token=token, headers={"Content-Encoding": "gzip"})
    assert (answer.status, answer.json()["accepted"]) == (202, 2)


@pytest.mark.parametrize(
    ("path", "body", "headers", "status", "code"),
    [
        ("/intake/v1/nobody", b"{}", {}, 404, "unknown_source"),
        ("/intake/v1/wazuh", b"{}", {}, 403, "other_source"),
        (GENERIC, b"", {}, 400, "body_empty"),
        (GENERIC, b'{"a":', {}, 400, "body_json"),
        (GENERIC, b"7", {}, 400, "body_scalar"),
        (GENERIC, b"[" * 200 + b"]" * 200, {}, 400, "body_depth"),
        (GENERIC, b"{}", {"Content-Type": "text/xml"}, 415, "content_type"),
        (GENERIC, b"{}", {"Content-Encoding": "br"}, 415, "content_encoding"),
        (GENERIC, b"{}", {"Content-Encoding": "gzip"}, 400, "gzip"),
        (GENERIC, gzip.compress(b"{}" * 1000, mtime=0)[:-9], {"Content-Encoding": "gzip"}, 400, "gzip"),
        (GENERIC, gzip.compress(b" " * 50 * LIMIT, mtime=0), {"Content-Encoding": "gzip"}, 413, "too_large"),
        (GENERIC, gzip.compress(b"", mtime=0) * 50_000, {"Content-Encoding": "gzip"}, 400, "gzip"),
        (GENERIC, b"[" + b"0," * 5_000 + b"0]", {}, 413, "too_many"),
        (GENERIC, b" " * (LIMIT + 1), {}, 413, "too_large"),
        (GENERIC, b" " * 4 * LIMIT, {}, 413, "too_large"),
        (GENERIC, b"{}", {"Idempotency-Key": "k" * 256}, 400, "key_too_long"),
    ],
)
def test_what_the_door_cannot_take_is_refused_with_a_reason(desk, token, path, body, headers, status, code):
    accepted = desk.metric("hikeshi_intake_accepted_total")
    answer = desk.post(path, body, token=token, headers=headers)
    assert (answer.status, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert desk.metric("hikeshi_intake_accepted_total") == accepted


def test_a_broken_body_is_answered_with_its_place(desk, token):
    answer = desk.post(GENERIC, b'{"title":"x"}\n{"title":nope}\n', token=token)
    problem = answer.json()
    assert (problem["line"], problem["column"], problem["byte"]) == (2, 10, 23)


def test_a_body_of_exactly_the_limit_is_taken(desk, token):
    body = json.dumps(alert("x" * 100)).encode()
    assert desk.post(GENERIC, body + b" " * (LIMIT - len(body)), token=token).status == 202


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic abc", "Bearer hks_nobody", "Bearer " + "x" * 2000])
def test_without_a_valid_token_nothing_is_taken(desk, header):
    answer = desk.post(GENERIC, alert("x"), headers={"Authorization": header})
    assert answer.status == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")


def test_a_token_of_the_api_does_not_open_the_door(desk):
    token = desk.token("--scope", "api", "--user", "admin")
    assert desk.post(GENERIC, alert("x"), token=token).status == 401


def test_a_revoked_token_is_turned_away_within_seconds(desk):
    token = desk.token("--source", "generic", "--name", "short-lived")
    assert desk.post(GENERIC, alert("x"), token=token).status == 202
    (row,) = [row for row in json.loads(desk.run("token", "list", "--json").stdout) if row["name"] == "short-lived"]
    desk.run("token", "revoke", str(row["token"]))
    eventually(lambda: desk.post(GENERIC, alert("x"), token=token).status == 401)


def test_alerts_are_only_posted(desk, token):
    answer = desk.get(GENERIC, token=token)
    assert (answer.status, answer.headers["allow"]) == (405, "POST")


def test_the_same_key_sent_by_many_at_once_is_one_alert(desk, token):
    before = desk.metric("hikeshi_intake_accepted_total")
    headers = {"Idempotency-Key": "the-same"}
    with ThreadPoolExecutor(16) as pool:
        sent = [pool.submit(desk.post, GENERIC, alert("once"), token=token, headers=headers) for _ in range(48)]
    answers = [each.result() for each in sent]
    assert {answer.status for answer in answers} == {202}
    assert len({answer.body for answer in answers}) == 1
    assert desk.metric("hikeshi_intake_accepted_total") == before + 1
    other = desk.post(GENERIC, alert("another"), token=token, headers=headers)
    assert (other.status, other.json()["code"]) == (422, "key_reused")


def test_a_token_that_sends_too_fast_is_told_when_to_come_again(desk):
    token = desk.token("--source", "wazuh")
    with ThreadPoolExecutor(16) as pool:  # one after the other is slow enough on a busy machine
        sent = [pool.submit(desk.post, "/intake/v1/wazuh", {"id": "1"}, token=token) for _ in range(160)]
    answers = [each.result() for each in sent]
    refused = [answer for answer in answers if answer.status == 429]
    assert refused
    assert all(int(answer.headers["retry-after"]) >= 1 for answer in refused)
    assert {answer.status for answer in answers} == {202, 429}


def test_strange_but_valid_json_is_kept(desk, token):
    for body in (
        b'{"title":"\\ud800 lone","x":"\\u0000"}',
        json.dumps(alert("表示"), ensure_ascii=False).encode("cp932"),
        b'{"title":"a","title":"b"}',
        json.dumps(alert("<script>alert(1)</script>" * 400)).encode(),
    ):
        assert desk.post(GENERIC, body, token=token).status == 202
    eventually(lambda: desk.metric("hikeshi_inbox_pending") == 0)


def test_a_sender_that_stops_in_the_middle_holds_nobody_up(desk, token):
    head = f"POST {GENERIC} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nContent-Length: 100\r\n"
    with socket.create_connection(("127.0.0.1", desk.port)) as slow:
        slow.sendall(f"{head}Content-Type: application/json\r\n\r\n{{".encode())
        assert desk.post(GENERIC, alert("quick"), token=token).status == 202
        assert desk.get("/healthz").status == 200


def test_rubbish_instead_of_http_does_not_shake_the_server(desk):
    for rubbish in (b"\x00" * 100, b"GET\r\n\r\n", b"POST /intake/v1/generic HTTP/1.1\r\nContent-Length: -1\r\n\r\n"):
        with socket.create_connection(("127.0.0.1", desk.port)) as wire:
            wire.sendall(rubbish)
            wire.settimeout(60)
            wire.recv(1024)
    assert desk.get("/healthz").status == 200


# -- Senders that already speak to other makers ----------------------------------------------------------------------


def stored(desk: Site) -> float:
    eventually(lambda: desk.metric("hikeshi_inbox_pending") == 0)
    return desk.metric("hikeshi_intake_accepted_total")


def test_prometheus_takes_the_desk_for_its_alertmanager(desk):
    token, before = desk.token("--source", "alertmanager"), stored(desk)
    good = {"labels": {"alertname": "DiskFull", "instance": "db1:9100"}, "generatorURL": "http://prometheus:9090/graph"}
    taken = desk.post("/api/v2/alerts", [good], token=token)
    assert (taken.status, taken.body) == (200, b"")
    mixed = desk.post("/api/v2/alerts", [good, {"labels": {}}], token=token)
    assert (mixed.status, mixed.json()) == (400, "at least one label pair required")
    assert stored(desk) == before + 2
    assert desk.get("/api/v2/status").json()["cluster"]["status"] == "disabled"
    for wrong, status in (("", 401), ("hks_nobody", 401), (desk.token("--source", "wazuh"), 403)):
        assert desk.post("/api/v2/alerts", [good], token=wrong).status == status
    assert desk.post("/api/v2/alerts", b"[" + b" " * LIMIT + b"]", token=token).status == 413
    assert stored(desk) == before + 2


def test_pagerdutys_and_opsgenies_clients_reach_the_inbox_with_their_own_keys(desk):
    routing, genie, before = desk.token("--source", "pagerduty"), desk.token("--source", "opsgenie"), stored(desk)
    aside = desk.metric("hikeshi_intake_parked")
    payload = {"summary": "Disk full", "source": "db1", "severity": "critical"}
    event = {"routing_key": routing, "event_action": "trigger", "dedup_key": "k", "payload": payload}
    assert desk.post("/v2/enqueue", event).status == 202
    assert desk.post("/v2/enqueue", {**event, "routing_key": genie}).json()["errors"] == ["Invalid routing key"]
    key = {"Authorization": f"GenieKey {genie}"}
    assert desk.post("/v2/alerts", {"message": "Disk full", "alias": "a"}, headers=key).status == 202
    assert desk.post("/v2/alerts/a/close?identifierType=alias", {}, headers=key).status == 202
    other = {"message": "Disk full", "alias": "web-1/at 90%20"}
    assert desk.post("/v2/alerts", other, headers=key).status == 202
    assert desk.post("/v2/alerts/web-1%2Fat%2090%2520/close?identifierType=alias", {}, headers=key).status == 202
    assert desk.post("/v2/alerts", {"message": "x"}, headers={"Authorization": "GenieKey nobody"}).status == 401
    assert stored(desk) == before + 5
    api = desk.token("--scope", "api", "--user", "admin")
    firing = "/api/v1/alerts?source=opsgenie&status=firing"
    eventually(lambda: desk.metric("hikeshi_inbox_pending") == 0)
    assert not desk.get(firing, token=api).json()["items"], "each is over by its alias"
    assert desk.metric("hikeshi_intake_parked") == aside, "what these doors take, their sources read"


def test_a_sender_that_knows_only_names_and_passwords_gives_its_token_as_the_password(desk, token):
    basic = {"Authorization": "Basic " + b64encode(f"anything:{token}".encode()).decode()}
    assert desk.post(GENERIC, alert("x"), headers=basic).status == 202
    assert desk.post(GENERIC, alert("x"), headers={"Authorization": "Basic ="}).status == 401


def test_an_event_of_the_cloud_comes_in_headers_and_counts_once_however_often_it_is_sent(desk, token):
    before = stored(desk)
    headers = {"ce-specversion": "1.0", "ce-id": "1", "ce-source": "/disks", "ce-type": "com.example.full"}
    answers = [desk.post(GENERIC, alert("Disk full"), token=token, headers=headers) for _ in range(3)]
    assert [answer.status for answer in answers] == [202] * 3
    assert len({answer.body for answer in answers}) == 1
    assert stored(desk) == before + 1


def test_okta_asks_whether_the_address_is_meant_for_it(desk):
    token = desk.token("--source", "okta")
    asks = {"X-Okta-Verification-Challenge": "abc"}
    answer = desk.request("GET", "/intake/v1/okta", token=token, headers=asks)
    assert (answer.status, answer.json()) == (200, {"verification": "abc"})
    assert desk.request("GET", "/intake/v1/okta", headers=asks).status == 401


def test_lines_of_syslog_become_alerts_that_are_counted_like_any_other(desk):
    udp, tcp = (int(one.rpartition(":")[2]) for one in desk.settings["HIKESHI_SYSLOG"].split(","))
    before, aside = stored(desk), desk.metric("hikeshi_intake_parked")
    line = b"<10>1 2026-11-21T10:00:00Z db1 sshd 42 - - Failed password for root from 192.0.2.1"
    with socket.create_connection(("127.0.0.1", tcp)) as wire:
        wire.sendall(b"%d %s" % (len(line), line) + line + b"\n" + b"<10>" + "\u8868\u793a".encode("cp932"))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as wire:
        wire.sendto(line, ("127.0.0.1", udp))
    eventually(lambda: stored(desk) == before + 4)
    assert desk.metric("hikeshi_intake_parked") == aside
    assert desk.metric("hikeshi_syslog_lost_total") == 0


def _signed(secret: str, body: bytes) -> dict[str, str]:
    return {"X-Hub-Signature-256": "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}


def test_what_a_maker_signed_is_taken_without_a_token_and_caught_posts_count_once(desk):
    github = "/intake/v1/github"
    body = (FOLDER / "github/samples/dependabot_alert_created.json").read_bytes()
    old, new = (desk.token("--source", "github", "--scope", "signed", "--name", name) for name in ("old", "new"))
    first = eventually(lambda: _taken(desk.post(github, body, headers=_signed(old, body))))
    before = desk.metric("hikeshi_intake_accepted_total")
    again = desk.post(github, body, headers={**_signed(old, body), "Idempotency-Key": "another"})
    assert (again.status, again.json()["receipt"]) == (202, first)
    assert desk.metric("hikeshi_intake_accepted_total") == before
    assert desk.post(github, body, headers=_signed(new, body)).status == 202, "two secrets are good at once"
    for wrong in (
        desk.post(github, body + b" ", headers=_signed(new, body)),
        desk.post(github, body, headers=_signed("another secret", body)),
        desk.post(github, body, headers={"X-Hub-Signature-256": "sha256=00"}),
        desk.post("/intake/v1/wazuh", body, headers=_signed(new, body)),
        desk.post(github, body, token=new),
    ):
        assert (wrong.status, wrong.json()["code"]) == (401, "unauthorised")


def _taken(answer: Answer) -> str:
    return answer.json()["receipt"] if answer.status == 202 else ""


def test_gitlab_puts_the_token_where_it_puts_its_secret(desk, token):
    assert desk.post(GENERIC, alert("from GitLab"), headers={"X-Gitlab-Token": token}).status == 202
    assert desk.post(GENERIC, alert("x"), headers={"X-Gitlab-Token": "hks_nobody"}).status == 401

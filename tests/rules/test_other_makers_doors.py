"""What other makers' clients send and are told, to the letter of their documentation; without a server."""

import json
from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hikeshi.edge import events, makers
from hikeshi.edge.makers import Maker, Sent
from hikeshi.edge.wire import Message, Refused, Request
from hikeshi.intake import framing
from hikeshi.intake.sources import book


async def nothing() -> Message:
    raise AssertionError("nobody reads the wire here")


def asked(path: str, method: str = "POST", query: bytes = b"", **headers: str) -> Request:
    named = {name.replace("_", "-").encode(): value.encode() for name, value in headers.items()}
    return Request(method, path, query, named, "192.0.2.1", nothing)


def door(path: str) -> Maker:
    found = makers.at(path)
    assert found is not None
    return found


def sent(path: str, body: object, query: bytes = b"") -> Sent:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return door(path).read(asked(path, query=query), raw)


def refused(path: str, body: object) -> tuple[int, object]:
    with pytest.raises(Refused) as problem:
        sent(path, body)
    answer = door(path).said(problem.value)
    return answer.status, json.loads(answer.body)


# -- Prometheus' Alertmanager: api/v2/api.go, postAlertsHandler -----------------------------------------------------


def test_alerts_in_order_are_kept_as_they_came_and_answered_with_an_empty_200():
    body = b'[{"labels": {"alertname": "a", "empty": ""}, "generatorURL": "http://p"}]'
    taken = sent("/api/v2/alerts", body)
    assert (taken.body, taken.answer.status, taken.answer.body) == (body, 200, b"")


def test_the_token_of_prometheus_stands_in_the_head_as_a_bearers_or_as_a_password():
    for said in ("Bearer hks_a", "bearer hks_a", f"Basic {b64encode(b'prometheus:hks_a').decode()}"):
        assert door("/api/v2/alerts").secret(asked("/api/v2/alerts", authorization=said)) == "hks_a"
    for said in ("", "Basic ", "Basic hks_a", "Basic \x80", "Digest hks_a", "Basic " + "QUJD" * 400):
        assert door("/api/v2/alerts").secret(asked("/api/v2/alerts", authorization=said)) == ""


def test_the_good_alerts_of_a_batch_are_kept_and_the_answer_says_what_was_wrong_with_the_others():
    good = {"labels": {"alertname": "a"}, "startsAt": "2026-11-21T10:00:00Z", "endsAt": "2026-11-21T11:00:00Z"}
    early = {**good, "endsAt": "2026-11-21T09:00:00Z"}
    taken = sent("/api/v2/alerts", [early, good, {"labels": {}}, {"labels": {"x": ""}}, {"labels": {"": "c"}}])
    assert json.loads(taken.body) == [good]
    assert taken.answer.status == 400
    assert json.loads(taken.answer.body).split("; ") == [
        "start time must be before end time",
        "at least one label pair required",
        "at least one label pair required",
        'invalid label set: invalid name ""',
    ]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"[{", 400, 400),
        (b"{}", 400, 400),
        (b"null", 422, 602),
        ([{"annotations": {}}], 422, 602),
        ([{"labels": {"a": 7}}], 400, 400),
        ([{"labels": {"a": "b"}, "startsAt": "yesterday"}], 400, 400),
        (b"[" * 10_000, 400, 400),
    ],
)
def test_a_body_of_another_form_is_refused_as_alertmanager_does(body, status, code):
    assert refused("/api/v2/alerts", body)[0] == status
    told = refused("/api/v2/alerts", body)[1]
    assert isinstance(told, dict)
    assert told["code"] == code
    assert told["message"]


def test_a_label_may_have_any_name_as_since_alertmanager_0_27():
    body = json.dumps([{"labels": {"alertname": "a", "service.name": "shop", "サービス": "受注"}}]).encode()
    assert (sent("/api/v2/alerts", body).body, sent("/api/v2/alerts", body).answer.status) == (body, 200)


@pytest.mark.parametrize("value", [rb"\ud800", b"\xff", rb"\udc00\ud800", "シ".encode()[:2]])
def test_a_letter_cut_in_the_middle_loses_nobody_the_batch(value):
    body = b'[{"labels": {"alertname": "a", "v": "' + value + b'"}}, {"labels": {"alertname": "\xf0\x9f\x94\xa5"}}]'
    taken = sent("/api/v2/alerts", body)
    assert taken.answer.status == 200
    first, second = json.loads(taken.body)
    assert set(first["labels"]["v"]) == {"\N{REPLACEMENT CHARACTER}"}
    assert second["labels"]["alertname"] == "\N{FIRE}"
    assert framing.alerts_in("alertmanager", taken.body) == 2


@pytest.mark.parametrize("path", ["silences", "alerts/groups", "receivers", "nothing", "silence/1", "alerts/", ""])
def test_what_of_alertmanager_is_not_here_is_said_in_its_words(path):
    with pytest.raises(Refused) as problem:
        door(f"/api/v2/{path}").method(asked(f"/api/v2/{path}", "GET"))
    answer = door("/api/v2/alerts").said(problem.value)
    assert (answer.status, json.loads(answer.body)["message"]) == (404, f"path /api/v2/{path} was not found")


def test_amtool_learns_which_version_answers_without_a_token_and_nothing_else():
    answer = door("/api/v2/status").method(asked("/api/v2/status", "GET"))
    assert answer is not None
    assert json.loads(answer.body)["versionInfo"]["version"]
    with pytest.raises(Refused):
        door("/api/v2/alerts").method(asked("/api/v2/alerts", "GET"))


# -- PagerDuty: Events API v2 ----------------------------------------------------------------------------------------


def event(**more: object) -> dict[str, object]:
    payload = {"summary": "disk full", "source": "db1", "severity": "critical"}
    return {"routing_key": "hks_secret", "event_action": "trigger", "payload": payload, **more}


def test_an_event_is_kept_without_its_routing_key_and_answered_with_its_dedup_key():
    taken = sent("/v2/enqueue", event(dedup_key="k"))
    assert b"hks_secret" not in taken.body
    assert b"routing_key" not in taken.body
    assert taken.answer.status == 202
    assert json.loads(taken.answer.body) == {"status": "success", "message": "Event processed", "dedup_key": "k"}


def test_a_trigger_without_a_key_gets_one_of_its_own():
    first, second = (json.loads(sent("/v2/enqueue", event()).answer.body)["dedup_key"] for _ in range(2))
    assert first
    assert first != second
    kept = json.loads(sent("/v2/enqueue", event(dedup_key=None)).body)
    assert kept["dedup_key"]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (event(event_action="explode"), "event_action"),
        (event(event_action="resolve"), "dedup_key"),
        (event(dedup_key="k" * 256), "dedup_key"),
        (event(payload=None), "payload"),
        (event(payload={"summary": "x", "source": "y", "severity": "bad"}), "severity"),
        (event(payload={"summary": "x" * 1025, "source": "y", "severity": "info"}), "summary"),
    ],
)
def test_an_event_pagerduty_would_refuse_is_refused_with_its_reason(body, says):
    status, told = refused("/v2/enqueue", body)
    assert isinstance(told, dict)
    assert (status, told["status"], told["message"]) == (400, "invalid event", "Event object is invalid")
    assert any(says in error for error in told["errors"])


def test_too_fast_and_wrong_keys_are_said_in_pagerdutys_words():
    slow = door("/v2/enqueue").said(Refused(429, "rate", "x", retry_after=3))
    assert (slow.status, json.loads(slow.body)["status"]) == (429, "throttle exceeded")
    assert dict(slow.headers)[b"retry-after"] == b"3"
    wrong = door("/v2/enqueue").said(Refused(401, "unauthorised", "x"))
    assert (wrong.status, json.loads(wrong.body)["errors"]) == (400, ["Invalid routing key"])
    assert door("/v2/enqueue").said(Refused(503, "storage", "x", retry_after=5)).status == 503


# -- Opsgenie: Alert API ---------------------------------------------------------------------------------------------


def test_an_alert_is_made_with_its_alias_or_with_the_id_of_its_request():
    taken = sent("/v2/alerts", {"message": "x"})
    kept, told = json.loads(taken.body), json.loads(taken.answer.body)
    assert (taken.answer.status, told["result"]) == (202, "Request will be processed")
    assert kept == {"message": "x", "alias": told["requestId"], "action": "create"}


def test_an_alert_is_closed_and_acknowledged_by_its_alias():
    for deed in ("close", "acknowledge"):
        for alias in ("disk/full", "a/b/close", "at 90%20", "遅延"):  # the server has undone the percent signs
            taken = sent(f"/v2/alerts/{alias}/{deed}", b"", query=b"identifierType=alias")
            assert json.loads(taken.body) == {"alias": alias, "action": deed}
    with pytest.raises(Refused):
        sent("/v2/alerts/17/close", {}, query=b"identifierType=tiny")


def test_what_opsgenie_cannot_process_is_named_by_field():
    status, told = refused("/v2/alerts", {"message": " ", "priority": "P9", "alias": "a" * 513})
    assert isinstance(told, dict)
    assert status == 422
    assert set(told["errors"]) == {"message", "priority", "alias"}
    assert refused("/v2/alerts", b"{")[0] == 400


@pytest.mark.parametrize("path", ["1/snooze", "1", "requests/7", "close", "1/notes"])
def test_what_of_opsgenie_is_not_here_is_said_in_its_words(path):
    maker = door(f"/v2/alerts/{path}")
    for method in ("GET", "POST", "DELETE"):
        with pytest.raises(Refused) as problem:
            maker.method(asked(f"/v2/alerts/{path}", method))
        answer = maker.said(problem.value)
        assert (answer.status, set(json.loads(answer.body))) == (404, {"message", "took", "requestId"})


@pytest.mark.parametrize(
    ("path", "body", "name"),
    [
        ("/v2/enqueue", {**event(), "payload": {**event()["payload"], "summary": "CUT"}}, "payload"),  # type: ignore[dict-item]  # a table
        ("/v2/alerts", {"message": "CUT"}, "message"),
    ],
)
def test_a_title_cut_in_the_middle_of_a_letter_costs_nobody_the_alert(path, body, name):
    written = json.dumps(body).encode()
    kept = json.loads(sent(path, written.replace(b"CUT", rb"full \ud83d")).body)
    assert "full \N{REPLACEMENT CHARACTER}" in str(kept[name])
    for encoding in ("cp932", "utf-8"):
        kept = json.loads(sent(path, written.replace(b"CUT", "容量".encode(encoding))).body)
        assert "容量" in str(kept[name])


def test_other_addresses_are_nobodys_door():
    for path in ("/v2/heartbeats", "/v2/enqueue/x"):
        assert makers.at(path) is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["labels", "routing_key", "event_action", "payload", "dedup_key", "message", "alias", "startsAt"]
            )
            | st.text(max_size=5),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


book.sources()  # read before the clock of the first example runs


@given(
    st.sampled_from(["/api/v2/alerts", "/v2/enqueue", "/v2/alerts", "/v2/alerts/x/close"]),
    JSON | st.binary(max_size=50),
)
def test_whatever_is_sent_is_taken_or_refused_and_what_is_taken_can_be_read_again(path, body):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    maker = door(path)
    status = 0
    try:
        maker.secret_inside(raw)
        taken = maker.read(asked(path), raw)
        framing.alerts_in(maker.source, taken.body or b"[]", taken.content_type)
    except Refused as problem:
        status = maker.said(problem).status
    assert status == 0 or status in range(400, 500)


# -- CloudEvents 1.0 -------------------------------------------------------------------------------------------------

EVENT = {"specversion": "1.0", "id": "7", "source": "/disks", "type": "com.example.full"}


def test_an_event_is_unwrapped_in_each_of_the_ways_it_may_come():
    alert = {"title": "disk full", "severity": "high"}
    headers = {f"ce-{name}".encode(): value.encode() for name, value in EVENT.items()}
    binary, kind = events.whole(headers, json.dumps(alert).encode(), "application/json")
    packed = {**EVENT, "data_base64": "eyJ0aXRsZSI6ICJkaXNrIGZ1bGwiLCAic2V2ZXJpdHkiOiAiaGlnaCJ9"}
    for body in (binary, json.dumps({**EVENT, "data": alert}).encode(), json.dumps([packed]).encode()):
        (element,) = framing.elements(body, kind)
        (wrapped,) = framing.alerts_of("generic", element)
        assert wrapped.document == alert
        assert wrapped.envelope is not None
        assert wrapped.envelope["type"] == "com.example.full"
        assert framing.alerts_in("generic", body, kind) == 1


def test_an_event_sent_twice_is_known_by_its_source_and_id():
    one = events.name(events.EVENT, json.dumps(EVENT).encode())
    assert one == events.name("application/cloudevents+json; charset=utf-8", json.dumps({**EVENT, "x": 1}).encode())
    assert one != events.name(events.EVENT, json.dumps({**EVENT, "id": "8"}).encode())
    assert events.name("application/json", json.dumps(EVENT).encode()) == ""
    assert events.name(events.EVENT, b"[]") == ""


def test_makers_that_ask_first_are_answered_only_in_their_own_way():
    okta = events.challenged(asked("/", "GET", x_okta_verification_challenge="abc-123"))
    assert okta is not None
    assert json.loads(okta.body) == {"verification": "abc-123"}
    grid = events.challenged(asked("/", "OPTIONS", webhook_request_origin="eventgrid.azure.net"))
    assert grid is not None
    assert dict(grid.headers)[b"webhook-allowed-origin"] == b"eventgrid.azure.net"
    assert events.challenged(asked("/", "GET", x_okta_verification_challenge="a b\r\n")) is None
    assert events.challenged(asked("/", "GET")) is None

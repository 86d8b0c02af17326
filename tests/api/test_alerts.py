"""Alerts through the API: the queue, one alert and its bytes, judging, joining a record, what could not be read."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from hikeshi.accounts.models import Organisation, Person
from hikeshi.intake import digesting
from hikeshi.intake.inbox.items import InboxItem
from hikeshi.kernel.clock import now
from hikeshi.kernel.ids import uuid7
from hikeshi.kernel.worlds import World
from hikeshi.ledger.models import Entry, Reading
from tests import world
from tests.api.calling import Caller, body, problem, program


def _sent(*documents: object, at: Organisation | None = None, raw: bytes | None = None) -> None:
    """Accepted at the machine door for the generic source, and digested."""
    content = raw or json.dumps(list(documents) if len(documents) > 1 else documents[0], ensure_ascii=False).encode()
    item = InboxItem(
        receipt=uuid7(),
        source="generic",
        organisation_id=(at or world.site()).pk,
        body=content,
        content_type="application/json",
        received_at=now(),
        world=World.REAL,
        alerts=max(1, len(documents)),
    )
    digesting.digest([item])


def _event(title: str = "不審な通信", severity: str = "medium", **more: object) -> dict[str, object]:
    return {"title": title, "severity": severity, "host": "pc-17", "addresses": ["203.0.113.9"], "key": title, **more}


@pytest.fixture
def responder() -> Caller:
    return program(world.person("hana", "responder"))


@pytest.fixture
def admin() -> Caller:
    world.site()
    return program(Person.objects.get(username="admin"))


def _queue(caller: Caller, query: str = "") -> Any:
    return body(caller.get(f"alerts?{query}"))


def test_an_alert_shows_what_the_contract_names(responder: Caller) -> None:
    for _ in range(3):
        _sent(_event())
    listed = _queue(responder)
    assert (listed["total"], listed["total_exact"], listed["next"]) == (1, True, None)
    shown = listed["items"][0]
    assert (shown["source"], shown["title"], shown["severity"]) == ("generic", "不審な通信", 3)
    assert (shown["status"], shown["count"], shown["incident"]) == ("firing", 3, None)
    assert shown["verdict"] in {"drop", "keep", "attach", "open"}
    assert shown["reason"]
    assert shown["first_seen"] <= shown["last_seen"]
    assert shown["last_seen"].endswith("Z")
    assert {"203.0.113.9", "pc-17"} <= {one["value"] for one in shown["observables"]}
    assert json.loads(shown["raw"]) == _event()
    whole = body(responder.get(f"alerts/{shown['uuid']}"))
    assert {name: whole[name] for name in shown} == shown
    assert whole["normal"]["class_uid"] == 2004


def test_the_normal_form_bears_the_times_of_the_first_and_the_newest_sighting(responder: Caller) -> None:
    """Of what says the same again the row only moves its times; who reads it is told those."""
    for minute in (5, 6, 9):
        _sent(_event(time=f"2026-11-20T03:0{minute}:00Z"))
    shown = body(responder.get(f"alerts/{_queue(responder)['items'][0]['uuid']}"))
    first, last = (datetime(2026, 11, 20, 3, minute, tzinfo=UTC).timestamp() * 1000 for minute in (5, 9))
    info = shown["normal"]["finding_info"]
    assert (info["first_seen_time"], info["last_seen_time"], shown["normal"]["time"]) == (first, last, last)
    assert (shown["first_seen"], shown["last_seen"]) == ("2026-11-20T03:05:00Z", "2026-11-20T03:09:00Z")


def test_the_reason_is_told_in_the_readers_language(responder: Caller) -> None:
    _sent(_event())
    told = {
        language: body(responder.get("alerts", Accept_Language=language))["items"][0]["reason"]
        for language in ("ja", "en")
    }
    assert told["ja"] != told["en"]


def test_the_bytes_come_back_as_they_were_and_do_nothing_in_a_browser(responder: Caller) -> None:
    sent = json.dumps(_event("<script>alert(1)</script>"), ensure_ascii=False).encode("cp932")
    _sent(raw=sent)
    shown = _queue(responder)["items"][0]
    assert json.loads(shown["raw"])["title"] == "<script>alert(1)</script>"
    response = responder.get(f"alerts/{shown['uuid']}/raw")
    assert response.content == sent
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Content-Security-Policy"].startswith("sandbox")


def test_a_long_body_is_left_to_its_own_address_in_lists(responder: Caller) -> None:
    _sent(_event(description="x" * 20_000))
    shown = _queue(responder)["items"][0]
    assert shown["raw"] is None
    assert len(body(responder.get(f"alerts/{shown['uuid']}"))["raw"]) > 20_000


def test_the_queue_answers_by_every_filter_and_in_pages(responder: Caller) -> None:
    _sent(_event("USB接続", "low"))
    _sent(_event("認証の連続失敗", "high"))
    assert [one["title"] for one in _queue(responder)["items"]] == ["認証の連続失敗", "USB接続"]
    for query in ["q=usb", "status=firing&q=USB接続", "source=generic&q=usb", "incident=none&q=usb"]:
        assert [one["title"] for one in _queue(responder, query)["items"]] == ["USB接続"], query
    assert [one["title"] for one in _queue(responder, "severity=4")["items"]] == ["認証の連続失敗"]
    assert _queue(responder, "source=wazuh")["total"] == 0
    assert _queue(responder, "verdict=drop")["total"] == 0
    first = _queue(responder, "limit=1")
    _sent(_event("後から来た警告", "low"))
    second = _queue(responder, f"limit=1&cursor={first['next']}")
    assert [one["title"] for one in first["items"] + second["items"]] == ["認証の連続失敗", "USB接続"]
    assert second["next"] is None


def test_a_queue_of_any_length_takes_the_same_number_of_queries(
    responder: Caller, django_assert_max_num_queries: Any
) -> None:
    for number in range(20):
        _sent(_event(f"n{number}"))
    with django_assert_max_num_queries(12):
        assert len(_queue(responder)["items"]) == 20


def test_a_person_overrules_the_rule_and_their_words_stand_as_the_reason(responder: Caller) -> None:
    _sent(_event())
    path = f"alerts/{_queue(responder)['items'][0]['uuid']}"
    done = body(responder.post(f"{path}/verdict", {"verdict": "drop", "reason": "検証環境の端末"}))
    assert (done["verdict"], done["rule"], done["reason"]) == ("drop", "person", "検証環境の端末")
    problem(responder.post(f"{path}/verdict", {"verdict": "open", "reason": "x"}), 422, "invalid")
    problem(responder.post(f"{path}/verdict", {"verdict": "keep", "reason": ""}), 422, "invalid")
    auditor = program(world.person("kei", "auditor"))
    problem(auditor.post(f"{path}/verdict", {"verdict": "keep", "reason": "x"}), 403, "not_allowed")


def test_a_record_opened_from_alerts_holds_them_and_their_traces(responder: Caller) -> None:
    _sent(_event())
    alert = _queue(responder)["items"][0]
    new = {"title": "C2通信", "kind": "malware", "impact": 2, "urgency": 1, "alerts": [alert["uuid"]]}
    ref = body(responder.post("incidents", new))["ref"]
    whole = body(responder.get(f"incidents/{ref}"))
    assert whole["alerts"] == [alert["uuid"]]
    assert "203.0.113.9" in {one["value"] for one in whole["observables"] + whole["assets"]}
    assert body(responder.get(f"alerts/{alert['uuid']}"))["incident"] == ref
    assert [one["uuid"] for one in _queue(responder, f"incident={ref}")["items"]] == [alert["uuid"]]
    _sent(_event("別の警告"))
    other = _queue(responder, "incident=none")["items"][0]["uuid"]
    assert responder.post(f"incidents/{ref}/alerts", {"alerts": [other]}).status_code == 200
    assert len(body(responder.get(f"incidents/{ref}"))["alerts"]) == 2


def test_a_record_is_not_opened_if_one_of_its_alerts_is_not_there(responder: Caller) -> None:
    entries = Entry.objects.count()
    new = {"title": "x", "kind": "malware", "impact": 2, "urgency": 1, "alerts": [str(uuid7())]}
    problem(responder.post("incidents", new), 404, "not_found")
    assert body(responder.get("incidents"))["total"] == 0
    assert Entry.objects.count() == entries


def _reads(caller: Caller, uuid: str) -> set[int]:
    paths = (f"alerts/{uuid}", f"alerts/{uuid}/raw")
    return {caller.get(path).status_code for path in paths}


def test_alerts_of_a_restricted_record_hide_with_it_and_each_reading_is_noted(admin: Caller) -> None:
    commander = program(world.person("aoi", "commander"))
    _sent(_event())
    uuid = _queue(commander)["items"][0]["uuid"]
    new = {"title": "内部不正", "kind": "insider", "impact": 1, "urgency": 1, "alerts": [uuid]}
    ref = body(commander.post("incidents", new))["ref"]
    commander.post(f"incidents/{ref}/restrict", {"reason": "本人に知られないため"})
    assert _reads(admin, uuid) == {404}
    assert _queue(admin)["total"] == 0
    problem(admin.post(f"alerts/{uuid}/verdict", {"verdict": "drop", "reason": "x"}), 404, "not_found")
    noted = Reading.objects.count()
    assert _queue(commander)["items"][0]["raw"] is None
    assert Reading.objects.count() == noted
    assert _reads(commander, uuid) == {200}
    assert Reading.objects.count() == noted + 2


def test_alerts_of_another_organisation_are_not_there() -> None:
    branch = world.organisation("子会社")
    stranger = program(world.person("tom", "responder", at=branch))
    _sent(_event())
    uuid = _queue(program(world.person("hana", "responder")))["items"][0]["uuid"]
    assert _reads(stranger, uuid) == {404}
    assert _queue(stranger)["total"] == 0
    _sent(_event("子会社の警告"), at=branch)
    assert [one["title"] for one in _queue(stranger)["items"]] == ["子会社の警告"]


def test_what_could_not_be_read_is_shown_read_again_and_let_go_by_who_manages(admin: Caller, responder: Caller) -> None:
    _sent({"headline": "形の違うもの"}, _event())
    problem(responder.get("parked"), 403, "not_allowed")
    aside = body(admin.get("parked"))["items"]
    assert [(one["source"], one["alerts"]) for one in aside] == [("generic", 1)]
    assert body(admin.post(f"parked/{aside[0]['uuid']}/replay"))["parked"] == 1
    left = body(admin.get("parked"))["items"][0]["uuid"]
    for method, path in [("POST", f"parked/{left}/replay"), ("DELETE", f"parked/{left}")]:
        assert responder.ask(method, path).status_code in {403, 404}
    assert admin.delete(f"parked/{left}").status_code == 204
    assert body(admin.get("parked"))["total"] == 0
    problem(admin.delete(f"parked/{left}"), 404, "not_found")


def test_sources_tell_when_they_were_last_heard(responder: Caller) -> None:
    before = {one["code"]: one for one in body(responder.get("sources"))["items"]}
    assert {"alertmanager", "wazuh", "suricata", "defender", "guardduty", "generic"} <= set(before)
    assert before["generic"]["last_heard"] is None
    _sent(_event())
    after = {one["code"]: one for one in body(responder.get("sources"))["items"]}
    assert after["generic"]["last_heard"] is not None
    assert after["generic"]["alerts"] == 1


def test_uuids_in_answers_are_uuids(responder: Caller) -> None:
    _sent(_event())
    shown = _queue(responder)["items"][0]
    assert UUID(shown["uuid"]).version == 7
    assert UUID(shown["organisation"]) == world.site().uuid

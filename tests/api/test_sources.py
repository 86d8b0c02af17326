"""Sources through the API: mapped, tried on a body, refused with the line, watched for silence, read again."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from hikeshi.accounts.models import Person
from hikeshi.intake.models import Alert, Parked, SourceVersion
from hikeshi.intake.sources import book
from tests import world
from tests.api.calling import Caller, body, problem, program
from tests.web.desk import deliver

TEXT = """\
unwrap: [items]
shapes:
- name: alert
  identity: [server]
  severity: {from: prio, map: {P1: critical}}
  normal:
    finding_info.title: alarm
    device.hostname: server
"""
BODY = json.dumps({"items": [{"alarm": "Door", "prio": "P1", "server": "gate-1"}, {"prio": "P1"}]})


@pytest.fixture(autouse=True)
def _own_sources_forgotten() -> Iterator[None]:
    yield
    book.take_up(None, {})


@pytest.fixture
def admin() -> Caller:
    world.site()
    return program(Person.objects.get(username="admin"))


def mapping(**more: object) -> dict[str, Any]:
    return {"title_en": "Doors", "title_ja": "入退室", "text": TEXT, **more}


def test_a_product_nobody_mapped_is_tried_mapped_read_and_mended_by_a_program(admin: Caller) -> None:
    tried = body(admin.post("sources/doors/try", mapping(body=BODY)))
    assert (tried["alerts"], tried["unreadable"]) == (2, 1)
    assert (tried["seen"][0]["severity"], tried["seen"][0]["normal"]["device"]["hostname"]) == (5, "gate-1")
    assert tried["seen"][1]["error"] == "no_title"
    assert not SourceVersion.objects.exists(), "to try keeps nothing"
    saved = body(admin.put("sources/doors", mapping(why="new doors")))
    assert (saved["origin"], saved["newest"], saved["versions"][0]["why"]) == ("site", 1, "new doors")
    deliver(BODY.encode(), source="doors")
    assert (Alert.objects.get().title, Parked.objects.count()) == ("Door", 1)
    mended = TEXT.replace("alarm", "alarm | prio")
    body(admin.put("sources/doors", mapping(text=mended, version=1)))
    assert body(admin.post("sources/doors/replay", {}))["read"] == 1
    assert set(Alert.objects.values_list("title", flat=True)) == {"Door", "P1"}
    assert body(admin.post("sources/doors/off", {}))["state"] == "off"


def test_what_cannot_be_read_with_is_refused_with_its_line(admin: Caller) -> None:
    wrong = mapping(text=TEXT.replace("device.hostname", "device.hostnam"))
    for way in (admin.put("sources/doors", wrong), admin.post("sources/doors/try", {**wrong, "body": BODY})):
        refused = problem(way, 422, "invalid")["fields"][0]
        assert (refused["name"], refused["code"]) == ("text", "source_name_near")
        assert "8" in refused["detail"], "the line"
    broken = problem(admin.post("sources/doors/try", mapping(body='{"a": 1,, }')), 422, "invalid")["fields"][0]
    assert (broken["name"], broken["code"]) == ("body", "source_body")
    problem(admin.put("sources/My Doors", mapping()), 422, "invalid")
    body(admin.put("sources/doors", mapping()))
    assert problem(admin.put("sources/doors", mapping(title_en="x", version=0)), 409, "conflict")["version"] == 1
    responder = program(world.person("hana", "responder"))
    assert body(responder.get("sources/doors"))["newest"] == 1
    problem(responder.put("sources/doors", mapping()), 403, "not_allowed")
    problem(responder.post("sources/doors/try", mapping(body=BODY)), 403, "not_allowed")


def test_how_long_a_source_may_be_silent_and_who_hears_of_it_is_said_by_a_program(admin: Caller) -> None:
    shown = body(admin.get("sources/wazuh"))
    assert (shown["quiet_days"], shown["owner"], shown["silent"]) == (None, "", False)
    owner = f"person:{Person.objects.get(username='admin').uuid}"
    set_to = body(admin.put("sources/wazuh/watch", {"quiet_days": 0, "owner": owner}))
    assert (set_to["quiet_days"], set_to["owner"]) == (0, owner)
    problem(admin.put("sources/wazuh/watch", {"quiet_days": 3, "owner": "person:nobody"}), 422, "invalid")
    problem(admin.put("sources/wazuh/watch", {"quiet_days": 366}), 422, "invalid")
    problem(admin.put("sources/nothing/watch", {"quiet_days": 3}), 404, "not_found")

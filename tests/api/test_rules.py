"""Rules and criteria through the API: written, tried, switched, refused with their reasons."""

from typing import Any

import pytest

from hikeshi.accounts.models import Person
from hikeshi.intake.queries import ruling
from tests import world
from tests.api.calling import Caller, body, problem, program
from tests.web.desk import alert

PRINTERS = "detection:\n  a:\n    device.hostname|startswith: prn-\n  condition: a\n"


def terms(**more: object) -> dict[str, Any]:
    return {
        "title_en": "Printers",
        "title_ja": "プリンター",
        "reason_en": "A printer.",
        "reason_ja": "プリンターです。",
        "sigma": PRINTERS,
        "verdict": "drop",
        "rank": 150,
        **more,
    }


@pytest.fixture
def admin() -> Caller:
    world.site()
    return program(Person.objects.get(username="admin"))


def test_a_rule_is_written_tried_switched_on_and_read_back(admin: Caller) -> None:
    alert("Toner low", host="prn-1")
    tried = body(admin.post("rules/printers/try", {**terms(), "last": 100}))
    assert (tried["hits"], tried["of"]) == (1, 1)
    assert tried["changes"] == [{"before": "keep", "after": "drop", "alerts": 1}]
    saved = body(admin.put("rules/printers", {**terms(), "why": "noise"}))
    assert (saved["state"], saved["live"], saved["versions"][0]["why"]) == ("draft", 0, "noise")
    body(admin.post("rules/printers/switch", {"on": True, "confirmed": 1}))
    assert alert("Toner low", host="prn-2").rule == "printers"
    shown = body(admin.get("rules/printers"))
    assert (shown["state"], shown["live"], shown["ever"]) == ("on", 1, 1)
    assert "printers" in [one["code"] for one in body(admin.get("rules?state=on"))["items"]]
    assert body(admin.post("rules/printers/switch", {"on": False}))["state"] == "off"


def test_what_cannot_be_used_is_a_problem_with_line_and_reason(admin: Caller) -> None:
    wrong = terms(sigma="detection:\n  a:\n    hostnam: x\n  condition: a")
    refused = problem(admin.put("rules/printers", wrong), 422, "invalid")
    assert refused["fields"][0]["code"] == "rule_field_near"
    assert "device.hostname" in refused["fields"][0]["detail"]
    assert (
        problem(admin.put("rules/printers", terms(verdict="open", kind="nothing")), 422, "invalid")["fields"][0]["name"]
        == "kind"
    )
    body(admin.put("rules/printers", terms()))
    assert problem(admin.put("rules/printers", {**terms(rank=7), "version": 0}), 409, "conflict")["version"] == 1


def test_criteria_are_read_by_programs_and_written_by_the_keeper(admin: Caller) -> None:
    listed = body(admin.get("criteria"))
    assert listed["items"][0]["field"] == "record_class"
    assert body(admin.get("criteria/impact"))["texts"]["1"]["ja"]
    new = {"texts": {"1": {"ja": "全社", "en": "All"}}, "version": 0}
    assert body(admin.put("criteria/impact", new))["number"] == 1
    other = {**new, "texts": {"1": {"ja": "x", "en": "y"}}}
    assert problem(admin.put("criteria/impact", other), 409, "conflict")["version"] == 1
    responder = program(world.person("hana", "responder"))
    assert body(responder.get("criteria/impact"))["texts"]["1"]["en"] == "All"
    problem(responder.put("criteria/impact", new), 403, "not_allowed")
    problem(responder.post("rules/ransomware/switch", {"on": False}), 403, "not_allowed")
    assert ruling.rule(world.admin(), "ransomware").line.live

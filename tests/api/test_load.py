"""Load and the rules of assignment for programs."""

from hikeshi.incidents import actions as incidents
from tests import world
from tests.api import calling
from tests.api.calling import body
from tests.domains.incidents import opened
from tests.domains.load import heard, team


def test_rules_are_written_proposed_by_and_act_and_load_is_read_and_moved() -> None:
    abe, ito, chief = world.person("abe", "responder"), world.person("ito", "responder"), world.actor("c", "commander")
    crew = team(abe, ito)
    keeper = calling.program(world.person("keeper", "administrator"))
    assert body(keeper.put("load/skills", {"names": ["malware", "mail"]}))["total"] == 2
    code = body(keeper.get("load/skills"))["items"][0]["code"]
    address = f"load/people/{abe.uuid}/profile"
    assert body(keeper.put(address, {"weekly": 600, "skills": [code]}))["version"] == 1
    assert keeper.put(address, {"weekly": 60, "skills": [], "version": 0}).status_code == 409
    assert body(keeper.get(address))["weekly"] == 600

    refused = keeper.post("assignment_rules", {"name": "Malware"})
    assert (refused.status_code, body(refused)["fields"][0]["name"]) == (422, "team")
    new = {"name": "Malware", "team": str(crew.uuid), "shift": "alike", "skills": [code], "kinds": ["ransomware"]}
    made = body(keeper.post("assignment_rules", new))
    assert made["skills"] == [code]
    other = body(keeper.post("assignment_rules", {"name": "Rest", "team": str(crew.uuid), "shift": "alike"}))
    order = {"codes": [other["code"], made["code"]]}
    assert [one["name"] for one in body(keeper.put("assignment_order", order))["items"]] == ["Rest", "Malware"]
    assert keeper.delete(f"assignment_rules/{other['code']}").status_code == 204
    record = opened(chief)
    proposal = body(keeper.get(f"incidents/{record.ref}/proposal"))
    assert [one["person"]["username"] for one in proposal["fitting"]] == ["abe"]
    assert [(one["person"]["username"], one["why"]) for one in proposal["passed"]] == [("ito", "no_skill")]
    phishing = opened(chief, kind="phishing")
    assert body(keeper.get(f"incidents/{phishing.ref}/proposal"))["rule"] is None
    heard()
    assert body(keeper.post("assignment/on"))["automatic"] is True
    second = opened(chief)
    heard()
    incidents.estimate(by=chief, ref=second.ref, minutes=900)
    line = body(keeper.get("load"))["items"][0]
    assert (line["person"]["username"], line["open"], line["remaining"]) == ("abe", 1, 900)
    assert (line["marks"], line["skills"]) == (["overloaded"], ["malware"])
    assert line["percent"] is None or line["percent"] > 120
    assert body(keeper.get("load"))["unowned"]["by_priority"][0] == 2
    moved = keeper.post("load/hand_overs", {"refs": [second.ref, record.ref], "owner": "ito", "note": "Yours"})
    assert body(moved)["refs"] == [second.ref, record.ref]
    assert body(keeper.get(f"load/people/{ito.uuid}"))["open"] == 2
    limits = {"most_open": 1, "percent": None, "idle_hours": None}
    assert body(keeper.put("load/limits", limits)) == limits
    assert body(keeper.get(f"load?team={crew.uuid}"))["items"][0]["marks"] == ["too_many"]

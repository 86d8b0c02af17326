"""Assets for programs: everything the pages do."""

import base64
from datetime import timedelta
from urllib.parse import urlencode

from hikeshi.assets import actions as assets
from hikeshi.assets.models import Asset
from hikeshi.kernel import clock
from hikeshi.kernel.acting import system
from tests import world
from tests.api.calling import body, problem, program
from tests.domains.assets import added
from tests.domains.incidents import opened


def test_an_asset_is_stated_changed_retired_and_found_by_a_program() -> None:
    keeper = program(world.person("keeper", "commander"))
    base = added("Network")
    said = {
        "organisation": str(world.site().uuid),
        "name": "Customer DB",
        "kind": "data_store",
        "criticality": 4,
        "data": ["personal"],
        "rto": 240,
        "restored_on": "2026-04-01",
        "identifiers": [{"type": "name", "value": "db01"}, {"type": "address", "value": "10.0.0.0/24"}],
        "needs": [str(base.uuid)],
    }
    made = keeper.post("assets", said)
    assert made.status_code == 201, made.content
    whole = body(made)
    assert (whole["criticality"], whole["needs"][0]["name"], whole["version"]) == (4, "Network", 1)
    assert [one["value"] for one in whole["identifiers"]] == ["10.0.0.0/24", "db01"]
    here = f"assets/{whole['uuid']}"
    assert body(keeper.patch(here, {"place": "Osaka", "rto": None, "version": 1}))["place"] == "Osaka"
    assert (Asset.objects.get(name="Customer DB").rto, Asset.objects.get(name="Customer DB").persons) == (None, None)
    conflict = problem(keeper.patch(here, {"place": "Kyoto", "version": 1}), 409, "conflict")
    assert (conflict["yours"], conflict["theirs"]) == ({"place": "Kyoto"}, {"place": "Osaka"})
    assert [one["name"] for one in body(keeper.get("assets?data=personal&criticality=4"))["items"]] == ["Customer DB"]
    assert body(keeper.post(f"{here}/retire"))["retired_at"]
    assert body(keeper.get("assets?q=customer"))["items"] == []
    assert body(keeper.post(f"{here}/take_up"))["retired_at"] is None
    wrong = problem(
        keeper.post("assets", {**said, "name": "X", "identifiers": [{"type": "mac", "value": "?"}]}), 422, "invalid"
    )
    assert wrong["fields"][0]["name"] == "identifiers"
    problem(keeper.post("assets", {**said, "name": ""}), 422, "invalid")
    problem(keeper.patch(here, {"criticality": None, "name": None}), 422, "invalid")


def test_a_file_is_brought_looked_at_and_carried_out_by_a_program() -> None:
    keeper = program(world.person("keeper", "commander"))
    content = base64.b64encode("資産名,種類\nMail,システム\nWiki,宇宙船\n".encode("cp932")).decode()
    place = str(world.site().uuid)
    made = body(keeper.post("asset_imports", {"organisation": place, "file_name": "a.csv", "content": content}))
    assert [(one["line"], one["fate"]) for one in made["lines"]] == [(2, "new"), (3, "wrong")]
    assert made["lines"][1]["problems"][0]["code"] == "unknown_word"
    problem(keeper.post(f"asset_imports/{made['uuid']}/carry_out"), 422, "invalid")
    content = base64.b64encode(b"name\nMail\n").decode()
    made = body(keeper.post("asset_imports", {"organisation": place, "file_name": "a.csv", "content": content}))
    for _ in range(2):
        assert body(keeper.post(f"asset_imports/{made['uuid']}/carry_out"))["added"] == 1
    assert Asset.objects.count() == 1
    sent = {"organisation": place, "file_name": "a.csv", "content": "no base64!"}
    problem(keeper.post("asset_imports", sent), 422, "invalid")


def test_what_is_hit_is_linked_by_a_program_and_the_urgency_says_why() -> None:
    mori = program(world.person("mori", "commander"))
    incident = opened(world.admin(), impact=2, effect=2, urgency=3)
    asset = added("Customer DB", criticality=4)
    linked = body(mori.post(f"incidents/{incident.ref}/assets", {"asset": str(asset.uuid), "reason": "by phone"}))
    assert (linked["urgency"], linked["urgency_asked"], linked["priority"]) == (1, 3, 2)
    found = body(mori.get(f"incidents/{incident.ref}/assets"))
    assert found["raised"]["asset"]["name"] == "Customer DB"
    assert "Customer DB" in found["raised"]["sentence"]
    assert body(mori.get(f"incidents?asset={asset.uuid}"))["total"] == 1
    here = f"incidents/{incident.ref}/assets/{asset.uuid}/unlink"
    assert body(mori.post(here, {"reason": "another one"}))["urgency"] == 3
    problem(mori.post(here, {"reason": "again"}), 404, "not_found")
    problem(mori.get("incidents?asset=none"), 422, "invalid")


def test_a_list_of_indicators_is_brought_looked_through_and_taken_out_by_a_program() -> None:
    keeper, place = program(world.person("keeper", "commander")), str(world.site().uuid)
    until = (clock.now() + timedelta(days=30)).replace(microsecond=0)
    said = {"organisation": place, "title": "JPCERT", "content": "evil[.]example\n203.0.113.7\n???\n"}
    made = keeper.post("indicator_lists", {**said, "tlp": "green", "until": until.isoformat()})
    assert made.status_code == 201, made.content
    kept = body(made)
    assert (kept["form"], kept["tlp"], kept["count"], kept["passed"], kept["state"]) == (
        "lines",
        "green",
        2,
        1,
        "ready",
    )
    here = f"indicator_lists/{kept['uuid']}"
    assert body(keeper.get("indicator_lists"))["items"] == [body(keeper.get(here))] == [kept]
    held = body(keeper.get(f"{here}/values"))["items"]
    assert [(one["sort"], one["value"]) for one in held] == [("domain", "evil.example"), ("address", "203.0.113.7")]
    assert {one["until"] for one in held} == {until.isoformat().replace("+00:00", "Z")}
    (found,) = body(keeper.get(f"{here}/values?q=203[.]0[.]113[.]7"))["items"]
    assert keeper.delete(f"{here}/values/{found['key']}").status_code == 204
    problem(keeper.delete(f"{here}/values/{found['key']}"), 404, "not_found")
    assert body(keeper.get(here))["count"] == 1
    assert keeper.delete(here).status_code == 204
    problem(keeper.get(here), 404, "not_found")
    problem(keeper.post("indicator_lists", {**said, "content": "???"}), 422, "invalid")
    problem(keeper.post("indicator_lists", {**said, "until": "2020-01-01T00:00:00Z"}), 422, "invalid")
    reader = program(world.person("reader", "auditor"))
    problem(reader.post("indicator_lists", said), 403, "not_allowed")


def test_a_list_larger_than_a_body_of_json_comes_as_its_bytes_and_no_larger_than_the_page_takes() -> None:
    keeper, place = program(world.person("keeper", "commander")), str(world.site().uuid)
    until = (clock.now() + timedelta(days=30)).replace(microsecond=0)
    about = {"organisation": place, "title": "Feed", "origin": "JPCERT", "tlp": "green"}
    address = f"indicator_lists/file?{urlencode({**about, 'until': until.isoformat()})}"
    feed = b"".join(b"203.0.113.%d\n# %s\n" % (last, b"-" * 12_000) for last in range(1, 101))
    assert len(feed) > 1_000_000
    made = keeper.post(address, feed)
    assert made.status_code == 202, made.content
    here = made.headers["Location"].removeprefix("/api/v1/")
    assert body(keeper.get(here)) == body(made)
    assert (body(made)["state"], body(made)["size"], body(made)["list"]) == ("going", len(feed), None)
    while assets.continue_indicators(by=system("imports")):
        pass
    done = body(keeper.get(here))
    assert (done["state"], done["rows"], done["place"], done["error"]) == ("done", 100, 100, "")
    kept = body(keeper.get(f"indicator_lists/{done['list']}"))
    assert (kept["count"], kept["tlp"], kept["origin"], kept["state"]) == (100, "green", "JPCERT", "ready")
    held = body(keeper.get(f"indicator_lists/{done['list']}/values"))["items"]
    assert {one["until"] for one in held} == {until.isoformat().replace("+00:00", "Z")}
    empty = keeper.post(address, b"#" * (1024 * 1024))
    assert empty.status_code == 202
    assets.continue_indicators(by=system("imports"))
    told = body(keeper.get(f"indicator_files/{body(empty)['uuid']}"))
    assert (told["state"], told["error"], told["list"]) == ("failed", "indicators_none", None)
    assert keeper.post(address, feed[:200_000]).status_code == 201, "what is small is there at once"
    problem(keeper.post(f"indicator_lists/file?{urlencode({'organisation': place})}", feed), 422, "invalid")
    problem(program(world.person("reader", "auditor")).post(address, feed), 403, "not_allowed")

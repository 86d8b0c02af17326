"""People, rights, organisations and tokens through the API: who sees them, who may change them."""

from datetime import timedelta
from typing import Any

import pytest

from hikeshi.accounts import queries
from hikeshi.accounts.models import Person, Token
from hikeshi.kernel import clock
from hikeshi.ledger import heads
from hikeshi.ledger.models import Answer, Entry
from tests import world
from tests.api.calling import Caller, body, nobody, problem, program


@pytest.fixture
def admin() -> Caller:
    world.site()
    return program(Person.objects.get(username="admin"))


def _new(admin: Caller, username: str = "hana") -> Any:
    person = {"username": username, "name": "花", "organisation": str(queries.root().uuid)}
    response = admin.post("people", person)
    assert response.status_code == 201, response.content
    return body(response)


def test_a_person_is_added_changed_sent_away_and_taken_back(admin: Caller) -> None:
    made = _new(admin)
    path = f"people/{made['uuid']}"
    assert body(admin.get(path)) == made
    assert body(admin.patch(path, {"email": "hana@example.jp"}))["name"] == "花"
    problem(admin.patch(path, {"email": "not an address"}), 422, "invalid")
    problem(admin.patch(path, {"email": f"{'x' * 60}@{'y' * 60}.{'z' * 60}.{'v' * 60}.{'w' * 60}.jp"}), 422, "invalid")
    assert body(admin.post(f"{path}/invite"))["secret"].startswith("hks_")
    assert body(admin.post(f"{path}/deactivate"))["active"] is False
    assert body(admin.post(f"{path}/reactivate"))["active"] is True
    assert [one["username"] for one in body(admin.get("people?q=hana"))["items"]] == ["hana"]
    assert body(admin.get("people?active=false"))["total"] == 0
    assert problem(admin.post("people", {**made, "x": 1}), 422, "invalid")
    said = problem(
        admin.post("people", {"username": "HANA", "name": "x", "organisation": made["organisation"]["uuid"]}),
        422,
        "invalid",
    )
    assert said["fields"][0]["code"] == "taken"


def test_a_role_is_granted_and_revoked_and_counts_at_once(admin: Caller) -> None:
    made, root = _new(admin), str(queries.root().uuid)
    caller = program(Person.objects.get(username="hana"))
    problem(caller.get("alerts"), 403, "not_allowed")
    path = f"people/{made['uuid']}/roles"
    assert admin.post(path, {"role": "responder", "organisation": root}).status_code == 201
    assert [one["role"] for one in body(admin.get(path))["items"]] == ["responder"]
    assert caller.get("alerts").status_code == 200
    assert admin.delete(f"{path}/responder/{root}").status_code == 204
    problem(caller.get("alerts"), 403, "not_allowed")
    problem(admin.delete(f"{path}/responder/{root}"), 404, "not_found")
    said = problem(admin.post(path, {"role": "no_such", "organisation": root}), 404, "not_found")
    assert "no_such" not in str(said)


def test_the_last_administrator_stays(admin: Caller) -> None:
    me = body(admin.get("me"))["person"]
    said = problem(admin.post(f"people/{me['uuid']}/deactivate"), 422, "invalid")
    assert said["fields"][0]["code"] == "last_administrator"
    assert admin.get("me").status_code == 200


def test_nobody_without_the_right_changes_anything(admin: Caller) -> None:
    made, root = _new(admin), str(queries.root().uuid)
    path = f"people/{made['uuid']}"
    branch = world.organisation("子会社")
    members = [program(world.person("kei", "auditor")), program(world.person("rei", "commander"))]
    strangers = [program(world.person("tom", "administrator", at=branch)), program(world.person("yui", "reporter"))]
    acts: list[tuple[str, str, object]] = [
        ("POST", "people", {"username": "x", "name": "x", "organisation": root}),
        ("PATCH", path, {"name": "x"}),
        ("POST", f"{path}/deactivate", None),
        ("POST", f"{path}/reactivate", None),
        ("POST", f"{path}/invite", None),
        ("POST", f"{path}/roles", {"role": "reporter", "organisation": root}),
        ("DELETE", f"{path}/roles/reporter/{root}", None),
        ("POST", "organisations", {"name": "x", "parent": root}),
        ("PATCH", f"organisations/{root}", {"name": "x"}),
        ("POST", "teams", {"name": "x", "organisation": root}),
        ("PUT", "roles/night", {"verbs": ["incidents.view"]}),
        ("PUT", "roles/reporter/second_factor", {"required": True}),
        ("POST", "tokens", {"scope": "intake", "source": "wazuh", "organisation": root}),
        ("POST", "tokens", {"scope": "api", "person": made["uuid"]}),
    ]
    entries = Entry.objects.count()
    for caller in (*members, *strangers):
        for method, where, sent in acts:
            assert caller.ask(method, where, sent).status_code in {403, 404}, (method, where)
    for caller in strangers:
        problem(caller.get(path), 404, "not_found")
        assert "hana" not in caller.get("people").content.decode()
    assert Entry.objects.count() == entries


def test_the_tree_of_organisations_grows_and_is_moved(admin: Caller) -> None:
    root = str(queries.root().uuid)
    one = body(admin.post("organisations", {"name": "東日本", "parent": root}))
    two = body(admin.post("organisations", {"name": "仙台", "parent": root}))
    assert body(admin.get(f"organisations/{two['uuid']}"))["parent"] == root
    moved = body(admin.patch(f"organisations/{two['uuid']}", {"name": "仙台支店", "parent": one["uuid"]}))
    assert (moved["name"], moved["parent"]) == ("仙台支店", one["uuid"])
    problem(admin.patch(f"organisations/{one['uuid']}", {"name": "x", "parent": two["uuid"]}), 422, "invalid")
    assert body(admin.get(f"organisations/{one['uuid']}"))["name"] == "東日本", "both or neither"
    assert [place["name"] for place in body(admin.get("organisations"))["items"]][1:] == ["東日本", "仙台支店"]


def test_teams_have_people(admin: Caller) -> None:
    hana, root = _new(admin), str(queries.root().uuid)
    team = body(admin.post("teams", {"name": "CSIRT", "organisation": root, "people": [hana["uuid"]]}))
    assert [one["username"] for one in team["people"]] == ["hana"]
    path = f"teams/{team['uuid']}"
    assert body(admin.put(path, {"name": "SOC", "people": []}))["people"] == []
    assert body(admin.get(path))["name"] == "SOC"
    assert body(admin.get(f"{path}/uses"))["items"] == []
    assert body(admin.post(f"{path}/retire", {}))["retired_at"]
    assert [one["uuid"] for one in body(admin.get("teams?retired=true"))["items"]] == [team["uuid"]]
    assert body(admin.get("teams"))["items"] == []
    problem(admin.put(path, {"name": "Day", "people": []}), 422, "invalid")
    assert body(admin.post(f"{path}/reinstate", {}))["retired_at"] is None


def test_roles_of_the_site_are_defined_and_those_of_the_product_are_not(admin: Caller) -> None:
    assert body(admin.put("roles/night", {"verbs": ["incidents.view"], "name": "夜間"}))["verbs"] == ["incidents.view"]
    problem(admin.put("roles/auditor", {"verbs": []}), 422, "invalid")
    problem(admin.put("roles/night", {"verbs": ["no.such.verb"]}), 403, "not_allowed")
    for code in ["x" * 41, "Night", "%F0%9F%94%A5", "a%20b"]:
        problem(admin.put(f"roles/{code}", {"verbs": []}), 422, "invalid")
    assert body(admin.put("roles/night/second_factor", {"required": True}))["requires_mfa"] is True
    problem(admin.put("roles/night/second_factor", {"required": "yes"}), 422, "invalid")
    assert {one["code"] for one in body(admin.get("roles"))["items"]} >= {"administrator", "reporter", "night"}


def test_a_token_is_shown_once_works_and_is_revoked(admin: Caller) -> None:
    until = (clock.now() + timedelta(days=30)).isoformat()
    made = body(admin.post("tokens", {"scope": "api", "name": "CI", "expires_at": until}))
    bearer = {"Authorization": f"Bearer {made['secret']}"}
    assert body(nobody().get("me", **bearer))["person"]["username"] == "admin"
    shown = admin.get(f"tokens/{made['uuid']}")
    assert made["secret"] not in shown.content.decode() + admin.get("tokens").content.decode()
    assert made["secret"].endswith(body(shown)["hint"])
    assert admin.delete(f"tokens/{made['uuid']}").status_code == 204
    problem(nobody().get("me", **bearer), 401, "unauthenticated")
    problem(admin.post("tokens", {"scope": "api", "expires_at": "2001-01-01T00:00:00Z"}), 422, "invalid")
    problem(admin.post("tokens", {"scope": "root"}), 422, "invalid")
    problem(admin.post("tokens", {"scope": "intake"}), 422, "invalid")
    problem(admin.post("tokens", {"scope": "intake", "source": "no_such_detector"}), 422, "invalid")
    assert admin.post("tokens", {"scope": "intake", "source": "wazuh"}).status_code == 201


def test_one_makes_and_sees_ones_own_tokens_only() -> None:
    hana, rei = program(world.person("hana", "responder")), program(world.person("rei", "responder"))
    mine = body(hana.post("tokens", {"scope": "api"}))
    assert mine["person"]["username"] == "hana"
    problem(rei.get(f"tokens/{mine['uuid']}"), 404, "not_found")
    problem(rei.delete(f"tokens/{mine['uuid']}"), 404, "not_found")
    assert mine["uuid"] not in rei.get("tokens").content.decode()


def test_a_token_made_under_a_key_can_be_asked_for_again_and_stands_nowhere_in_clear(admin: Caller) -> None:
    first = body(admin.post("tokens", {"scope": "api"}, Idempotency_Key="k1"))
    again = body(admin.post("tokens", {"scope": "api"}, Idempotency_Key="k1"))
    assert again["secret"] == first["secret"]
    assert Token.objects.filter(uuid=first["uuid"]).count() == 1
    assert all(first["secret"].encode() not in bytes(row.sealed) for row in Answer.objects.all())


def test_the_ledgers_head_is_signed_for_who_may_look_at_the_ledger(admin: Caller, settings: Any) -> None:
    auditor = program(world.person("kei", "auditor"))
    said = body(auditor.get("ledger/head"))
    assert heads.read(said["head"], settings.MASTER_KEY).number == Entry.objects.count()
    assert said["public_key"] == heads.public_key(settings.MASTER_KEY)
    problem(program(world.person("hana", "responder")).get("ledger/head"), 403, "not_allowed")


def test_a_token_ends_on_a_day_that_every_page_can_show(admin: Caller) -> None:
    """One that ended with the last second there is let the page of tokens fail, and nobody could revoke it there."""
    said = {"scope": "api", "name": "x", "expires_at": "9999-12-31T23:59:59Z"}
    refused = problem(admin.post("tokens", said), 422, "invalid")
    assert [one["code"] for one in refused["fields"]] == ["not_plausible"]

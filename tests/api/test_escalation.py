"""What escalation policies said before, for programs; and a leaver whose place somebody has to take."""

import pytest

from hikeshi.accounts import actions as accounts
from hikeshi.oncall.escalation import TargetKind
from hikeshi.oncall.models.policies import Policy
from tests import world
from tests.api.calling import Caller, body, problem, program
from tests.domains.calling import called, policy, reachable, reacts, ref, step
from tests.domains.incidents import opened


@pytest.fixture
def admin() -> Caller:
    return program(world.person("keeper", "administrator"))


def night(admin: Caller, *people: object, **more: object) -> dict[str, object]:
    steps = [{"kind": TargetKind.PERSON, "value": f"person:{one}"} for one in people]
    made = admin.post("escalation/policies", {"name": "Night", "steps": steps, "patience": 10, **more})
    assert made.status_code == 201, made.content
    return body(made)


def test_versions_of_a_policy_are_read_compared_and_put_back_and_nothing_is_lost_by_it(admin: Caller) -> None:
    mori, abe = world.person("mori", "responder"), world.person("abe", "responder")
    made = night(admin, mori.uuid)
    where = f"escalation/policies/{made['uuid']}"
    steps = [{"kind": "person", "value": ref(abe)}]
    changed = {"name": "Night", "steps": steps, "patience": 5, "version": 1, "why": "Mori is away"}
    assert body(admin.put(where, changed))["version"] == 2
    reader = program(world.person("seen", "auditor"))
    said = body(reader.get(f"{where}/versions"))["items"]
    assert [(one["number"], one["why"], one["terms"]["patience"]) for one in said] == [
        (2, "Mori is away", 5),
        (1, "", 10),
    ]
    beside = body(reader.get(f"{where}/compare?before=1&after=2"))
    assert beside["changed"] == ["steps", "patience"]
    assert [beside[one]["terms"]["steps"][0]["value"] for one in ("before", "after")] == [ref(mori), ref(abe)]
    problem(reader.get(f"{where}/compare?before=1&after=9"), 404, "not_found")
    problem(reader.post(f"{where}/versions/1/restore"), 403, "not_allowed")
    problem(reader.post(f"{where}/versions/9/restore"), 403, "not_allowed")
    back = body(admin.post(f"{where}/versions/1/restore"))
    assert (back["version"], back["patience"], back["steps"][0]["value"]) == (3, 10, ref(mori))
    assert len(body(admin.get(f"{where}/versions"))["items"]) == 3


def test_a_version_that_names_somebody_gone_is_refused_and_says_which_step(admin: Caller) -> None:
    mori, abe = world.person("mori", "responder"), world.person("abe", "responder")
    made = night(admin, mori.uuid)
    where = f"escalation/policies/{made['uuid']}"
    admin.put(where, {"name": "Night", "steps": [{"kind": "person", "value": ref(abe)}]})
    accounts.deactivate_person(by=world.admin(), person=mori.uuid)
    said = problem(admin.post(f"{where}/versions/1/restore"), 422, "invalid")
    assert "steps.0" in str(said)
    assert Policy.objects.get().version == 2


def test_whoever_is_still_needed_goes_only_once_a_successor_is_named_who_then_has_it(admin: Caller) -> None:
    mori, abe = world.person("mori", "responder"), world.person("abe", "responder")
    made = night(admin, mori.uuid)
    where = f"people/{mori.uuid}/deactivate"
    for sent in (None, {}, {"successor": None, "alone": False}):
        said = problem(admin.post(where, sent), 409, "successor_needed")
        assert [(one["kind"], one["name"], one["breaks"]) for one in said["rests"]] == [("policy", "Night", True)]
    assert said["rests"] == body(admin.get(f"people/{mori.uuid}/rests"))["items"]
    problem(admin.post(where, {"successor": str(mori.uuid)}), 422, "invalid")
    mori.refresh_from_db()
    assert mori.is_active
    assert body(admin.post(where, {"successor": str(abe.uuid)}))["active"] is False
    policy = body(admin.get("escalation/policies"))["items"][0]
    assert (policy["uuid"], policy["steps"][0]["value"]) == (made["uuid"], ref(abe))


def test_a_gap_is_left_by_programs_only_if_they_say_so_and_what_rests_on_somebody_is_for_whoever_may_let_them_go(
    admin: Caller,
) -> None:
    mori = world.person("mori", "responder")
    night(admin, mori.uuid)
    member, elsewhere = world.person("kei", "commander"), world.organisation("Elsewhere")
    for caller in (program(member), program(world.person("tom", "administrator", at=elsewhere))):
        assert caller.get(f"people/{mori.uuid}/rests").status_code in {403, 404}
        said = caller.post(f"people/{mori.uuid}/deactivate")
        assert said.status_code in {403, 404}
        assert b"Night" not in said.content
    assert body(admin.post(f"people/{mori.uuid}/deactivate", {"alone": True}))["active"] is False


def test_a_call_is_read_answered_handed_on_and_helped_with_by_programs() -> None:
    mori, abe, ito = (reachable(name, "responder") for name in ("mori", "abe", "ito"))
    policy(step(mori), step(abe, after=10), step(ito, after=20))
    chief = program(world.person("chief", "commander"))
    record = opened(world.actor("chief"))
    reacts()
    where = f"incidents/{record.ref}/call"
    shown = body(chief.get(where))
    assert (shown["state"], shown["called"], shown["answered_by"]) == ("calling", 1, "")
    first, second = program(mori), program(abe)
    helped = body(first.post(f"{where}/help", {"to": ref(ito)}))
    assert (helped, called()) == ({"called": 1}, ["mori", "ito"])
    answered = body(first.post(f"{where}/answer", {}))
    assert (answered["state"], answered["answered_by"]) == ("answered", "Mori")
    assert "Mori" in str(problem(second.post(f"{where}/answer", {}), 409, "answered_already"))
    handed = body(first.post(f"{where}/hand-over", {"to": ref(abe)}))
    assert (handed["state"], called()) == ("calling", ["mori", "ito", "abe"])
    assert body(second.post(f"{where}/answer", {}))["answered_by"] == "Abe"
    assert body(chief.post(f"{where}/again", {}))["state"] == "calling"

"""Periods and holds through the API."""

from hikeshi.accounts.models import Person
from hikeshi.ledger.verify import verify
from tests import world
from tests.api.calling import body, problem, program
from tests.domains.incidents import opened


def test_a_period_is_set_over_what_was_read_and_a_record_is_held_and_let_go() -> None:
    world.site()
    admin = program(Person.objects.get(username="admin"))
    known = {one["code"]: one for one in body(admin.get("retention"))["items"]}
    assert (known["bodies"]["days"], known["records_incident"]["days"]) == (400, None)
    assert known["readings"]["floor"] == 366
    problem(admin.put("retention/bodies", {"days": 90, "version": 0}), 422, "invalid")
    assert body(admin.put("retention/bodies", {"days": 90, "version": 0, "sure": True}))["version"] == 1
    problem(admin.put("retention/bodies", {"days": 500, "version": 0}), 409, "conflict")
    problem(admin.put("retention/nothing", {"days": 500}), 404, "not_found")

    path = f"incidents/{opened(world.admin()).ref}/hold"
    assert body(admin.get(path))["since"] is None
    assert body(admin.put(path, {"reason": "court"}))["reason"] == "court"
    problem(admin.put(path, {"reason": "court"}), 422, "invalid")
    assert admin.post(f"{path}/lift", {"reason": "over"}).status_code == 204
    assert body(admin.get(path))["since"] is None
    assert verify(state=True).holds

"""Teams with a lead, organisations out of use, people who move, through the API."""

import base64

from hikeshi.accounts.models import Person
from hikeshi.ledger.verify import verify
from tests import world
from tests.api.calling import body, problem, program


def test_a_team_names_its_lead_and_an_organisation_goes_and_comes_back() -> None:
    plant, mori = world.organisation("Plant"), world.person("mori")
    admin = program(Person.objects.get(username="admin"))
    members = [str(mori.uuid)]
    team = body(admin.post("teams", {"name": "Night", "organisation": str(plant.uuid), "people": members}))
    assert team["lead"] is None
    path = f"teams/{team['uuid']}"
    changed = body(admin.put(path, {"name": "Night", "people": members, "lead": str(mori.uuid)}))
    assert changed["lead"]["uuid"] == str(mori.uuid)
    problem(admin.put(path, {"name": "Night", "people": [], "lead": str(mori.uuid)}), 422, "invalid")

    where = f"organisations/{plant.uuid}"
    assert body(admin.post(f"people/{mori.uuid}/move", {"organisation": str(plant.uuid)}))["organisation"]
    problem(admin.post(f"{where}/retire"), 422, "invalid")
    admin.post(f"people/{mori.uuid}/move", {"organisation": str(world.site().uuid)})
    problem(admin.post(f"{where}/retire"), 422, "invalid")  # a team of it is in use
    assert admin.post(f"{path}/retire").status_code == 200
    assert body(admin.post(f"{where}/retire"))["retired_at"]
    problem(admin.post(f"people/{mori.uuid}/move", {"organisation": str(plant.uuid)}), 422, "invalid")
    assert body(admin.post(f"{where}/reinstate"))["retired_at"] is None
    assert admin.post(f"people/{mori.uuid}/sign_out").status_code == 204
    assert verify(state=True).holds


def test_a_file_of_people_is_shown_first_and_carried_out_once_with_whom_it_leaves_out() -> None:
    mori = world.person("mori")
    admin = program(Person.objects.get(username="admin"))
    content = base64.b64encode("ユーザー名,氏名\r\nito,伊藤\r\n".encode("cp932")).decode()
    given = {"organisation": str(world.site().uuid), "file_name": "a.csv", "content": content}
    shown = body(admin.post("people_imports", given))
    assert [(one["line"], one["fate"]) for one in shown["lines"]] == [(2, "new")]
    assert [one["uuid"] for one in shown["missing"]] == [str(mori.uuid)]
    path = f"people_imports/{shown['uuid']}"
    problem(admin.post(f"{path}/carry_out", {"leaving": [str(world.site().uuid)]}), 422, "invalid")
    done = body(admin.post(f"{path}/carry_out", {"leaving": [str(mori.uuid)]}))
    assert (done["added"], done["deactivated"]) == (1, 1)
    assert body(admin.get(path))["lines"] == []
    problem(admin.post("people_imports", {**given, "content": "no base64!"}), 422, "invalid")

"""Pages of people, teams, roles and organisations: brought in by a file, changed, and refused in words."""

from datetime import date
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from hikeshi.accounts import actions as accounts
from hikeshi.accounts.models import Organisation, PeopleFile, Person, Role, Team
from hikeshi.incidents import actions as incidents
from hikeshi.incidents.criteria import CriteriaField
from hikeshi.oncall import actions as oncall
from hikeshi.oncall.drafts import StepDraft
from hikeshi.oncall.escalation import TargetKind
from tests import phone, world
from tests.web.desk import browser, page


@pytest.fixture
def keeper() -> Client:
    world.site()
    return browser("keeper", "administrator")


def brought(keeper: Client, text: str) -> str:
    """Where the preview is."""
    file = SimpleUploadedFile("人<b>.csv", text.encode("cp932"))
    sent = keeper.post("/settings/people/import", {"file": file, "organisation": str(world.site().uuid)})
    assert sent.status_code == 302, sent.content.decode()
    return str(sent["Location"])


def test_a_file_is_looked_at_first_then_carried_out_and_only_who_is_ticked_goes(keeper: Client) -> None:
    world.person("mori", "responder")
    where = brought(keeper, "ユーザー名,氏名,社員区分\r\nito,伊藤<b>,正\r\n")
    shown = page(keeper.get(where))
    assert "伊藤&lt;b&gt;" in shown
    assert "社員区分" in shown
    assert "Not in the file" in shown
    assert not Person.objects.filter(username="ito").exists()
    done = page(keeper.post(where, {"leaving": str(Person.objects.get(username="mori").uuid)}, follow=True))
    assert "Put out of use: 1" in done
    assert Person.objects.filter(username="ito", is_active=True).exists()
    assert not Person.objects.get(username="mori").is_active


def test_a_wrong_line_is_named_and_holds_the_whole_file(keeper: Client) -> None:
    where = brought(keeper, "ユーザー名,氏名,部署\r\nito,伊藤,営業<i>\r\n")
    shown = page(keeper.get(where))
    assert "There is no organisation “営業&lt;i&gt;” here." in shown
    page(keeper.post(where, follow=True))
    assert not Person.objects.filter(username="ito").exists()
    page(keeper.get(where.replace("import/", "import/0")), 404)


@pytest.mark.parametrize("content", [b"", b"\x00", "氏名\r\n森\r\n".encode("cp932"), b"PK\x03\x04broken"])
def test_what_is_no_file_of_people_is_refused_beside_the_field(keeper: Client, content: bytes) -> None:
    sent = {"file": SimpleUploadedFile("x.csv", content), "organisation": str(world.site().uuid)}
    assert 'role="alert"' in page(keeper.post("/settings/people/import", sent), 422) or "error" in page(
        keeper.post("/settings/people/import", {**sent, "file": SimpleUploadedFile("x.csv", content)}), 422
    )
    assert not PeopleFile.objects.exists()


def test_the_export_is_for_who_may_look_and_holds_only_whom_they_see(keeper: Client) -> None:
    plant = world.organisation("Plant")
    world.person("far", at=world.organisation("Other"))
    local = browser("local", "administrator", at=plant)
    said = local.get("/settings/people/export.csv").content.decode("utf-8-sig")
    assert "local" in said
    assert "far" not in said
    page(local.get("/settings/people/export.exe"), 404)
    page(browser("nobody").get("/settings/people/export.csv"), 403)
    assert keeper.get("/settings/people/template.xlsx").content.startswith(b"PK")


def test_a_role_of_the_site_is_copied_changed_and_never_takes_anothers_code(keeper: Client) -> None:
    assert 'value="incidents.work" id="id_verbs' in page(keeper.get("/settings/roles/new?copy=responder"))
    made = {"name": "Night watch", "code": "night", "verbs": ["incidents.view", "incidents.work"]}
    keeper.post("/settings/roles/new", made)
    assert Role.objects.get(code="night").verbs == ["incidents.view", "incidents.work"]
    page(keeper.post("/settings/roles/new", {**made, "code": "auditor"}), 422)
    keeper.post("/settings/roles/night/edit", {"name": "Night", "verbs": ["incidents.view"]})
    assert Role.objects.get(code="night").verbs == ["incidents.view"]
    page(keeper.post("/settings/roles/auditor/edit", {"name": "x", "verbs": ["incidents.view"]}), 404)
    page(keeper.post("/settings/roles/night/edit", {"name": "x", "verbs": ["root"]}), 422)
    local = browser("local", "administrator", at=world.organisation("Plant"))
    page(local.get("/settings/roles/new"), 403)


def test_a_team_is_made_of_user_names_and_says_who_is_not_found(keeper: Client) -> None:
    world.person("mori")
    world.person("abe")
    given = {"organisation": str(world.site().uuid), "name": "Night", "members": "mori\nＡＢＥ", "lead": "mori"}
    asked = page(keeper.post("/settings/teams/new", {**given, "members": "mori\nghost"}), 422)
    assert "Nobody is called: ghost" in asked
    page(keeper.post("/settings/teams/new", {**given, "members": "abe"}), 422)
    keeper.post("/settings/teams/new", given)
    team = Team.objects.get()
    assert {one.username for one in team.people.all()} == {"mori", "abe"}
    listed = page(keeper.get("/settings/teams/"))
    assert "Night" in listed
    member = browser("mori", "responder")
    page(member.post(f"/settings/teams/{team.uuid}", {"name": "x"}), 403)
    page(member.get(f"/settings/teams/{team.uuid}/retire"), 403)
    way = phone.way(world.person("mori"))
    accounts.prove_way(by=world.admin(), way=UUID(way), how="called")
    people = page(member.get(f"/settings/teams/{team.uuid}")).split('id="members"')[1]
    mori, abe = people.split(">Mori<")[1].split("</li>")[0], people.split(">Abe<")[1].split("</li>")[0]
    assert ("No way is known" in mori, "No way is known" in abe) == (False, True)


def test_a_team_goes_out_of_use_once_nothing_would_break_and_comes_back(keeper: Client) -> None:
    mori = world.person("mori")
    keeper.post("/settings/teams/new", {"organisation": str(world.site().uuid), "name": "N<b>", "members": "mori"})
    team = Team.objects.get()
    called = StepDraft(kind=TargetKind.TEAM, value=str(team.uuid))
    policy = oncall.add_policy(by=world.admin(), written=oncall.PolicyDraft(name="At <i>night", steps=(called,)))
    incidents.review_criteria(
        by=world.admin(), criteria_of=CriteriaField.IMPACT, review=date(2040, 1, 1), owner=f"team:{team.uuid}"
    )
    where = f"/settings/teams/{team.uuid}/retire"
    shown = page(keeper.get(where))
    assert "/settings/criteria/impact/" in shown
    assert "At &lt;i&gt;night" in shown
    assert f"/settings/escalation/{policy.uuid}" in shown
    assert '<button class="button grave">Put out of use' not in shown, "no button for what is refused"
    assert "At &lt;i&gt;night" in page(keeper.post(where), 422)
    oncall.retire_policy(by=world.admin(), policy=policy.uuid)
    assert '<button class="button grave">Put out of use' in page(keeper.get(where))
    assert "can still be read" in page(keeper.post(where, follow=True))
    assert "N&lt;b&gt;" not in page(keeper.get("/settings/teams/"))
    assert "N&lt;b&gt;" in page(keeper.get("/settings/teams/?retired=1"))
    held = page(keeper.get(f"/settings/teams/{team.uuid}"))
    assert "This team is out of use" in held
    assert mori.name in held
    assert 'name="members"' not in held
    page(keeper.post(f"/settings/teams/{team.uuid}", {"name": "x", "members": ""}), 422)
    keeper.post(f"/settings/teams/{team.uuid}/reinstate")
    assert 'name="members"' in page(keeper.get(f"/settings/teams/{team.uuid}"))


def test_an_organisation_in_use_says_by_whom_and_an_empty_one_goes_and_comes_back(keeper: Client) -> None:
    plant = world.organisation("Plant")
    world.person("mori", at=plant)
    keeper = browser("keeper")
    said = page(keeper.post(f"/settings/organisations/{plant.uuid}/retire", follow=True))
    assert "This is still in use: Mori" in said
    Person.objects.filter(username="mori").update(is_active=False)
    keeper.post(f"/settings/organisations/{plant.uuid}/retire")
    assert Organisation.objects.get(pk=plant.pk).retired_at is not None
    assert str(plant.uuid) not in page(keeper.get("/settings/people/new"))
    keeper.post(f"/settings/organisations/{plant.uuid}/reinstate")
    assert Organisation.objects.get(pk=plant.pk).retired_at is None


def test_what_rests_on_a_leaver_is_shown_before_and_a_successor_asked_for_where_something_would_break() -> None:
    keeper = browser("keeper", "administrator")
    mori, abe = world.person("mori", "responder"), world.person("abe", "responder")
    steps = (StepDraft(kind=TargetKind.PERSON, value=f"person:{mori.uuid}"),)
    policy = oncall.add_policy(by=world.admin(), written=oncall.PolicyDraft(name="Night call", steps=steps))
    address = f"/settings/people/{mori.uuid}/deactivate"
    shown = page(keeper.get(address))
    assert "Night call" in shown
    assert f"/settings/escalation/{policy.uuid}" in shown
    assert "Name a successor" in page(keeper.post(address), 422)
    assert 'value="ghost"' in page(keeper.post(address, {"successor": "ghost"}), 422)
    mori.refresh_from_db()
    assert mori.is_active
    assert keeper.post(address, {"successor": "abe"}).status_code == 302
    mori.refresh_from_db()
    policy.refresh_from_db()
    assert not mori.is_active
    assert str(abe.uuid) in str(policy.steps)
    assert "Nothing rests on them." in page(keeper.get(f"/settings/people/{mori.uuid}/deactivate"))


def test_a_gap_may_be_left_on_purpose() -> None:
    keeper, mori = browser("keeper", "administrator"), world.person("mori", "responder")
    steps = (StepDraft(kind=TargetKind.PERSON, value=f"person:{mori.uuid}"),)
    oncall.add_policy(by=world.admin(), written=oncall.PolicyDraft(name="Night call", steps=steps))
    assert keeper.post(f"/settings/people/{mori.uuid}/deactivate", {"alone": "on"}).status_code == 302
    mori.refresh_from_db()
    assert not mori.is_active

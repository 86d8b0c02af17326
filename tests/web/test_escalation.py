"""Pages of escalation: policies, a dry run, the call in the room, and the banner nobody can overlook."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hikeshi.accounts import actions as accounts
from hikeshi.accounts.drafts import PartyDraft
from hikeshi.accounts.models import Person, Team
from hikeshi.incidents import actions as incidents
from hikeshi.incidents.models import Incident
from hikeshi.kernel.acting import system
from hikeshi.ledger.verify import verify
from hikeshi.oncall.escalation import TargetKind
from hikeshi.oncall.models import Policy, PolicyVersion, Run
from tests import world
from tests.domains import calling
from tests.domains.calling import called, policy, reachable, reacts, step, works
from tests.web.desk import browser, incident, page

LOUD = "Nobody was reached, or nobody has answered"
DRAWN = {
    "name": "Night",
    "repeats": 1,
    "patience": 10,
    "steps-TOTAL_FORMS": 3,
    "steps-INITIAL_FORMS": 0,
    "steps-0-after": 0,
    "steps-0-target": "person",
    "steps-0-person": "abe",
    "steps-1-after": 10,
    "steps-1-target": "executives|",
    "steps-1-hours": "own",
    "steps-1-span": "9-18",
    "steps-2-target": "",
}


@pytest.fixture
def keeper() -> Client:
    world.site()
    return browser("keeper", "administrator")


@pytest.fixture
def burning() -> Incident:
    """Of priority 1, and its call for help has begun."""
    reachable("abe", "commander")
    made = incident(impact=1, effect=1, urgency=1, by="opener")
    reacts()
    works()
    return made


def test_a_policy_is_written_tried_changed_and_taken_out_of_use(keeper: Client) -> None:
    abe = reachable("abe")
    assert keeper.post("/settings/escalation/new", DRAWN).status_code == 302
    row = Policy.objects.get()
    assert [one["kind"] for one in row.steps] == ["person", "executives"]
    assert row.steps[1]["hours"] == "09:00-18:00"
    assert abe.name in page(keeper.get("/settings/escalation/"))
    shown = page(keeper.get(f"/settings/escalation/{row.uuid}"))
    assert 'value="abe"' in shown
    tried = {"priority": 3, "kind": "malware", "organisation": world.site().uuid, "at": "2026-11-17T03:00"}
    found = page(keeper.get("/settings/escalation/try", tried))
    assert abe.name in found
    assert "No way to reach them is known." not in found
    keeper.post(f"/settings/escalation/{row.uuid}/retire")
    assert Policy.objects.get().retired_at is not None


def test_a_policy_that_came_with_the_desk_is_named_in_its_reader_s_language(burning: Incident) -> None:
    """Whatever language the site was founded in, in which the plan was copied."""
    for language, said in (("ja", "既定（優先度1）"), ("en", "Default for priority 1")):
        reader = browser(f"reader-{language}", "responder", language=language)
        assert said in page(reader.get(f"/incidents/{burning.ref}/"))


def test_whom_a_policy_calls_stands_there_by_name(keeper: Client) -> None:
    """A number nobody knows would hide that the wrong team is called."""
    place = world.site().uuid
    team = accounts.add_team(by=world.admin(), organisation=place, name="Night watch")
    party = accounts.add_party(by=world.admin(), organisation=place, draft=PartyDraft(name="Forensics Ltd"))
    gone = accounts.add_team(by=world.admin(), organisation=place, name="Long ago")
    whom = {TargetKind.TEAM: str(team.uuid), TargetKind.PARTY: f"party:{party.uuid}"}
    policy(*(step(kind=kind, value=value) for kind, value in whom.items()), name="Named")
    policy(step(kind=TargetKind.TEAM, value=str(gone.uuid)), name="Other")
    Team.objects.filter(uuid=gone.uuid).delete()  # as older desks removed them
    shown = page(keeper.get("/settings/escalation/"))
    assert all(name in shown for name in ("Team: Night watch", "Outside party: Forensics Ltd", "Team: no longer there"))


def test_what_is_wrong_with_a_step_stands_beside_it_and_what_was_typed_stays(keeper: Client) -> None:
    wrong = keeper.post("/settings/escalation/new", {**DRAWN, "steps-0-person": "ghost"})
    shown = page(wrong, 422)
    assert 'value="ghost"' in shown
    assert list(wrong.context["drawing"].steps[0].errors) == ["person"]
    reachable("abe")
    hours = keeper.post("/settings/escalation/new", {**DRAWN, "steps-1-span": "25-99"})
    assert page(hours, 422)
    assert list(hours.context["drawing"].steps[1].errors) == ["span"]
    assert not Policy.objects.exists()


def test_whoever_saves_a_policy_second_sees_both_texts(keeper: Client) -> None:
    reachable("abe")
    keeper.post("/settings/escalation/new", DRAWN)
    row = Policy.objects.get()
    keeper.post(f"/settings/escalation/{row.uuid}", {**DRAWN, "patience": 20, "version": 1})
    late = keeper.post(f"/settings/escalation/{row.uuid}", {**DRAWN, "patience": 30, "version": 1})
    assert page(late, 409)
    assert late.context["form"].differing


def test_a_dry_run_of_an_empty_night_says_aloud_that_nobody_would_be_reached(keeper: Client) -> None:
    policy(step(kind=TargetKind.ROTA, value=str(calling.empty_rota())))
    tried = {"priority": 1, "kind": "malware", "organisation": world.site().uuid, "at": "2026-11-17T03:00"}
    found = page(keeper.get("/settings/escalation/try", tried))
    assert "Nobody would be reached." in found
    assert "Nobody is on call in this rota." in found


def test_the_call_is_answered_from_the_room_and_the_second_is_told_whose_it_was(burning: Incident) -> None:
    abe, ito = browser("abe"), browser("ito", "responder")
    room = page(abe.get(f"/incidents/{burning.ref}/"))
    assert "I have it" in room
    assert 'id="calling" data-panel data-urgent' in room
    assert abe.post(f"/incidents/{burning.ref}/answer-call").status_code == 302
    late = ito.post(f"/incidents/{burning.ref}/answer-call")
    assert "Abe has answered already" in page(late, 422)
    reacts()
    assert Incident.objects.get(pk=burning.pk).owner == Person.objects.get(username="abe")
    over = page(ito.get(f"/incidents/{burning.ref}/"))
    assert not any(said in over for said in ("I have it", "data-urgent"))


def test_help_and_handing_over_from_the_room(burning: Incident) -> None:
    abe = browser("abe")
    ito = reachable("ito", "responder")
    abe.post(f"/incidents/{burning.ref}/answer-call")
    abe.post(f"/incidents/{burning.ref}/ask-for-help", {"to": calling.ref(ito)})
    assert called(open_only=True)[-1] == "ito"
    assert Run.objects.get().state == "answered"
    abe.post(f"/incidents/{burning.ref}/hand-over-call", {"to": calling.ref(ito)})
    assert Run.objects.get().state == "calling"


def test_taking_the_record_answers_and_giving_it_to_somebody_calls_them(burning: Incident) -> None:
    mori, ito = world.actor("mori", "responder"), reachable("ito", "responder")
    incidents.assign(by=mori, ref=burning.ref, owner="mori")
    assert Run.objects.get().answered_by == mori.ref
    incidents.assign(by=mori, ref=burning.ref, owner="ito")
    assert called()[-1] == ito.username
    assert Run.objects.get().state == "calling"


def test_a_record_nobody_was_reached_about_is_loud_on_every_page_of_whoever_sees_it() -> None:
    calling.listens()
    made = incident(title="Wholly on fire", impact=1, effect=1, urgency=1, by="opener")
    reacts()
    works()
    for client in (browser("mori", "responder"), browser("audit", "auditor")):
        for address in ("/incidents/", "/alerts/", "/settings/", f"/incidents/{made.ref}/"):
            assert f"{LOUD}</p><p>" in page(client.get(address)), address
            assert f'/incidents/{made.ref}/"' in page(client.get(address)), address
    elsewhere = browser("far", "administrator", at=world.organisation("Elsewhere"))
    assert "Wholly on fire" not in page(elsewhere.get("/incidents/"))
    assert LOUD not in page(browser("none").get("/account/"))


def test_a_restricted_record_is_loud_to_its_members_alone() -> None:
    calling.listens()
    made = incident(title="Insider", impact=1, effect=1, urgency=1, by="opener")
    incidents.restrict(by=world.actor("opener"), ref=made.ref, reason="Names a colleague")
    reacts()
    works()
    assert "Insider" in page(browser("opener").get("/incidents/"))
    assert made.ref not in page(browser("keeper", "administrator").get("/incidents/"))


def test_the_room_and_the_list_cost_the_same_however_many_were_called(keeper: Client) -> None:
    abe = reachable("abe")
    policy(*[step(abe, 1) for _ in range(3)], repeats=0)
    made = incident(impact=1, effect=1, urgency=1, by="opener")
    reacts()
    works(1)
    keeper.get(f"/incidents/{made.ref}/")
    with CaptureQueriesContext(connection) as few:
        keeper.get(f"/incidents/{made.ref}/")
    works(1)
    works(1)
    keeper.get(f"/incidents/{made.ref}/")  # a minute has passed: the menu counts again what it keeps in mind
    with CaptureQueriesContext(connection) as many:
        keeper.get(f"/incidents/{made.ref}/")
    assert len(many) <= len(few)


def test_what_a_policy_said_before_is_compared_and_put_back_and_the_ledger_vouches_for_each_version(
    keeper: Client,
) -> None:
    reachable("abe")
    keeper.post("/settings/escalation/new", DRAWN)
    row = Policy.objects.get()
    address = f"/settings/escalation/{row.uuid}/versions"
    keeper.post(f"/settings/escalation/{row.uuid}", {**DRAWN, "patience": 25, "why": "Too short", "version": 1})
    shown = page(keeper.get(address))
    assert "Too short" in shown
    changed = keeper.get(address).context["parts"]
    assert [(part.name, [one.text for one in part.changes if one.sign in "+-"]) for part in changed] == [
        ("Wait after the last step", ["10 min", "25 min"])
    ]
    assert page(browser("looker", "auditor").get(address)).count("Go back to this version") == 0
    keeper.post(f"{address}/1/restore")
    row.refresh_from_db()
    assert (row.patience, row.version) == (10, 3)
    assert keeper.get(f"{address}?from=1&to=3").context["parts"] == []
    assert keeper.get(f"{address}?from=9").status_code == 404
    assert verify(state=True).holds
    PolicyVersion.objects.filter(number=2).update(retired=True)
    assert [one.where for one in verify(state=True).findings] == [f"oncall.policy_version:{row.uuid}.2"]


def test_going_back_to_a_version_whose_person_is_gone_is_refused_with_the_reason(keeper: Client) -> None:
    abe = reachable("abe")
    keeper.post("/settings/escalation/new", DRAWN)
    row = Policy.objects.get()
    other = {**DRAWN, "steps-0-target": "executives|", "steps-0-person": "", "version": 1}
    keeper.post(f"/settings/escalation/{row.uuid}", other)
    Person.objects.filter(pk=abe.pk).update(is_active=False)
    said = page(keeper.post(f"/settings/escalation/{row.uuid}/versions/1/restore", follow=True))
    assert Policy.objects.get().version == 2
    assert "toast" in said


def test_a_dry_run_leads_to_whomever_it_names(keeper: Client) -> None:
    abe = reachable("abe")
    place = world.site().uuid
    team = accounts.add_team(by=system("test"), organisation=place, name="Night crew", people=[abe.uuid])
    made = policy(step(kind=TargetKind.TEAM, value=str(team.uuid)))
    tried = {"priority": 1, "kind": "malware", "organisation": world.site().uuid, "at": "2026-11-17T03:00"}
    found = page(keeper.get("/settings/escalation/try", tried))
    for address in (f"/contacts/people/{abe.uuid}/", f"/settings/teams/{team.uuid}", f"/escalation/{made.uuid}"):
        assert f'{address}"' in found
    assert "Team: Night crew" in found
    relied = page(keeper.get(f"/settings/escalation/{made.uuid}"))
    assert "Never proven" in relied


def test_the_room_says_of_whoever_is_in_it_that_no_way_of_theirs_is_proven(burning: Incident) -> None:
    abe = browser("abe")
    abe.post(f"/incidents/{burning.ref}/take")
    panel = page(abe.get(f"/incidents/{burning.ref}/")).split('id="people"')[1].split("</section>")[0]
    assert "Never proven" in panel

"""A team goes out of use and comes back: what would break is named before, what names it stays readable, nothing new
names it.
"""

from datetime import date

import pytest

from hikeshi.accounts import actions, queries, team_uses
from hikeshi.accounts.models import Organisation, Team
from hikeshi.assets import actions as assets
from hikeshi.assets import queries as asset_files
from hikeshi.assets.models import Asset
from hikeshi.assets.particulars import Particulars
from hikeshi.incidents import actions as incidents
from hikeshi.incidents.criteria import CriteriaField
from hikeshi.intake import actions as intake
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Invalid, NotAllowed, NotFound
from hikeshi.ledger.verify import verify
from hikeshi.load import actions as load
from hikeshi.load.queries.profiles import may_manage
from hikeshi.oncall import actions as oncall
from hikeshi.oncall.escalation import Target, TargetKind
from hikeshi.service_levels import actions as service_levels
from tests import world
from tests.domains.calling import policy, step
from tests.domains.clocks import promised
from tests.domains.load import team


@pytest.fixture
def keeper() -> Actor:
    return world.admin()


def whom(one: Team) -> Target:
    return Target(TargetKind.TEAM, str(one.uuid))


def refused(by: Actor, one: Team) -> tuple[str, object]:
    with pytest.raises(Invalid) as refusal:
        actions.retire_team(by=by, team=one.uuid)
    return refusal.value.reason, refusal.value.params.get("where", "")


def uses(by: Actor, one: Team) -> set[tuple[str, str, bool]]:
    return {(use.kind, use.name, use.breaks) for use in team_uses.of(by, one)}


def test_what_would_reach_nobody_without_the_team_is_named_and_comes_first(keeper: Actor) -> None:
    night = team(world.person("mori"), name="Night")
    assert uses(keeper, night) == set()
    called = policy(step(kind=TargetKind.TEAM, value=str(night.uuid)), name="At night")
    rule = load.add_rule(by=keeper, draft=load.RuleDraft("To the night", team=str(night.uuid)))
    promise = promised(teams=(str(night.uuid),))
    oncall.name_executives(by=keeper, who=whom(night))
    assert uses(keeper, night) == {
        ("policy", "At night", True),
        ("assignment", "To the night", True),
        ("target", promise.en, True),
        ("executives", "", True),
    }
    reason, where = refused(keeper, night)
    assert reason == "team_needed"
    assert set(str(where).split(", ")) == {"At night", "To the night", promise.en}

    oncall.retire_policy(by=keeper, policy=called.uuid)
    load.remove_rule(by=keeper, code=rule.code)
    service_levels.switch_target(by=keeper, code=promise.code, on=False)
    assert refused(keeper, night) == ("team_needed_unseen", "")
    oncall.name_executives(by=keeper, who=Target(TargetKind.ROLE, "manager"))
    assert actions.retire_team(by=keeper, team=night.uuid).retired_at is not None
    with pytest.raises(Invalid, match="team_retired"):
        oncall.retire_policy(by=keeper, policy=called.uuid, retired=False)
    assert verify(state=True).findings == ()


def test_what_only_names_it_stays_readable_and_loses_nothing_when_it_is_looked_at(keeper: Actor) -> None:
    place = world.site().uuid
    lead, mori = world.person("lead"), world.person("mori")
    night = team(lead, mori, name="Night", lead=lead)
    held = assets.add_asset(by=keeper, organisation=place, particulars=Particulars(name="Mail", team=night.uuid))
    intake.watch_source(by=keeper, code="wazuh", quiet_days=3, owner=f"team:{night.uuid}")
    intake.review_rule(by=keeper, code="ransomware", review=date(2040, 1, 1), owner=f"team:{night.uuid}")
    incidents.review_criteria(
        by=keeper, criteria_of=CriteriaField.IMPACT, review=date(2040, 1, 1), owner=f"team:{night.uuid}"
    )
    assert uses(keeper, night) == {
        ("criteria", "impact", False),
        ("asset", "Mail", False),
        ("silence", "wazuh", False),
        ("alert_rule", "ransomware", False),
    }
    assert may_manage(queries.actor_of(lead), mori)
    actions.retire_team(by=keeper, team=night.uuid)
    actions.retire_team(by=keeper, team=night.uuid)
    assert not may_manage(queries.actor_of(lead), mori)
    said = Particulars(name="Mail server", team=night.uuid)
    assets.edit_asset(by=keeper, asset=held.uuid, particulars=said)
    kept = Asset.objects.select_related("team").get()
    assert (kept.name, kept.team) == ("Mail server", night)
    file = assets.prepare_import(
        by=keeper, organisation=place, file_name="a.csv", body=b"name,team,note\nMail server,Night,kept\nWiki,Night,\n"
    )
    lines = asset_files.plan(keeper, file.organisation, asset_files.kept(file)).lines
    assert [[problem.reason for problem in one.problems] for one in lines] == [[], ["unknown_team"]]
    assert verify(state=True).findings == ()


def test_nothing_new_names_a_team_out_of_use_until_it_is_back(keeper: Actor) -> None:
    place = world.site().uuid
    night = team(world.person("mori"), name="Night")
    actions.retire_team(by=keeper, team=night.uuid)
    assert list(queries.teams(keeper)) == []
    assert list(queries.teams(keeper, retired=True)) == [night]
    attempts = (
        lambda: policy(step(kind=TargetKind.TEAM, value=str(night.uuid))),
        lambda: oncall.name_executives(by=keeper, who=whom(night)),
        lambda: load.add_rule(by=keeper, draft=load.RuleDraft("x", team=str(night.uuid))),
        lambda: promised(teams=(str(night.uuid),)),
        lambda: assets.add_asset(by=keeper, organisation=place, particulars=Particulars(name="x", team=night.uuid)),
        lambda: intake.watch_source(by=keeper, code="wazuh", quiet_days=3, owner=f"team:{night.uuid}"),
        lambda: actions.change_team(by=keeper, team=night.uuid, name="Day", people=[]),
    )
    for attempt in attempts:
        with pytest.raises((Invalid, NotFound)):
            attempt()
    back = actions.reinstate_team(by=keeper, team=night.uuid)
    assert [one.username for one in back.people.all()] == ["mori"]
    for attempt in attempts:
        attempt()


def test_an_organisation_keeps_its_teams_and_one_out_of_use_takes_none_back() -> None:
    plant = world.organisation("Plant")
    keeper = world.admin()
    night = actions.add_team(by=keeper, organisation=plant.uuid, name="Night")
    with pytest.raises(Invalid, match="in_use"):
        actions.retire_organisation(by=keeper, organisation=plant.uuid)
    actions.retire_team(by=keeper, team=night.uuid)
    actions.retire_organisation(by=keeper, organisation=plant.uuid)
    with pytest.raises(Invalid, match="is_retired"):
        actions.reinstate_team(by=keeper, team=night.uuid)
    assert Organisation.objects.get(pk=plant.pk).retired_at is not None


def test_whoever_does_not_see_what_breaks_is_refused_without_its_name() -> None:
    plant = world.organisation("Plant")
    keeper = world.admin()
    actions.define_role(by=keeper, code="local", name="Local", verbs=["accounts.view", "accounts.manage"])
    local = world.actor("local", "local", at=plant)
    night = actions.add_team(by=local, organisation=plant.uuid, name="Night")
    policy(step(kind=TargetKind.TEAM, value=str(night.uuid)), name="Secret plan")
    assert uses(local, night) == set()
    assert refused(local, night) == ("team_needed_unseen", "")
    with pytest.raises(NotFound):
        actions.retire_team(by=world.actor("far", "administrator", at=world.organisation("Far")), team=night.uuid)
    with pytest.raises(NotAllowed):
        actions.retire_team(by=world.actor("member", "responder", at=plant), team=night.uuid)

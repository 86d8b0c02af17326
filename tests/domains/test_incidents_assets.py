"""What is hit decides the order: assets are found from alerts, and the gravest raises the urgency and says so."""

import pytest
from django.utils import translation

from hikeshi.assets import actions as assets
from hikeshi.assets.codes import IdentifierType
from hikeshi.assets.models import Asset
from hikeshi.assets.particulars import Particulars
from hikeshi.incidents import actions, queries, urgency
from hikeshi.incidents.models import Incident, LinkedAsset
from hikeshi.intake.verdicts import Verdict
from hikeshi.kernel.acting import Actor, system
from hikeshi.kernel.refusals import Invalid, NotAllowed, NotFound
from hikeshi.phrases.urgency import raised
from tests import world
from tests.domains.assets import added, named
from tests.domains.incidents import fresh, opened
from tests.domains.test_incidents_alerts import again, alert, announce, judged, settle

pytestmark = pytest.mark.usefixtures("listening")


def database(**stated: object) -> Asset:
    return added("顧客DB", **{"criticality": 4, "identifiers": named("SV-FILE01"), **stated})


def light(by: Actor | None = None) -> Incident:
    return opened(by or world.admin(), impact=2, effect=2, urgency=3)


def stands(incident: Incident) -> tuple[int, int]:
    now = fresh(incident)
    return now.urgency, now.priority


def timeline(by: Actor, incident: Incident) -> list[tuple[str, str]]:
    with translation.override("en"):
        return [(line.fact.partition(".")[2], line.detail) for line in queries.timeline(by, incident.ref).items]


def test_the_written_rule_is_what_the_file_says() -> None:
    assert urgency.rule().floors == {4: 1, 3: 2}
    assert [urgency.weigh(3, [level], 0).urgency for level in (1, 2, 3, 4)] == [3, 3, 2, 1]
    assert urgency.weigh(1, [4], 0) == urgency.Weighed(1, 0), "what is urgent already is not raised"
    assert urgency.weigh(3, [4, 3], 4) == urgency.Weighed(3, 0), "left aside, knowing of it"
    assert urgency.weigh(3, [4], 3) == urgency.Weighed(1, 4), "a graver one than was left aside"


def test_an_alert_about_a_critical_host_opens_with_raised_urgency_and_says_why() -> None:
    held = database()
    row = alert()
    announce(judged(row, impact=2, effect=2, urgency=3))
    again(row.uuid)
    incident = Incident.objects.get()
    assert (incident.urgency_asked, stands(incident)) == (3, (1, 2))
    struck = queries.room(world.admin(), incident.ref).struck
    assert [(line.asset, line.link.how, line.link.value) for line in struck.linked] == [(held, "name", "SV-FILE01")]
    assert struck.raised is not None
    said = {}
    for language in ("ja", "en"):
        with translation.override(language):
            said[language] = raised(struck.raised.name, struck.raised.criticality)
    assert said["en"] == "Urgency raised: the criticality of 顧客DB is “Critical”."
    assert "顧客DB" in said["ja"]
    lines = timeline(world.admin(), incident)
    assert ("UrgencyRaised", "顧客DB") in lines
    assert ("AssetsFound", "顧客DB") in lines


def test_whoever_does_not_see_the_asset_reads_nothing_of_its_name() -> None:
    branch = world.organisation("Branch")
    database()  # the group's, not the branch's
    row = alert(organisation=branch)
    announce(judged(row, impact=2, effect=2, urgency=3))
    incident = Incident.objects.get()
    member = world.actor("member", "responder", at=branch)
    assert stands(incident)[0] == 1
    struck = queries.room(member, incident.ref).struck
    assert (struck.linked, struck.nearby) == ([], [])
    assert struck.raised is not None
    assert (struck.raised.asset, struck.raised.name, struck.raised.criticality) == (None, "", 4)
    assert "顧客DB" not in str(timeline(member, incident))
    assert "顧客DB" in str(timeline(world.admin(), incident))
    held = Asset.objects.get()
    for act in (
        lambda: actions.unlink_asset(by=member, ref=incident.ref, asset=held.uuid, reason="x"),
        lambda: actions.link_asset(by=member, ref=incident.ref, asset=held.uuid),
    ):
        with pytest.raises(NotFound):
            act()
    assert not queries.incidents(member, asset=str(held.uuid)).exists()
    assert queries.incidents(world.admin(), asset=str(held.uuid)).exists()
    with pytest.raises(NotFound):
        queries.room(world.actor("stranger", "administrator", at=world.organisation("Theirs")), incident.ref)


def test_a_person_links_and_unlinks_and_the_urgency_follows() -> None:
    incident, by = light(), world.actor("mori", "responder")
    grave, plain = added("ERP", criticality=3), added("Wiki", criticality=2)
    assert stands(incident) == (3, 4)
    actions.link_asset(by=by, ref=incident.ref, asset=plain.uuid)
    assert stands(incident) == (3, 4)
    actions.link_asset(by=by, ref=incident.ref, asset=grave.uuid, reason="電話で聞いた")
    actions.link_asset(by=by, ref=incident.ref, asset=grave.uuid)
    assert stands(incident) == (2, 3)
    assert ("AssetLinked", "ERP\n\n電話で聞いた") in timeline(by, incident)
    with pytest.raises(Invalid):
        actions.unlink_asset(by=by, ref=incident.ref, asset=grave.uuid, reason=" ")
    actions.unlink_asset(by=by, ref=incident.ref, asset=grave.uuid, reason="別の機器だった")
    assert stands(incident) == (3, 4)
    assert fresh(incident).raised_by is None
    with pytest.raises(NotFound):
        actions.unlink_asset(by=by, ref=incident.ref, asset=grave.uuid, reason="x")
    with pytest.raises(NotAllowed):
        actions.link_asset(by=world.actor("auditor", "auditor"), ref=incident.ref, asset=grave.uuid)


def test_what_a_person_removed_no_alert_brings_back() -> None:
    held = database()
    announce(judged(alert("a")))
    incident = Incident.objects.get()
    actions.unlink_asset(by=world.admin(), ref=incident.ref, asset=held.uuid, reason="x")
    announce(judged(alert("b"), Verdict.ATTACH, case=incident.subject))
    assert LinkedAsset.objects.get().removed_at is not None
    assert queries.room(world.admin(), incident.ref).struck.linked == []


def test_a_person_may_say_otherwise_with_a_reason_until_something_graver_is_hit() -> None:
    incident, by = light(), world.actor("mori", "responder")
    actions.link_asset(by=by, ref=incident.ref, asset=added("ERP", criticality=3).uuid)
    with pytest.raises(Invalid) as refused:
        actions.set_priority(by=by, ref=incident.ref, urgency=3)
    assert (refused.value.field, refused.value.reason) == ("reason", "required")
    actions.set_priority(by=by, ref=incident.ref, urgency=3, reason="夜間は使われていない")
    assert stands(incident) == (3, 4)
    actions.link_asset(by=by, ref=incident.ref, asset=added("CRM", criticality=3).uuid)
    assert stands(incident) == (3, 4), "as grave as what was left aside"
    actions.link_asset(by=by, ref=incident.ref, asset=added("DB", criticality=4).uuid)
    assert stands(incident) == (1, 2)
    actions.set_priority(by=by, ref=incident.ref, impact=1)
    assert (fresh(incident).urgency_asked, stands(incident)) == (3, (1, 1)), "urgency sent back as shown stays raised"


def test_a_priority_set_by_hand_stays_whatever_is_hit() -> None:
    incident, by = light(), world.admin()
    actions.set_priority(by=by, ref=incident.ref, priority=4, reason="x")
    actions.link_asset(by=by, ref=incident.ref, asset=database().uuid)
    assert stands(incident) == (1, 4)
    assert fresh(incident).priority_reason == "by_hand"


def test_an_asset_that_becomes_graver_or_goes_out_of_use_weighs_its_open_records_anew() -> None:
    incident, closed, asset = light(), light(), added("ERP", criticality=2)
    for one in (incident, closed):
        actions.link_asset(by=world.admin(), ref=one.ref, asset=asset.uuid)
    actions.close(by=world.admin(), ref=closed.ref, resolution="x", record_class="event", override_reason="x")
    said = Particulars(name="ERP", criticality=4)
    assets.edit_asset(by=world.admin(), asset=asset.uuid, particulars=said, only=["criticality"])
    settle()
    assert (stands(incident), stands(closed)) == ((1, 2), (3, 4))
    assets.retire_asset(by=world.admin(), asset=asset.uuid)
    settle()
    assert stands(incident) == (3, 4)
    with pytest.raises(NotAllowed):
        actions.weigh_asset(by=world.admin(), asset=asset.uuid)
    actions.weigh_asset(by=system("t"), asset=asset.uuid)


def test_what_needs_a_hit_asset_is_named_as_possibly_affected_and_raises_nothing() -> None:
    network = added("Network", criticality=1, identifiers=named("198.51.100.0/24", type_=IdentifierType.ADDRESS))
    added("Shop", criticality=4, needs=(network.uuid,))
    announce(judged(alert(), impact=2, effect=2, urgency=3))
    incident = Incident.objects.get()
    struck = queries.room(world.admin(), incident.ref).struck
    assert [one.name for one in struck.nearby] == ["Shop"]
    assert struck.raised is None
    assert stands(incident) == (3, 4)

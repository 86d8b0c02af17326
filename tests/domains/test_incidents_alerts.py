"""Alerts become incidents as rules judged: once, with what they saw, and as hidden as their incident."""

from datetime import timedelta
from uuid import UUID

import pytest

from hikeshi.accounts import actions as accounts
from hikeshi.accounts.models import Person
from hikeshi.incidents import actions, matrix, names, queries
from hikeshi.incidents.codes import MomentKind, RecordClass
from hikeshi.incidents.models import AttachedAlert, Incident, Moment, Observable
from hikeshi.intake import queries as intake
from hikeshi.intake import rulebook
from hikeshi.intake.facts import AlertJudged
from hikeshi.intake.folding import Change
from hikeshi.intake.models import Alert
from hikeshi.intake.verdicts import Verdict
from hikeshi.kernel import clock
from hikeshi.kernel.acting import system
from hikeshi.kernel.refusals import Invalid, NotAllowed, NotFound
from hikeshi.kernel.worlds import World
from hikeshi.ledger import acts, reactions
from hikeshi.ledger.models import Cursor
from hikeshi.ledger.verify import verify
from tests import world
from tests.domains.incidents import fresh, opened

DESK = system("digest")


pytestmark = pytest.mark.usefixtures("listening")


def alert(name: str = "a", **fields: object) -> Alert:
    seen = [{"type": "host", "value": "SV-FILE01"}, {"type": "ip", "value": "198.51.100.23"}]
    given = {
        "organisation": world.site(), "source": "wazuh", "fingerprint": name, "title": f"Alert {name}", "severity": 5,
        "first_seen": clock.now() - timedelta(minutes=20), "last_seen": clock.now(), "rule": "r1", "observables": seen,
    }  # fmt: skip
    return Alert.objects.create(**{**given, **fields})


def judged(row: Alert, verdict: Verdict = Verdict.OPEN, **fields: object) -> AlertJudged:
    given = {
        "alert": row.uuid, "source": row.source, "fingerprint": row.fingerprint, "organisation": row.organisation.uuid,
        "severity": row.severity, "change": Change.NEW, "verdict": verdict, "rule": "r1", "rule_version": 1,
        "kind": "ransomware", "impact": 1, "effect": 1, "urgency": 1, "first_seen": row.first_seen,
    }  # fmt: skip
    return AlertJudged(**{**given, **fields})


def announce(fact: AlertJudged, world_: World = World.REAL) -> None:
    Alert.objects.filter(uuid=fact.alert).update(verdict=fact.verdict, announced=True)
    with acts.unit():
        acts.record(fact, subject=f"alert:{fact.alert}", by=DESK, world=world_)
    settle()


def settle() -> None:
    while reactions.step(clock.now()):
        pass


def again(alert_: UUID) -> None:
    """The same facts are heard once more, as after a crash between act and cursor."""
    Cursor.objects.update(number=0)
    settle()


def test_a_judged_alert_opens_one_incident_however_often_it_is_heard() -> None:
    row = alert()
    announce(judged(row))
    again(row.uuid)
    incident = Incident.objects.get()
    assert (incident.title, incident.kind, incident.priority) == ("Alert a", "ransomware", 1)
    assert (incident.record_class, incident.class_by) == ("event", ""), "what it is, a person decides"
    held = Alert.objects.get()
    assert (held.case, held.case_ref, held.case_open) == (incident.subject, incident.ref, True)
    detected = Moment.objects.get(incident=incident, kind="detected")
    assert (detected.at, detected.source) == (row.first_seen, "alert")
    assert {(one.type, one.value, one.asset) for one in Observable.objects.all()} == {
        ("host", "SV-FILE01", True),
        ("ip", "198.51.100.23", False),
    }
    first = queries.timeline(world.admin(), incident.ref).items[-1]
    assert "r1" in first.sentence
    assert first.kind == "machine"
    assert first.actor_name in {"Rules", "ルール"}
    assert verify(state=True).findings == ()


def test_an_alert_of_an_open_case_joins_it_and_brings_what_it_saw() -> None:
    announce(judged(alert("a")))
    incident = Incident.objects.get()
    later = alert("b", observables=[{"type": "user", "value": "svc"}], first_seen=clock.now() - timedelta(hours=1))
    announce(judged(later, Verdict.ATTACH, case=incident.subject, kind="", impact=0, effect=0, urgency=0))
    beside = alert("c")
    announce(judged(beside, Verdict.ATTACH, beside=later.uuid))
    assert Incident.objects.count() == 1
    held = queries.alerts_held(world.admin(), incident.ref)
    assert set(held.newest) == set(Alert.objects.values_list("uuid", flat=True))
    assert Observable.objects.count() == 3
    detected = Moment.objects.get(incident=incident, kind="detected", superseded_at=None)
    assert detected.at == later.first_seen, "the earliest alert counts"
    assert verify(state=True).findings == ()


def test_a_graver_alert_that_joins_makes_the_record_as_grave_as_its_own_would_be() -> None:
    announce(judged(alert("a", severity=3), impact=3, effect=3, urgency=3))
    incident = Incident.objects.get()
    light = incident.priority
    announce(judged(alert("b"), Verdict.ATTACH, case=incident.subject))
    assert Incident.objects.get().priority == light > 1, "no rule would have opened one for it"
    announce(judged(alert("c"), Verdict.ATTACH, case=incident.subject, opens=True))
    incident = Incident.objects.get()
    assert (incident.priority, incident.priority_reason) == (1, "alert")
    said = next(one for one in queries.timeline(world.admin(), incident.ref).items if "PriorityChanged" in one.fact)
    assert said.actor_name in {"Rules", "ルール"}
    announce(judged(alert("d"), Verdict.ATTACH, case=incident.subject, opens=True, impact=3, effect=3, urgency=3))
    assert Incident.objects.get().priority == 1, "never lighter"
    assert verify(state=True).findings == ()


def test_a_priority_set_by_hand_yields_only_to_what_is_more_severe_than_all_it_knew() -> None:
    announce(judged(alert("a", severity=4)))
    incident = Incident.objects.get()
    actions.set_priority(by=world.admin(), ref=incident.ref, priority=4, reason="A test of ours")
    announce(judged(alert("b", severity=4), Verdict.ATTACH, case=incident.subject, opens=True))
    assert Incident.objects.get().priority == 4
    announce(judged(alert("c", severity=5), Verdict.ATTACH, case=incident.subject, opens=True))
    assert Incident.objects.get().priority == 1


def test_what_fires_again_after_the_close_opens_anew_and_the_old_record_stays_closed() -> None:
    row = alert()
    announce(judged(row))
    old = Incident.objects.get()
    actions.close(by=world.admin(), ref=old.ref, resolution="済", record_class=RecordClass.EVENT)
    assert not Alert.objects.get().case_open
    announce(judged(row, change=Change.REFIRED))
    new = Incident.objects.exclude(pk=old.pk).get()
    assert Alert.objects.get().case == new.subject
    actions.reopen(by=world.admin(), ref=old.ref, reason="x")
    assert Alert.objects.get().case == new.subject, "the old record does not take it back"
    assert verify(state=True).findings == ()


def test_an_alert_judged_to_join_a_case_that_closed_meanwhile_is_not_dropped() -> None:
    announce(judged(alert("a")))
    old = Incident.objects.get()
    actions.close(by=world.admin(), ref=old.ref, resolution="済", record_class=RecordClass.EVENT)
    joining = judged(alert("b"), Verdict.ATTACH, case=old.subject, kind="no_such_kind")
    announce(joining)
    assert Incident.objects.exclude(pk=old.pk).get().kind == "other"


def test_every_shipped_rule_opens_a_kind_we_know_at_levels_we_have() -> None:
    for rule in rulebook.load().rules:
        if rule.verdict is Verdict.OPEN:
            assert rule.kind in names.in_use().kinds, rule.file
            assert {rule.impact, rule.effect, rule.urgency} <= set(matrix.LEVELS), rule.file


def test_what_a_rule_drops_or_keeps_opens_nothing() -> None:
    for verdict in (Verdict.DROP, Verdict.KEEP):
        announce(judged(alert(verdict.value), verdict))
    assert not Incident.objects.exists()


def test_drills_stay_drills() -> None:
    row = alert(world=World.DRILL)
    announce(judged(row), World.DRILL)
    incident = Incident.objects.get()
    assert (incident.world, incident.ref[:4]) == ("drill", "DRL-")
    with pytest.raises(Invalid, match="other_world"):
        actions.attach_alerts(by=world.admin(), ref=opened(world.admin()).ref, alerts=[row.uuid])


def test_the_alerts_of_a_restricted_incident_are_as_hidden_as_it_is() -> None:
    chief, admin = world.actor("chief", "commander"), world.admin()
    row = alert()
    announce(judged(row))
    incident = Incident.objects.get()
    actions.restrict(by=chief, ref=incident.ref, reason="内部不正の疑い")
    assert intake.alert(chief, row.uuid) == row
    with pytest.raises(NotFound):
        intake.alert(admin, row.uuid)
    announce(judged(alert("b"), Verdict.ATTACH, case=incident.subject))
    assert not intake.alerts(admin).exists(), "a new alert of it hides at once"
    actions.add_person(by=chief, ref=incident.ref, person="admin", role="legal")
    assert intake.alerts(admin).count() == 2
    actions.unrestrict(by=chief, ref=incident.ref, reason="x")
    assert intake.alerts(world.actor("auditor", "auditor")).count() == 2


def test_what_fires_again_after_a_restricted_case_closed_opens_for_the_same_people_only() -> None:
    chief, admin = world.actor("chief", "commander"), world.admin()
    row = alert()
    announce(judged(row))
    old = Incident.objects.get()
    actions.assign(by=chief, ref=old.ref, owner="chief")
    actions.restrict(by=chief, ref=old.ref, reason="内部不正の疑い")
    actions.close(by=chief, ref=old.ref, resolution="済", record_class=RecordClass.EVENT)
    announce(judged(row, change=Change.REFIRED))
    new = queries.incidents(chief).exclude(pk=old.pk).get()
    assert new.restricted
    assert not queries.incidents(admin).exists()
    assert not intake.alerts(admin).exists()
    assert intake.alert(chief, row.uuid).case == new.subject
    late = judged(alert("b"), Verdict.ATTACH, case=old.subject)
    announce(late)
    assert not intake.alerts(admin).exists(), "what was judged to belong to it hides too"
    assert verify(state=True).findings == ()


def test_taking_an_alert_of_another_organisation_needs_the_right_to_judge_it() -> None:
    """It would bring what the alert saw to other people, and into a restricted record it would vanish."""
    ours, theirs = world.organisation("Ours"), world.organisation("Theirs")
    world.person("reader", "commander", at=ours)
    reader = world.actor("reader", "auditor", at=theirs)
    row = alert(organisation=theirs)
    mine = opened(reader, organisation=ours.uuid)
    assert intake.alert(reader, row.uuid) == row
    with pytest.raises(NotAllowed):
        actions.attach_alerts(by=reader, ref=mine.ref, alerts=[row.uuid])
    assert not Observable.objects.exists()


def test_an_alert_leaves_a_restricted_case_for_an_open_record_only_by_command() -> None:
    chief = world.actor("chief", "commander")
    hand = world.actor("hand", "responder")
    row = alert()
    announce(judged(row))
    old = Incident.objects.get()
    actions.add_person(by=chief, ref=old.ref, person="hand", role="scribe")
    actions.restrict(by=chief, ref=old.ref, reason="内部不正の疑い")
    actions.close(by=chief, ref=old.ref, resolution="済", record_class=RecordClass.EVENT)
    with pytest.raises(NotAllowed):
        actions.attach_alerts(by=hand, ref=opened(hand).ref, alerts=[row.uuid])
    assert Alert.objects.get().restricted
    actions.attach_alerts(by=chief, ref=opened(chief).ref, alerts=[row.uuid])
    assert not Alert.objects.get().restricted


def test_a_person_opens_an_incident_from_alerts_and_nobody_can_take_them_into_another() -> None:
    ichi = world.actor("ichi", "responder")
    a, b = alert("a"), alert("b")
    incident = actions.open_from_alerts(by=ichi, alerts=[a.uuid, b.uuid], kind="malware", impact=2)
    assert (incident.title, AttachedAlert.objects.filter(incident=incident).count()) == ("Alert a", 2)
    other = opened(ichi)
    with pytest.raises(Invalid, match="held_elsewhere"):
        actions.attach_alerts(by=ichi, ref=other.ref, alerts=[a.uuid])
    actions.attach_alerts(by=ichi, ref=incident.ref, alerts=[a.uuid])
    assert AttachedAlert.objects.count() == 2
    sister = world.actor("sister", "responder", at=world.organisation("別会社"))
    with pytest.raises(NotFound):
        actions.open_from_alerts(by=sister, alerts=[a.uuid], kind="malware", impact=2)
    assert verify(state=True).findings == ()


def test_what_a_place_out_of_use_had_received_is_opened_by_whoever_could_before_and_by_nobody_else() -> None:
    plant = world.organisation("Plant")
    keeper, stranger = world.actor("keeper", "responder", at=plant), world.actor("stranger", "reporter", at=plant)
    row = alert("left", organisation=plant)
    for one in Person.objects.filter(username__in=["keeper", "stranger"]):
        accounts.move_person(by=world.admin(), person=one.uuid, organisation=world.site().uuid)
    accounts.retire_organisation(by=world.admin(), organisation=plant.uuid)
    terms = {"alerts": [row.uuid], "kind": "malware", "impact": 2}
    with pytest.raises((NotAllowed, NotFound)):
        actions.open_from_alerts(by=stranger, **terms)
    record = actions.open_from_alerts(by=keeper, **terms)
    assert (record.organisation, AttachedAlert.objects.filter(incident=record).count()) == (plant, 1)
    with pytest.raises(Invalid, match="is_retired"):
        actions.open_incident(by=keeper, title="new", kind="malware", impact=2, organisation=plant.uuid)


def test_a_persons_word_on_when_it_was_detected_outlives_later_alerts() -> None:
    announce(judged(alert("a")))
    incident = Incident.objects.get()
    said = clock.now() - timedelta(minutes=5)
    actions.set_moment(by=world.admin(), ref=incident.ref, kind=MomentKind.DETECTED, at=said, reason="SOC からの電話")
    announce(judged(alert("b", first_seen=clock.now() - timedelta(days=1)), Verdict.ATTACH, case=incident.subject))
    assert Moment.objects.get(incident=incident, kind="detected", superseded_at=None).at == said


def test_only_the_desk_takes_judgements() -> None:
    with pytest.raises(NotAllowed):
        actions.take_judgement(by=world.admin(), judged=judged(alert()), entry=1, world=World.REAL)
    assert not Incident.objects.exists()


def test_closing_the_record_tells_its_alerts() -> None:
    announce(judged(alert()))
    incident = Incident.objects.get()
    actions.close(by=world.admin(), ref=incident.ref, resolution="x", record_class=RecordClass.EVENT)
    assert fresh(incident).status == "closed"
    assert Alert.objects.get().case_open is False

"""An incident from its opening to its close, as several people carry it."""

from datetime import timedelta

import pytest

from hikeshi.incidents import actions
from hikeshi.incidents.codes import RecordClass
from hikeshi.incidents.gates import At
from hikeshi.incidents.models import Gate, Passage, Phase
from hikeshi.kernel.acting import system
from hikeshi.kernel.refusals import Conflict, Invalid, NotAllowed, NotFound, Unmet
from hikeshi.ledger.models import Entry
from hikeshi.ledger.verify import verify
from tests import world
from tests.domains.incidents import fresh, moments, opened, phases


def test_an_incident_goes_from_opening_to_close_with_every_gate_answered() -> None:
    ichi, ni = world.actor("ichi", "commander"), world.actor("ni", "responder")
    incident = opened(ichi)
    ref = incident.ref
    assert ref == f"INC-{incident.opened_at.year}-0001"
    assert (incident.priority, incident.priority_reason, incident.course) == (1, "both", "security")

    actions.assign(by=ichi, ref=ref, owner="ni")
    actions.declare(by=ichi, ref=ref, reason="身代金要求文を確認した")
    actions.move(by=ni, ref=ref, phase="analyse")
    actions.move(by=ni, ref=ref, phase="contain", keep_open=True)
    assert [code for code, state in phases(incident).items() if state == "open"] == ["analyse", "contain"]
    with pytest.raises(Unmet) as unmet:
        actions.move(by=ni, ref=ref, phase="eradicate")
    assert unmet.value.missing == ("spread_stopped", "evidence_taken")
    actions.confirm_gate(by=ni, ref=ref, gate="spread_stopped")
    actions.confirm_gate(by=ni, ref=ref, gate="evidence_taken", note="メモリとディスクを取得した")
    actions.move(by=ni, ref=ref, phase="eradicate")
    actions.confirm_gate(by=ni, ref=ref, gate="cause_removed")
    with pytest.raises(Invalid, match="already_confirmed"):
        actions.confirm_gate(by=ni, ref=ref, gate="cause_removed")
    with pytest.raises(Unmet) as unmet:
        actions.move(by=ni, ref=ref, phase="recover")
    assert unmet.value.missing == ("cause_removed",), "one person's word is not two"
    actions.confirm_gate(by=ichi, ref=ref, gate="cause_removed")
    actions.move(by=ni, ref=ref, phase="recover")
    actions.move(by=ni, ref=ref, phase="report")
    actions.confirm_gate(by=ni, ref=ref, gate="recovery_checked")
    actions.finish_phase(by=ni, ref=ref, phase="recover")
    assert fresh(incident).status == "resolved"

    with pytest.raises(Unmet) as unmet:
        actions.close(by=ichi, ref=ref, resolution="復旧した", record_class=RecordClass.INCIDENT)
    assert unmet.value.missing == ("report_settled",)
    actions.finish_phase(by=ichi, ref=ref, phase="report")
    actions.close(by=ichi, ref=ref, resolution="復旧した", record_class=RecordClass.INCIDENT)
    assert fresh(incident).status == "closed"
    assert moments(incident) == {
        "reported", "acknowledged", "declared", "contained", "eradicated", "restored", "resolved", "closed",
    }  # fmt: skip
    assert verify(state=True).findings == ()
    said = "\n".join(Entry.objects.values_list("body", flat=True))
    for words in ("暗号化", "身代金", "メモリ", "復旧した", "Ichi"):
        assert words not in said, "the ledger does not gossip"


def test_an_unmet_gate_is_passed_by_a_reason_and_the_reason_stays_on_record() -> None:
    ichi = world.actor("ichi", "commander")
    incident = opened(ichi)
    with pytest.raises(Unmet) as unmet:
        actions.move(by=ichi, ref=incident.ref, phase="recover")
    assert unmet.value.missing[:3] == ("phase:analyse", "phase:contain", "phase:eradicate")
    assert {"owner_named", "spread_stopped", "evidence_taken", "cause_removed"} <= set(unmet.value.missing)
    assert phases(incident)["recover"] == "pending", "a refused move changes nothing"

    actions.move(by=ichi, ref=incident.ref, phase="recover", override_reason="検証機だった")
    assert phases(incident)["contain"] == "skipped"
    overridden = Gate.objects.get(incident=incident, code="cause_removed")
    assert overridden.overridden_by == ichi.ref
    assert Passage.objects.filter(incident=incident, text="検証機だった").exists()
    assert Entry.objects.filter(fact="incidents.GateOverridden").count() == 4
    assert verify(state=True).holds


def test_a_false_alarm_closes_at_once_and_says_so() -> None:
    ichi = world.actor("ichi", "responder")
    incident = opened(ichi)
    actions.close(by=ichi, ref=incident.ref, resolution="誤検知", record_class=RecordClass.EVENT)
    closed = fresh(incident)
    assert (closed.status, closed.record_class, closed.class_by) == ("closed", "event", ichi.ref)
    assert "contained" not in moments(incident), "nothing was contained"
    assert verify(state=True).holds


def test_closing_an_accident_asks_for_the_facts() -> None:
    ichi = world.actor("ichi", "responder")
    incident = opened(ichi, kind="service_outage")
    actions.add_task(by=ichi, ref=incident.ref, title="利用者へ連絡")
    with pytest.raises(Unmet) as unmet:
        actions.close(by=ichi, ref=incident.ref, resolution="直った", record_class=RecordClass.ACCIDENT)
    assert {"phase:diagnose", "tasks_done", "report_settled", "facts_stated"} <= set(unmet.value.missing)


def test_going_back_is_never_refused_and_what_was_confirmed_must_be_confirmed_again() -> None:
    ichi, ni = world.actor("ichi", "commander"), world.actor("ni", "responder")
    incident = opened(ichi)
    ref = incident.ref
    actions.assign(by=ichi, ref=ref, owner="ichi")
    actions.confirm_gate(by=ichi, ref=ref, gate="cause_removed")
    actions.confirm_gate(by=ni, ref=ref, gate="cause_removed")
    actions.move(by=ichi, ref=ref, phase="recover", override_reason="急ぐ")
    actions.move(by=ichi, ref=ref, phase="contain")
    assert phases(incident)["contain"] == "open"
    assert phases(incident)["recover"] == "pending"
    with pytest.raises(Unmet) as unmet:
        actions.move(by=ichi, ref=ref, phase="recover")
    assert "cause_removed" in unmet.value.missing
    actions.confirm_gate(by=ichi, ref=ref, gate="cause_removed")
    assert verify(state=True).holds


def test_reopening_is_counted_and_forgets_nothing() -> None:
    ichi = world.actor("ichi", "responder")
    incident = opened(ichi, kind="request")
    assert (incident.course, incident.record_class) == ("light", "request")
    for _ in range(2):
        actions.close(by=ichi, ref=incident.ref, resolution="回答した", record_class=RecordClass.REQUEST)
        actions.reopen(by=ichi, ref=incident.ref, reason="まだ困っている")
    assert (fresh(incident).status, fresh(incident).reopened, fresh(incident).resolution) == ("open", 2, "")
    assert Passage.objects.filter(incident=incident, about="resolution", text="回答した").count() == 2
    with pytest.raises(Invalid, match="not_closed"):
        actions.reopen(by=ichi, ref=incident.ref, reason="もう一度")
    assert verify(state=True).holds


def test_another_kind_takes_the_record_to_its_course_and_keeps_what_it_went_through() -> None:
    ichi = world.actor("ichi", "commander")
    incident = opened(ichi, kind="service_outage")
    ref = incident.ref
    actions.move(by=ichi, ref=ref, phase="diagnose")
    actions.move(by=ichi, ref=ref, phase="report")
    began = Phase.objects.get(incident=incident, code="diagnose").started_at
    actions.set_kind(by=ichi, ref=ref, kind="ransomware", reason="暗号化されていた")
    assert phases(incident) == {
        "detect": "done", "analyse": "open", "contain": "pending", "eradicate": "pending", "recover": "pending",
        "report": "open", "learn": "pending",
    }  # fmt: skip
    left = Phase.objects.get(incident=incident, code="diagnose")
    assert (left.in_course, left.state, left.started_at) == (False, "done", began)
    assert not Gate.objects.filter(incident=incident, code="service_confirmed", withdrawn_at=None).exists()
    actions.set_kind(by=ichi, ref=ref, kind="service_outage")
    assert phases(incident)["diagnose"] == "open"
    assert Gate.objects.filter(incident=incident, code="service_confirmed", withdrawn_at=None).exists()
    assert verify(state=True).holds


def test_a_domain_above_asks_for_a_gate_once_and_only_it_can_meet_it() -> None:
    ichi, desk = world.actor("ichi", "commander"), system("duties")
    incident = opened(ichi, kind="request")
    for _ in range(2):
        actions.require(by=desk, subject=incident.subject, gate="filed", asked_by="duties:ppc", at=At.CLOSE)
    assert Gate.objects.filter(incident=incident, code="filed").count() == 1
    with pytest.raises(Unmet, match="filed"):
        actions.close(by=ichi, ref=incident.ref, resolution="済", record_class=RecordClass.REQUEST)
    with pytest.raises(Invalid, match="unknown"):
        actions.confirm_gate(by=ichi, ref=incident.ref, gate="filed")
    with pytest.raises(NotAllowed):
        actions.satisfy(by=ichi, subject=incident.subject, gate="filed", asked_by="duties:ppc")
    actions.satisfy(by=desk, subject=incident.subject, gate="filed", asked_by="duties:ppc")
    actions.close(by=ichi, ref=incident.ref, resolution="済", record_class=RecordClass.REQUEST)
    actions.reopen(by=ichi, ref=incident.ref, reason="x")
    assert Gate.objects.get(incident=incident, code="filed").met_at, "what a domain above said is its own to take back"
    with pytest.raises(NotFound):
        actions.require(by=desk, subject="incident:0190a1b2-0000-7000-8000-000000000000", gate="x", asked_by="y")
    assert verify(state=True).holds


def test_two_people_saving_at_once_see_both_texts_and_strangers_to_the_field_do_not_collide() -> None:
    ichi, ni = world.actor("ichi", "commander"), world.actor("ni", "responder")
    incident = opened(ichi)
    read = incident.version
    actions.note(by=ni, ref=incident.ref, text="別の作業")
    actions.edit(by=ni, ref=incident.ref, title="二郎の題", version=read)
    with pytest.raises(Conflict) as conflict:
        actions.edit(by=ichi, ref=incident.ref, title="一郎の題", version=read)
    assert (conflict.value.yours, conflict.value.theirs) == ({"title": "一郎の題"}, {"title": "二郎の題"})
    actions.edit(by=ichi, ref=incident.ref, description="説明だけ直す", version=read)
    actions.edit(by=ichi, ref=incident.ref, title="一郎の題", version=conflict.value.version + 1)
    assert fresh(incident).title == "一郎の題"
    kept = set(Passage.objects.filter(incident=incident, about="title").values_list("text", flat=True))
    assert kept == {incident.title, "二郎の題"}, "what stood before is kept"
    assert verify(state=True).holds


def test_the_time_a_phase_took_is_the_time_it_was_open() -> None:
    ichi = world.actor("ichi", "responder")
    incident = opened(ichi)
    world.clock.fast_forward(timedelta(minutes=17))
    actions.move(by=ichi, ref=incident.ref, phase="analyse")
    detect = Phase.objects.get(incident=incident, code="detect")
    assert detect.started_at is not None
    assert detect.ended_at is not None
    assert timedelta(minutes=17) <= detect.ended_at - detect.started_at < timedelta(minutes=18)

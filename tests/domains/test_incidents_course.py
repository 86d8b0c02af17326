"""An incident from its opening to its close, as three people carry it."""

from datetime import timedelta

import pytest

from hikeshi.incidents import actions
from hikeshi.incidents.codes import PhaseState, RecordClass
from hikeshi.incidents.models import Gate, Incident, Moment, Phase
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Invalid, NotAllowed, Unmet
from hikeshi.ledger.models import Entry
from hikeshi.ledger.verify import verify
from tests import world


def opened(by: Actor, **fields: object) -> Incident:
    given = {"title": "共有サーバのファイルが暗号化された", "kind": "ransomware", "impact": 1, "urgency": 1}
    return actions.open_incident(by=by, **{**given, **fields})


def phases(incident: Incident) -> dict[str, str]:
    return {one.code: one.state for one in Phase.objects.filter(incident=incident, in_course=True)}


def moments(incident: Incident) -> set[str]:
    return set(Moment.objects.filter(incident=incident, superseded_at=None).values_list("kind", flat=True))


def test_an_incident_goes_from_opening_to_close_with_every_gate_answered() -> None:
    ichi, ni = world.actor("ichi", "commander"), world.actor("ni", "responder")
    incident = opened(ichi)
    ref = incident.ref
    assert ref == "INC-2026-0001"
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
    with pytest.raises(Unmet) as unmet:
        actions.move(by=ni, ref=ref, phase="recover")
    assert unmet.value.missing == ("cause_removed",), "one person's word is not two"
    actions.confirm_gate(by=ichi, ref=ref, gate="cause_removed")
    actions.move(by=ni, ref=ref, phase="recover")
    actions.move(by=ni, ref=ref, phase="report")
    actions.confirm_gate(by=ni, ref=ref, gate="recovery_checked")
    actions.finish_phase(by=ni, ref=ref, phase="recover")
    incident.refresh_from_db()
    assert incident.status == "resolved"

    with pytest.raises(Unmet) as unmet:
        actions.close(by=ichi, ref=ref, resolution="復旧した", record_class=RecordClass.INCIDENT)
    assert unmet.value.missing == ("report_settled",)
    actions.finish_phase(by=ichi, ref=ref, phase="report")
    actions.close(by=ichi, ref=ref, resolution="復旧した", record_class=RecordClass.INCIDENT)
    incident.refresh_from_db()
    assert incident.status == "closed"
    assert moments(incident) == {
        "reported", "acknowledged", "declared", "contained", "eradicated", "restored", "resolved", "closed",
    }  # fmt: skip
    assert verify(state=True).findings == ()
    said = "\n".join(Entry.objects.values_list("body", flat=True))
    for words in ("暗号化", "身代金", "メモリ", "復旧した"):
        assert words not in said

"""What people decide and write: class, priority, owner, times, facts, tasks, links."""

from datetime import UTC, datetime, timedelta

import pytest

from hikeshi.incidents import actions, queries
from hikeshi.incidents.codes import Certainty, MomentKind, RecordClass, Tlp
from hikeshi.incidents.models import FactItem, Moment, Task
from hikeshi.kernel import clock
from hikeshi.kernel.refusals import Conflict, Invalid, NotAllowed, NotFound
from hikeshi.ledger.models import Entry
from hikeshi.ledger.verify import verify
from tests import world
from tests.domains.incidents import fresh, moments, opened


def test_what_the_record_is_somebody_decides_and_gives_a_reason() -> None:
    ichi = world.actor("ichi", "responder")
    incident = opened(ichi)
    assert (incident.record_class, incident.class_by) == ("event", ""), "nobody has decided yet"
    with pytest.raises(Invalid, match="required"):
        actions.classify(by=ichi, ref=incident.ref, record_class=RecordClass.NEAR_MISS, reason=" ")
    actions.classify(by=ichi, ref=incident.ref, record_class=RecordClass.NEAR_MISS, reason="実害なし")
    assert "declared" not in moments(incident)
    actions.declare(by=ichi, ref=incident.ref, reason="横展開を確認")
    assert (fresh(incident).record_class, fresh(incident).class_by) == ("incident", ichi.ref)
    assert "declared" in moments(incident)
    assert verify(state=True).holds


def test_priority_follows_the_matrix_in_force_and_by_hand_only_with_a_reason() -> None:
    admin = world.admin()
    incident = opened(admin, impact=3, urgency=3)
    assert (incident.priority, incident.matrix) == (5, 0)
    actions.set_matrix(by=admin, preset="itop")
    assert fresh(incident).priority == 5, "a record judged before keeps its judgement"
    actions.set_priority(by=admin, ref=incident.ref, impact=2)
    changed = fresh(incident)
    assert (changed.priority, changed.priority_reason, changed.matrix) == (4, "impact", 1)
    with pytest.raises(Invalid, match="required"):
        actions.set_priority(by=admin, ref=incident.ref, priority=1)
    actions.set_priority(by=admin, ref=incident.ref, priority=1, reason="社長の端末")
    assert (fresh(incident).priority, fresh(incident).priority_reason) == (1, "by_hand")
    with pytest.raises(Invalid, match="matrix_order"):
        actions.set_matrix(by=admin, grid=((5, 1, 1), (1, 1, 1), (1, 1, 1)))
    with pytest.raises(NotAllowed):
        actions.set_matrix(by=world.actor("ichi", "commander"), preset="glpi")
    assert queries.matrix().preset == "itop"
    assert verify(state=True).holds


def test_effect_may_outweigh_the_number_of_people_hit() -> None:
    incident = opened(world.admin(), impact=3, effect=1, urgency=2)
    assert (incident.priority, incident.priority_reason) == (2, "effect")


def test_one_owner_and_the_first_assignment_acknowledges() -> None:
    ichi, ni = world.actor("ichi", "commander"), world.actor("ni", "responder")
    world.person("auditor", "auditor")
    incident = opened(ichi)
    with pytest.raises(Invalid, match="unknown"):
        actions.assign(by=ichi, ref=incident.ref, owner="auditor")
    with pytest.raises(Invalid, match="unknown"):
        actions.assign(by=ichi, ref=incident.ref, owner="nobody-of-this-name")
    actions.assign(by=ichi, ref=incident.ref, owner="ni")
    first = Moment.objects.get(incident=incident, kind="acknowledged").at
    clock.fast_forward(timedelta(minutes=5))
    actions.assign(by=ni, ref=incident.ref, owner="ichi")
    actions.acknowledge(by=ni, ref=incident.ref)
    assert [one.at for one in Moment.objects.filter(incident=incident, kind="acknowledged")] == [first]
    with pytest.raises(Conflict) as conflict:
        actions.assign(by=ni, ref=incident.ref, owner="", version=incident.version)
    assert conflict.value.theirs == {"owner": "Ichi"}
    actions.assign(by=ni, ref=incident.ref, owner="")
    assert fresh(incident).owner is None
    assert verify(state=True).holds


def test_a_time_is_corrected_with_a_reason_and_the_old_value_stays() -> None:
    ichi = world.actor("ichi", "responder")
    incident = opened(ichi)
    ref = incident.ref
    morning = clock.now() - timedelta(hours=5)
    actions.set_moment(by=ichi, ref=ref, kind=MomentKind.OCCURRED, at=morning, estimated=True)
    later = morning + timedelta(hours=1)
    with pytest.raises(Invalid, match="required"):
        actions.set_moment(by=ichi, ref=ref, kind=MomentKind.OCCURRED, at=later)
    actions.set_moment(by=ichi, ref=ref, kind=MomentKind.OCCURRED, at=later, reason="ログで確認")
    line = next(one for one in queries.room(ichi, ref).moments if one.kind == "occurred")
    assert (line.at, line.source, line.set_by, [one.at for one in line.before]) == (later, "person", "Ichi", [morning])
    for absurd in (datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC), datetime(2026, 1, 1)):  # noqa: DTZ001
        with pytest.raises(Invalid):
            actions.set_moment(by=ichi, ref=ref, kind=MomentKind.DETECTED, at=absurd)
    actions.set_moment(by=ichi, ref=ref, kind=MomentKind.DETECTED, at=morning)
    assert [odd.kind for odd in queries.room(ichi, ref).oddities] == ["detected"], "shown, not refused"
    assert verify(state=True).holds


def test_a_persons_word_on_when_it_was_contained_outlives_the_click_that_ends_the_phase() -> None:
    ichi = world.actor("ichi", "responder")
    incident = opened(ichi)
    when = clock.now() - timedelta(hours=1)
    actions.set_moment(by=ichi, ref=incident.ref, kind=MomentKind.CONTAINED, at=when)
    actions.move(by=ichi, ref=incident.ref, phase="contain", override_reason="x")
    actions.move(by=ichi, ref=incident.ref, phase="eradicate", override_reason="x")
    assert Moment.objects.get(incident=incident, kind="contained", superseded_at=None).at == when


def test_the_sheet_shows_its_gaps_and_unknown_is_an_answer() -> None:
    ichi, ni = world.actor("ichi", "responder"), world.actor("ni", "responder")
    incident = opened(ichi)
    ref = incident.ref
    assert queries.room(ichi, ref).completeness.known == 1, "the kind is known from the record"
    actions.set_fact(by=ichi, ref=ref, key="where", value="営業部", version=0)
    actions.set_fact(by=ichi, ref=ref, key="who", value="", certainty=Certainty.UNKNOWN, version=0)
    with pytest.raises(Invalid, match="required"):
        actions.set_fact(by=ichi, ref=ref, key="why", value=" ")
    with pytest.raises(Invalid, match="unknown"):
        actions.set_fact(by=ichi, ref=ref, key="whence", value="x")
    done = queries.room(ichi, ref).completeness
    assert (done.known, done.unknown, done.total) == (2, 1, 14)
    assert "who" not in done.gaps
    assert "why" in done.gaps
    actions.set_fact(by=ni, ref=ref, key="where", value="営業部と倉庫", version=1)
    with pytest.raises(Conflict) as conflict:
        actions.set_fact(by=ichi, ref=ref, key="where", value="本社", version=1)
    assert (conflict.value.yours, conflict.value.theirs) == ({"value": "本社"}, {"value": "営業部と倉庫"})
    second, _, first = queries.timeline(ichi, ref).items[:3]
    assert (second.detail, second.was) == ("営業部と倉庫", "営業部")
    assert first.detail == "営業部", "what was written then can still be read"
    assert verify(state=True).holds
    FactItem.objects.filter(key="where").update(value="倉庫だけ")
    assert verify(state=True).findings[0].where.startswith("incidents.fact:")


def test_tasks_have_an_owner_and_a_due_time_and_are_done_once() -> None:
    ichi = world.actor("ichi", "responder")
    incident = opened(ichi)
    due = clock.now() + timedelta(hours=1)
    task = actions.add_task(by=ichi, ref=incident.ref, title="メモリを取得", owner="ichi", due_at=due, phase="contain")
    actions.finish_task(by=ichi, ref=incident.ref, task=task.uuid)
    actions.finish_task(by=ichi, ref=incident.ref, task=task.uuid)
    assert Entry.objects.filter(fact="incidents.TaskFinished").count() == 1
    actions.reopen_task(by=ichi, ref=incident.ref, task=task.uuid)
    with pytest.raises(Conflict):
        actions.assign_task(by=ichi, ref=incident.ref, task=task.uuid, owner="", version=1)
    actions.assign_task(by=ichi, ref=incident.ref, task=task.uuid, owner="", version=3)
    assert Task.objects.get().owner is None
    other = opened(ichi)
    with pytest.raises(NotFound):
        actions.finish_task(by=ichi, ref=other.ref, task=task.uuid)
    assert verify(state=True).holds


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "//evil", "http://", "file:///etc/passwd", "https://a b", "x"]
)
def test_a_link_that_is_no_web_address_is_refused(url: str) -> None:
    ichi = world.actor("ichi", "responder")
    incident = opened(ichi)
    with pytest.raises(Invalid):
        actions.add_link(by=ichi, ref=incident.ref, url=url)


def test_links_people_and_marking_come_and_go_on_record() -> None:
    ichi = world.actor("ichi", "responder")
    world.person("ni", "responder")
    incident = opened(ichi)
    link = actions.add_link(by=ichi, ref=incident.ref, url="https://example.com/x", title="手順")
    actions.remove_link(by=ichi, ref=incident.ref, link=link.uuid)
    with pytest.raises(NotFound):
        actions.remove_link(by=ichi, ref=incident.ref, link=link.uuid)
    joined = actions.add_person(by=ichi, ref=incident.ref, person="ichi", role="scribe")
    actions.remove_person(by=ichi, ref=incident.ref, participant=joined.uuid)
    actions.set_tlp(by=ichi, ref=incident.ref, tlp=Tlp.RED)
    actions.set_phase_owner(by=ichi, ref=incident.ref, phase="contain", owner="ni")
    assert fresh(incident).tlp == "red"
    assert verify(state=True).holds


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""), ("title", "x" * 1_001), ("title", "a\x00b"), ("title", "\ud800"), ("description", "x" * 20_001),
        ("kind", "nothing"), ("impact", 0), ("impact", 4), ("effect", -1), ("urgency", 9),
    ],
)  # fmt: skip
def test_bad_input_is_a_clear_refusal_that_names_the_field(field: str, value: object) -> None:
    with pytest.raises(Invalid) as refused:
        opened(world.admin(), **{field: value})
    assert refused.value.field == field


def test_markup_and_direction_marks_are_kept_as_they_were_written() -> None:
    title = "<script>alert(1)</script> \u202egnp.exe"
    assert fresh(opened(world.admin(), title=title)).title == title

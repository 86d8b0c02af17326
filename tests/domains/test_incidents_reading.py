"""Reading incidents: lists, the room in few queries, the timeline in the reader's words."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from hikeshi.incidents import actions, facts, queries
from hikeshi.incidents.codes import RecordClass
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.facts import known
from hikeshi.kernel.paging import paginate
from hikeshi.kernel.refusals import Invalid
from hikeshi.phrases import labels, sentences
from tests import world
from tests.domains.incidents import opened


def refs(by: Actor, **wanted: object) -> list[str]:
    return [one.ref[-1] for one in queries.incidents(by, **wanted)]


def test_what_burns_comes_first_and_each_filter_narrows() -> None:
    ichi = world.actor("ichi", "commander")
    world.actor("ni", "responder")
    opened(ichi, title="プリンターの不調", kind="request", impact=3, urgency=3)
    two = opened(ichi)
    three = opened(ichi, title="Web site defaced", kind="tampering", impact=2, urgency=1)
    actions.close(by=ichi, ref=two.ref, resolution="誤検知", record_class=RecordClass.EVENT)
    actions.assign(by=ichi, ref=three.ref, owner="ni")
    actions.move(by=ichi, ref=three.ref, phase="report")
    assert refs(ichi) == ["3", "1", "2"]
    assert refs(ichi, order="newest") == ["3", "2", "1"]
    assert refs(ichi, status="open") == ["3", "1"]
    assert refs(ichi, status="closed") == ["2"]
    assert refs(ichi, kind="request") == ["1"]
    assert refs(ichi, record_class="event") == ["3", "2"]
    assert refs(ichi, phase="report") == ["3"]
    assert refs(ichi, phase="open") == ["1"]
    assert refs(ichi, priority=2) == ["3", "2"]
    assert refs(ichi, owner="ni") == refs(world.actor("ni"), owner="me") == ["3"]
    assert refs(ichi, owner="none") == ["1", "2"]
    assert refs(ichi, q="プリンター") == refs(ichi, q="リンター 不調") == ["1"]
    assert refs(ichi, q="WEB defaced") == ["3"]
    assert refs(ichi, q=two.ref.lower()) == ["2"]
    assert refs(ichi, q="100%") == []
    counts = queries.counts(ichi)
    assert (counts.open, counts.critical) == (2, 0)


@pytest.mark.parametrize("wanted", [{"status": "x"}, {"kind": "x"}, {"phase": "x"}, {"order": "x"}, {"priority": 9}])
def test_a_filter_that_does_not_exist_is_named(wanted: dict[str, object]) -> None:
    with pytest.raises(Invalid) as refused:
        queries.incidents(world.admin(), **wanted)
    assert refused.value.field in wanted


def test_pages_of_a_list_meet_without_gap_or_double() -> None:
    admin = world.admin()
    wanted = [opened(admin, impact=impact, urgency=urgency).ref for impact in (1, 2, 3) for urgency in (1, 2, 3)]
    seen, cursor = [], None
    while True:
        page = paginate(queries.incidents(admin), order=queries.ORDERS["priority"], cursor=cursor, limit=2)
        seen += [one.ref for one in page.items]
        cursor = page.next
        if cursor is None:
            break
    assert sorted(seen) == sorted(wanted)
    assert (page.total, page.total_exact) == (9, True)


def cost(read: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as asked:
        read()
    return len(asked)


def test_the_room_and_the_timeline_cost_the_same_however_much_is_in_them() -> None:
    ichi = world.actor("ichi", "commander")
    incident = opened(ichi)
    ref = incident.ref
    actions.note(by=ichi, ref=ref, text="x")
    actions.set_fact(by=ichi, ref=ref, key="cause", value="x")
    room, line = cost(lambda: queries.room(ichi, ref)), cost(lambda: queries.timeline(ichi, ref))
    for number in range(5):
        person = world.person(f"p{number}", "responder")
        actions.add_person(by=ichi, ref=ref, person=person.username, role="investigator")
        actions.add_task(by=ichi, ref=ref, title="x", owner=person.username)
        actions.set_fact(by=ichi, ref=ref, key=["who", "what", "when", "where", "why"][number], value="x")
        actions.add_link(by=ichi, ref=ref, url="https://example.com")
        actions.note(by=ichi, ref=ref, text="x")
    assert cost(lambda: queries.room(ichi, ref)) == room <= 15
    assert cost(lambda: queries.timeline(ichi, ref)) == line <= 10


def test_the_room_says_what_could_be_done_next_and_what_would_be_missing() -> None:
    ichi = world.actor("ichi", "commander")
    incident = opened(ichi)
    actions.move(by=ichi, ref=incident.ref, phase="contain", override_reason="x")
    room = queries.room(ichi, incident.ref)
    missing = {one.code: one.missing for one in room.phases if one.can_start and not one.beside}
    assert missing == {
        "detect": (),
        "analyse": (),
        "eradicate": ("owner_named", "spread_stopped", "evidence_taken"),
        "recover": ("owner_named", "spread_stopped", "evidence_taken", "cause_removed"),
    }
    assert {"owner_named", "spread_stopped"} <= set(room.closing) or room.incident.record_class == "event"
    actions.confirm_gate(by=ichi, ref=incident.ref, gate="cause_removed")
    gate = next(one for one in queries.room(ichi, incident.ref).gates if one.code == "cause_removed")
    assert (gate.confirmed_by, gate.needed, gate.holds, gate.can_confirm) == (("Ichi",), 2, False, False)
    assert queries.room(world.actor("ni", "responder"), incident.ref).readings["sans"] == "containment"


def test_the_timeline_is_told_in_the_readers_words() -> None:
    ichi = world.actor("ichi", "commander")
    incident = opened(ichi)
    actions.assign(by=ichi, ref=incident.ref, owner="ichi")
    actions.note(by=ichi, ref=incident.ref, text="**最初の**メモ")
    actions.declare(by=ichi, ref=incident.ref, reason="暗号化を確認")
    with translation.override("en"):
        lines = queries.timeline(ichi, incident.ref).items
    assert [one.sentence for one in lines] == [
        "Declared: Incident (was: Event).",
        "Wrote a note.",
        "Assigned to Ichi.",
        "Brought Ichi in: Reporter.",
        "Opened as Ransomware, priority Critical.",
    ]
    assert lines[0].detail == "暗号化を確認"
    assert (lines[1].detail, lines[1].markdown) == ("**最初の**メモ", True)
    assert {one.actor_name for one in lines} == {"Ichi"}
    with translation.override("ja"):
        assert "ランサムウェア" in queries.timeline(ichi, incident.ref).items[-1].sentence


def test_the_timeline_can_be_read_for_decisions_alone_and_page_by_page() -> None:
    ichi = world.actor("ichi", "commander")
    incident = opened(ichi)
    for number in range(6):
        actions.note(by=ichi, ref=incident.ref, text=str(number))
    actions.declare(by=ichi, ref=incident.ref, reason="x")
    assert [one.fact for one in queries.timeline(ichi, incident.ref, only="decisions").items] == ["incidents.Declared"]
    seen, cursor = [], None
    while True:
        page = queries.timeline(ichi, incident.ref, only="people", cursor=cursor, limit=3)
        seen += [one.number for one in page.items]
        cursor = page.next
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == 9
    assert seen == sorted(seen, reverse=True)
    with pytest.raises(Invalid):
        queries.timeline(ichi, incident.ref, only="gossip")


def test_every_fact_has_a_sentence_and_every_code_in_it_a_name() -> None:
    ours = {name for name in known() if name.partition(".")[0] in {"incidents", "accounts", "intake", "ledger"}}
    assert ours <= sentences.known()
    assert facts.Opened.name in ours
    with translation.override("en"):
        opened_as = {"kind": "phishing", "priority": 2, "rule": ""}
        assert sentences.sentence("incidents.Opened", opened_as) == "Opened as Phishing, priority High."
        assert sentences.sentence("incidents.Opened", opened_as | {"rule": "r1"}).startswith("Opened by rule r1")
    assert sentences.sentence("gone.Fact", {}) == "gone.Fact"


@pytest.mark.parametrize(
    ("group", "code", "ja", "en"),
    [
        ("kind", "information_leak", "情報漏えい", "Information leak"),
        ("phase", "contain", "封じ込め", "Contain"),
        ("fact_item", "damage", "現時点で分かっている被害", "Damage known so far"),
        ("role", "scribe", "記録", "Scribe"),
        ("matrix", "glpi", "GLPI", "GLPI"),
        ("kind", "never_heard_of", "never_heard_of", "never_heard_of"),
    ],
)
def test_codes_of_data_files_have_names_in_both_languages(group: str, code: str, ja: str, en: str) -> None:
    with translation.override("ja"):
        assert labels.label(group, code) == ja
    with translation.override("en"):
        assert labels.label(group, code) == en
        assert (code, en) in labels.choices(group) or code == en

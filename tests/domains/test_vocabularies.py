"""Kinds, courses and matrices as a site changes them: versions, what running records keep, what cannot be drawn."""

import pytest
from django.utils import translation

from hikeshi.incidents import actions, names, queries
from hikeshi.incidents.catalogue import Name
from hikeshi.incidents.drafts import GateDraft, PhaseDraft
from hikeshi.incidents.gates import At, Check, GateSpec
from hikeshi.incidents.models import Incident, MatrixVersion, Phase, Vocabulary
from hikeshi.incidents.vocabularies import Subject
from hikeshi.kernel.refusals import Conflict, Invalid, NotAllowed, NotFound, Unmet
from hikeshi.ledger.verify import verify
from hikeshi.phrases.labels import label
from tests import world
from tests.domains.incidents import fresh, opened, phases

DRONE = {"code": "drone", "ja": "ドローン", "en": "Drone", "course": "service"}
FRAUD = [
    PhaseDraft("notice", "気付き", "Notice", like="detect"),
    PhaseDraft("freeze", "送金の停止", "Freeze payments", like="contain", role="legal"),
    PhaseDraft("recover"),
]
FROZEN = GateDraft(GateSpec("bank_called", At.END, "freeze", people=1), "銀行へ連絡したこと", "The bank was called")

BOTH = GateDraft(GateSpec("x", At.CLOSE, check=Check.TASKS_DONE, people=1), "x", "x")


def english(code: str, number: int) -> str:
    word = names.kind_word(code, number)
    return word.en if word else ""


def test_a_kind_is_added_renamed_and_retired_and_records_keep_its_words() -> None:
    keeper = world.admin()
    actions.add_kind(by=keeper, **DRONE)
    record = opened(keeper, kind="drone")
    actions.edit_kind(by=keeper, **{**DRONE, "en": "Unmanned aircraft"})
    later = opened(keeper, kind="drone")
    assert (english("drone", record.kinds), english("drone", later.kinds)) == ("Drone", "Unmanned aircraft")
    actions.retire_kind(by=keeper, code="drone")
    with pytest.raises(Invalid):
        opened(keeper, kind="drone")
    with translation.override("en"):
        assert label("kind", "drone") == "Unmanned aircraft"
    actions.retire_kind(by=keeper, code="drone", retired=False)
    assert opened(keeper, kind="drone").kinds == 4
    assert verify(state=True).holds


def test_kinds_go_back_to_an_earlier_version_and_lose_nothing_that_was_used() -> None:
    keeper = world.admin()
    actions.retire_kind(by=keeper, code="disaster")
    actions.add_kind(by=keeper, **DRONE)
    record = opened(keeper, kind="drone")
    actions.roll_back(by=keeper, subject=Subject.KINDS, number=1)
    kinds = queries.in_use().kinds
    assert kinds["disaster"].retired
    assert kinds["drone"].retired
    assert english("drone", record.kinds) == "Drone"
    with pytest.raises(NotFound):
        actions.roll_back(by=keeper, subject=Subject.KINDS, number=9)


def test_two_who_change_different_kinds_do_not_hinder_each_other() -> None:
    keeper = world.admin()
    read = queries.latest(Subject.KINDS)
    actions.edit_kind(by=keeper, code="disaster", ja="天災", en="Act of God", course="service", version=read)
    actions.edit_kind(by=keeper, code="other", ja="他", en="Else", course="service", version=read)
    with pytest.raises(Conflict) as refused:
        actions.edit_kind(by=keeper, code="disaster", ja="災害", en="Calamity", course="service", version=read)
    assert refused.value.theirs["en"] == "Act of God"


def test_what_another_process_settled_is_heard_before_it_counts() -> None:
    keeper = world.admin()
    actions.add_kind(by=keeper, **DRONE)
    names.forget()  # a process that has not heard of it
    assert "drone" not in names.in_use().kinds
    assert opened(keeper, kind="drone").kind == "drone"
    assert "drone" in names.in_use().kinds


def test_a_course_of_the_sites_own_runs_asks_its_gate_and_gives_phases_to_their_role() -> None:
    keeper = world.admin()
    actions.set_course(by=keeper, code="fraud", ja="不正送金", en="Fraud", phases=FRAUD, gates=[FROZEN])
    actions.add_kind(by=keeper, code="wire", ja="不正送金", en="Wire fraud", course="fraud")
    record = opened(keeper, kind="wire")
    lawyer = world.person("lawyer", "responder")
    actions.add_person(by=keeper, ref=record.ref, person="lawyer", role="legal")
    actions.move(by=keeper, ref=record.ref, phase="freeze")
    assert Phase.objects.get(incident=record, code="freeze").owner == lawyer
    with pytest.raises(Unmet) as refused:
        actions.move(by=keeper, ref=record.ref, phase="recover")
    assert refused.value.missing == ("bank_called",)
    actions.confirm_gate(by=keeper, ref=record.ref, gate="bank_called", note="Called")
    actions.move(by=keeper, ref=record.ref, phase="recover")
    room = queries.room(keeper, record.ref)
    assert room.readings["sans"] == "recovery"
    assert verify(state=True).holds


def test_a_record_that_runs_keeps_its_course_when_it_is_drawn_anew() -> None:
    keeper = world.admin()
    old = opened(keeper, kind="request")
    actions.set_course(
        by=keeper,
        code="light",
        ja="問い合わせ",
        en="Light",
        phases=[PhaseDraft("open"), PhaseDraft("ask", "照会", "Ask back", like="answer"), PhaseDraft("answer")],
    )
    new = opened(keeper, kind="request")
    assert list(phases(new))[:3] == ["open", "ask", "answer"]
    names.forget()
    actions.move(by=keeper, ref=old.ref, phase="answer")
    assert phases(old)["answer"] == "open"
    assert "ask" not in phases(old)
    with pytest.raises(Invalid):
        actions.move(by=keeper, ref=old.ref, phase="ask")
    actions.set_kind(by=keeper, ref=new.ref, kind="malware")
    assert phases(new)["detect"] == "open"
    actions.set_kind(by=keeper, ref=old.ref, kind="service_outage")
    actions.set_kind(by=keeper, ref=old.ref, kind="request")
    assert fresh(old).course_version == 1
    assert "ask" in phases(old)


@pytest.mark.parametrize(
    ("drawn", "reason"),
    [
        ({"phases": []}, "course_no_phase"),
        ({"phases": [FRAUD[0], FRAUD[0]]}, "course_twice"),
        ({"phases": [PhaseDraft("report")]}, "course_beside"),
        ({"phases": [PhaseDraft("Freeze!")]}, "phase_code"),
        ({"phases": [PhaseDraft("thaw", "解除", "Thaw")]}, "phase_like_none"),
        ({"phases": [PhaseDraft("thaw", "", "Thaw", like="recover")]}, "words_needed"),
        ({"phases": [PhaseDraft("detect", role="king")]}, "course_role"),
        ({"gates": [GateDraft(GateSpec("x", At.END, "restore", people=1), "x", "x")]}, "gate_nowhere"),
        ({"gates": [GateDraft(GateSpec("x", At.CLOSE, "recover", people=1), "x", "x")]}, "gate_at_close"),
        ({"gates": [GateDraft(GateSpec("x", At.CLOSE), "x", "x")]}, "gate_unmet_by_nobody"),
        (
            {"gates": [GateDraft(GateSpec("x", At.CLOSE, check=Check.TASKS_DONE, people=1), "x", "x")]},
            "gate_unmet_by_nobody",
        ),
        ({"gates": [FROZEN, FROZEN]}, "course_twice"),
    ],
)
def test_a_course_nothing_could_follow_is_refused(drawn: dict[str, list[object]], reason: str) -> None:
    given = {"phases": FRAUD, "gates": [], **drawn}
    with pytest.raises(Invalid) as refused:
        actions.set_course(by=world.admin(), code="fraud", ja="x", en="x", **given)
    assert refused.value.reason == reason
    assert not Vocabulary.objects.exists()


def test_a_course_in_use_is_not_retired_and_nobody_saves_over_an_unseen_one() -> None:
    keeper = world.admin()
    with pytest.raises(Invalid) as refused:
        actions.retire_course(by=keeper, code="light")
    assert refused.value.reason == "in_use"
    actions.set_course(by=keeper, code="fraud", ja="x", en="x", phases=FRAUD, version=0)
    with pytest.raises(Conflict):
        actions.set_course(by=keeper, code="fraud", ja="y", en="y", phases=FRAUD, version=0)
    actions.retire_course(by=keeper, code="fraud")
    with pytest.raises(Invalid):
        actions.add_kind(by=keeper, code="wire", ja="x", en="x", course="fraud")


def grid(**cells: int) -> list[list[int | None]]:
    """ServiceNow's, with some cells changed: ``i1e3u2=1``."""
    rows: list[list[int | None]] = [list(line) for line in queries.matrix().grid]
    for cell, priority in cells.items():
        impact, effect, urgency = (int(digit) for digit in cell if digit.isdigit())
        rows[(impact - 1) * 3 + effect - 1][urgency - 1] = priority
    return rows


def test_all_27_cells_count_and_the_matrix_says_when_it_decided_itself() -> None:
    keeper = world.admin()
    actions.set_matrix(by=keeper, grid=grid(i1e3u1=2, i1e3u2=3))
    few, all_of_it = opened(keeper, impact=1, effect=3, urgency=2), opened(keeper, impact=1, effect=1, urgency=2)
    assert (few.priority, few.priority_reason) == (3, "matrix")
    assert (all_of_it.priority, all_of_it.priority_reason) == (2, "both")


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([[1, 2, 3], [2, None, 4], [3, 4, 5]], "matrix_hole"),
        ([[1, 2, 3]] * 8, "matrix_shape"),
        ([[1, 2, 3], [2, 3, 4], [3, 4, 6]], "matrix_range"),
    ],
)
def test_a_matrix_with_a_hole_names_the_cell(rows: list[list[int | None]], reason: str) -> None:
    with pytest.raises(Invalid) as refused:
        actions.set_matrix(by=world.admin(), grid=rows)
    assert refused.value.reason == reason
    if reason == "matrix_hole":
        assert refused.value.params == {"impact": "2", "effect": "2", "urgency": "2"}


def test_a_preview_says_what_would_move_and_saves_nothing_and_judging_anew_does_just_that() -> None:
    keeper = world.admin()
    moved, kept = opened(keeper, impact=2, urgency=1), opened(keeper, impact=1, urgency=1)
    by_hand = opened(keeper, impact=2, urgency=1)
    actions.set_priority(by=keeper, ref=by_hand.ref, priority=5, reason="A drill")
    hidden = opened(world.actor("abe", "commander"), impact=2, urgency=1)
    actions.restrict(by=world.actor("abe"), ref=hidden.ref, reason="Personal")
    wanted = actions.usable(preset="itop")
    seen = queries.preview(keeper, wanted)
    assert [(one.was, one.now, one.count) for one in seen.moves] == [(2, 1, 1)]
    assert [one.record.ref for one in seen.records] == [moved.ref]
    assert (seen.moving, seen.staying, seen.by_hand) == (1, 2, 1)
    assert fresh(moved).priority == 2
    assert not MatrixVersion.objects.exists()

    actions.set_matrix(by=keeper, preset="itop")
    assert fresh(moved).priority == 2, "records keep their priority until somebody says otherwise"
    assert actions.rejudge_all(by=keeper, reason="New criteria") == 1
    assert {one.ref: fresh(one).priority for one in (moved, kept, by_hand, hidden)} == {
        moved.ref: 1,
        kept.ref: 1,
        by_hand.ref: 5,
        hidden.ref: 2,
    }
    assert fresh(moved).matrix == 1
    assert verify(state=True).holds
    with pytest.raises(NotAllowed):
        queries.preview(world.actor("mori", "responder"), wanted)


def test_an_earlier_matrix_comes_back_as_a_new_version_and_an_unseen_one_is_not_overwritten() -> None:
    keeper = world.admin()
    actions.set_matrix(by=keeper, preset="glpi", version=0)
    with pytest.raises(Conflict):
        actions.set_matrix(by=keeper, preset="itop", version=0)
    actions.set_matrix(by=keeper, preset="itop", version=1)
    assert actions.restore_matrix(by=keeper, number=1).number == 3
    assert queries.matrix().preset == "glpi"


def test_levels_have_the_sites_words_until_it_takes_them_back() -> None:
    keeper = world.admin()
    words = {"impact": {str(n): Name(ja=f"影響{n}", en=f"Impact {n}") for n in (1, 2, 3)}}
    actions.word_levels(by=keeper, words=words)
    queries.in_use()
    with translation.override("en"):
        assert label("impact", "1") == "Impact 1"
        assert label("urgency", "1") == "Right now"
    actions.word_levels(by=keeper, words={})
    queries.in_use()
    with translation.override("en"):
        assert label("impact", "1") == "Whole organisation"
    with pytest.raises(Invalid):
        actions.word_levels(by=keeper, words={"impact": {"1": Name(ja="x", en="x")}})


def test_a_thousand_open_records_are_judged_anew_in_steps() -> None:
    keeper = world.admin()
    one = opened(keeper, impact=2, urgency=1)
    twins = [
        Incident(**{f.attname: getattr(one, f.attname) for f in Incident._meta.fields if f.name not in {"id", "uuid"}})
        for _ in range(600)
    ]
    for number, twin in enumerate(twins):
        twin.ref = f"INC-2026-{number + 5000}"
    Incident.objects.bulk_create(twins)
    actions.set_matrix(by=keeper, preset="itop")
    assert actions.rejudge(by=keeper, reason="x") == 500
    assert actions.rejudge_all(by=keeper, reason="x") == 101

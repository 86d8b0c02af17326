"""Who may do what with whose incident, and who sees a restricted one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import transaction

from hikeshi.accounts import actions as accounts
from hikeshi.accounts.models import Organisation
from hikeshi.incidents import actions, permissions, queries
from hikeshi.incidents.codes import CostKind, MomentKind, RecordClass, Tlp, Waiting
from hikeshi.incidents.models import Incident, Participant
from hikeshi.incidents.reporting import Purpose
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor, system
from hikeshi.kernel.refusals import Invalid, NotAllowed, NotFound, Refusal
from hikeshi.ledger.models import Entry, Reading
from hikeshi.ledger.verify import verify
from tests import world
from tests.domains.incidents import fresh, opened

Act = Callable[[Actor, str], object]
NOBODY = uuid4()
ACTS: dict[str, Act] = {
    "acknowledge": lambda by, ref: actions.acknowledge(by=by, ref=ref),
    "add_cost": lambda by, ref: actions.add_cost(by=by, ref=ref, kind=CostKind.LOSS, amount=Decimal(1)),
    "ask_decision": lambda by, ref: actions.ask_decision(by=by, ref=ref, question="x", options=["a", "b"]),
    "correct_cost": lambda by, ref: actions.correct_cost(
        by=by, ref=ref, cost=NOBODY, kind=CostKind.LOSS, amount=Decimal(1), actual=True, reason="x"
    ),
    "decide": lambda by, ref: actions.decide(by=by, ref=ref, decision=NOBODY, choice=0, reason="x"),
    "withdraw_decision": lambda by, ref: actions.withdraw_decision(by=by, ref=ref, decision=NOBODY, reason="x"),
    "add_link": lambda by, ref: actions.add_link(by=by, ref=ref, url="https://example.com"),
    "add_person": lambda by, ref: actions.add_person(by=by, ref=ref, person=by.ref[7:], role="scribe"),
    "add_task": lambda by, ref: actions.add_task(by=by, ref=ref, title="x"),
    "assign": lambda by, ref: actions.assign(by=by, ref=ref, owner=""),
    "assign_task": lambda by, ref: actions.assign_task(by=by, ref=ref, task=NOBODY, owner=""),
    "answer_all": lambda by, ref: actions.answer_all(by=by, ref=ref, text="x", nonce="n"),
    "close_all": lambda by, ref: actions.close_all(by=by, ref=ref, resolution="x", record_class=RecordClass.EVENT),
    "put_under": lambda by, ref: actions.put_under(by=by, parent=ref, reports=[ref]),
    "split": lambda by, ref: actions.split(by=by, ref=ref, title="x", notes=[NOBODY]),
    "take_from_under": lambda by, ref: actions.take_from_under(by=by, ref=ref),
    "answer_call": lambda by, ref: actions.answer_call(by=by, ref=ref),
    "ask_for_help": lambda by, ref: actions.ask_for_help(by=by, ref=ref),
    "ask_to_attach": actions.ask_to_attach,
    "estimate": lambda by, ref: actions.estimate(by=by, ref=ref, minutes=60),
    "plan_task": lambda by, ref: actions.plan_task(by=by, ref=ref, task=NOBODY, start_at=None, due_at=None),
    "estimate_task": lambda by, ref: actions.estimate_task(by=by, ref=ref, task=NOBODY, minutes=60),
    "attach_file": lambda by, ref: actions.attach_file(by=by, ref=ref, name="x", chunks=[b"x"]),
    "attach_alerts": lambda by, ref: actions.attach_alerts(by=by, ref=ref, alerts=[NOBODY]),
    "call_again": lambda by, ref: actions.call_again(by=by, ref=ref),
    "classify": lambda by, ref: actions.classify(by=by, ref=ref, record_class=RecordClass.NEAR_MISS, reason="x"),
    "close": lambda by, ref: actions.close(by=by, ref=ref, resolution="x", record_class=RecordClass.EVENT),
    "confirm_gate": lambda by, ref: actions.confirm_gate(by=by, ref=ref, gate="spread_stopped"),
    "declare": lambda by, ref: actions.declare(by=by, ref=ref, reason="x"),
    "edit": lambda by, ref: actions.edit(by=by, ref=ref, title="x"),
    "erase_reporter": lambda by, ref: actions.erase_reporter(by=by, ref=ref, reason="x"),
    "finish_phase": lambda by, ref: actions.finish_phase(by=by, ref=ref, phase="detect"),
    "finish_task": lambda by, ref: actions.finish_task(by=by, ref=ref, task=NOBODY),
    "hand_over_call": lambda by, ref: actions.hand_over_call(by=by, ref=ref),
    "link_asset": lambda by, ref: actions.link_asset(by=by, ref=ref, asset=NOBODY),
    "mark_read": lambda by, ref: actions.mark_read(by=by, ref=ref),
    "merge": lambda by, ref: actions.merge(by=by, ref=ref, into=ref),
    "move": lambda by, ref: actions.move(by=by, ref=ref, phase="analyse"),
    "note": lambda by, ref: actions.note(by=by, ref=ref, text="x"),
    "remove_file": lambda by, ref: actions.remove_file(by=by, ref=ref, attachment=NOBODY, reason="x"),
    "renew_follow_code": lambda by, ref: actions.renew_follow_code(by=by, ref=ref, nonce=uuid4().hex),
    "reply": lambda by, ref: actions.reply(by=by, ref=ref, text="x"),
    "remove_link": lambda by, ref: actions.remove_link(by=by, ref=ref, link=NOBODY),
    "remove_person": lambda by, ref: actions.remove_person(by=by, ref=ref, participant=NOBODY),
    "reopen": lambda by, ref: actions.reopen(by=by, ref=ref, reason="x"),
    "reopen_task": lambda by, ref: actions.reopen_task(by=by, ref=ref, task=NOBODY),
    "restrict": lambda by, ref: actions.restrict(by=by, ref=ref, reason="x"),
    "resume": lambda by, ref: actions.resume(by=by, ref=ref),
    "set_fact": lambda by, ref: actions.set_fact(by=by, ref=ref, key="who", value="x"),
    "set_kind": lambda by, ref: actions.set_kind(by=by, ref=ref, kind="malware"),
    "set_moment": lambda by, ref: actions.set_moment(by=by, ref=ref, kind=MomentKind.OCCURRED, at=clock.now()),
    "set_phase_owner": lambda by, ref: actions.set_phase_owner(by=by, ref=ref, phase="contain", owner=""),
    "set_priority": lambda by, ref: actions.set_priority(by=by, ref=ref, impact=2),
    "set_tlp": lambda by, ref: actions.set_tlp(by=by, ref=ref, tlp=Tlp.RED),
    "skip_phase": lambda by, ref: actions.skip_phase(by=by, ref=ref, phase="learn", reason="x"),
    "turn_into_incident": lambda by, ref: actions.turn_into_incident(by=by, ref=ref, kind="malware", reason="x"),
    "withdraw_question": lambda by, ref: actions.withdraw_question(by=by, ref=ref, message=NOBODY),
    "unlink_asset": lambda by, ref: actions.unlink_asset(by=by, ref=ref, asset=NOBODY, reason="x"),
    "unmerge": lambda by, ref: actions.unmerge(by=by, ref=ref),
    "unrestrict": lambda by, ref: actions.unrestrict(by=by, ref=ref, reason="x"),
    "wait": lambda by, ref: actions.wait(by=by, ref=ref, waiting=Waiting.REPORTER),
}
ELSEWHERE = {
    "add_kind", "break_glass", "call_for_help", "destroy_removed_files", "drop_knock", "edit_kind", "end_waits",
    "forget_knocks", "forget_presence", "hold_record", "keep_file", "knock", "log_call", "look", "mend_answers",
    "open_from_alerts",
    "open_incident", "order_kinds", "rate", "rejudge", "rejudge_all", "release_record", "report", "require",
    "restore_matrix",
    "retire_course", "retire_kind", "review_criteria", "roll_back", "satisfy", "set_course", "set_matrix",
    "set_reporting", "settle_doubts", "stop_call", "sweep_vault", "take_answer", "take_executives", "take_judgement",
    "take_severity", "tell_exported", "usable", "weigh_asset", "weigh_knock", "word_levels", "write_criteria",
    "write_to_desk", "set_milestone", "remove_milestone",
}  # fmt: skip
COMMAND = {"decide", "erase_reporter", "restrict", "unrestrict"}


def outcome(act: Act, by: Actor, incident: Incident) -> str:
    """ "done", or the code of the refusal; an act on something that is not there got past the door."""
    try:
        act(by, incident.ref)
    except NotFound as refusal:
        return "done" if refusal.what != "incident" else refusal.code
    except Refusal as refusal:
        return refusal.code if isinstance(refusal, NotAllowed) else "done"
    return "done"


def test_no_verb_is_missing_here() -> None:
    verbs = {name for name in actions.__all__ if name[0].islower()}
    assert verbs == ACTS.keys() | ELSEWHERE


@contextmanager
def undone() -> Iterator[None]:
    """What is done inside is taken back: one world serves every verb."""
    mark = transaction.savepoint()
    yield
    transaction.savepoint_rollback(mark)


def test_each_verb_refuses_the_reader_and_hides_from_the_stranger() -> None:
    daughter, sister = world.organisation("子会社"), world.organisation("別会社")
    incident = opened(world.actor("chief", "commander", at=daughter))
    auditor, reporter = world.actor("auditor", "auditor", at=daughter), world.actor("reporter", "reporter", at=daughter)
    stranger = world.actor("stranger", "commander", at=sister)
    responder, above = world.actor("responder", "responder", at=daughter), world.actor("above", "commander")
    before = Entry.objects.count()
    for verb, act in ACTS.items():
        assert outcome(act, auditor, incident) == "not_allowed", verb
        assert outcome(act, stranger, incident) == "not_found", verb
        assert outcome(act, reporter, incident) == "not_found", verb
        assert Entry.objects.count() == before, f"a refused {verb} leaves a trace"
        with undone():
            assert outcome(act, responder, incident) == ("not_allowed" if verb in COMMAND else "done"), verb
        with undone():
            assert outcome(act, above, incident) == "done", f"who holds a role above holds it here: {verb}"


def test_a_restricted_incident_is_not_there_for_anyone_but_its_people() -> None:
    chief, admin = world.actor("chief", "commander"), world.admin()
    incident = opened(chief)
    actions.restrict(by=chief, ref=incident.ref, reason="内部不正の疑い")
    for verb, act in ACTS.items():
        assert outcome(act, admin, incident) == "not_found", verb
        with undone():
            assert outcome(act, chief, incident) == "done", verb


def reading(by: Actor, incident: Incident) -> list[bool]:
    """Whether the incident shows in a list, under its name, in the room, in the timeline, in the count."""

    def found(read: Callable[[], object]) -> bool:
        try:
            read()
        except NotFound:
            return False
        return True

    return [
        incident in queries.incidents(by),
        incident in queries.incidents(by, q=incident.ref),
        incident in queries.incidents(by, q="暗号化"),
        found(lambda: queries.incident(by, incident.ref)),
        found(lambda: queries.room(by, incident.ref)),
        found(lambda: queries.timeline(by, incident.ref)),
        queries.counts(by).open == 1,
    ]


def test_restricting_hides_every_way_of_reading_and_lifting_it_shows_again() -> None:
    chief, admin, auditor = world.actor("chief", "commander"), world.admin(), world.actor("auditor", "auditor")
    incident = opened(chief)
    assert all(reading(admin, incident))
    assert all(reading(auditor, incident))
    actions.restrict(by=chief, ref=incident.ref, reason="内部不正の疑い")
    for outsider in (admin, auditor):
        assert not any(reading(outsider, incident))
    assert all(reading(chief, incident)), "whoever restricts it does not lock themselves out"
    actions.add_person(by=chief, ref=incident.ref, person="auditor", role="legal")
    assert all(reading(auditor, incident))
    seat = Participant.objects.get(incident=incident, person__username="auditor")
    actions.remove_person(by=chief, ref=incident.ref, participant=seat.uuid)
    assert not any(reading(auditor, incident))
    actions.unrestrict(by=chief, ref=incident.ref, reason="公表済み")
    assert all(reading(admin, incident))
    assert verify(state=True).holds


def test_reading_a_restricted_room_is_noted_and_reading_others_is_not() -> None:
    chief = world.actor("chief", "commander")
    incident = opened(chief)
    queries.room(chief, incident.ref)
    assert not Reading.objects.exists()
    actions.restrict(by=chief, ref=incident.ref, reason="x")
    for _ in range(3):
        queries.room(chief, incident.ref)
        queries.timeline(chief, incident.ref)
    noted = [(chief.ref, incident.subject, "room"), (chief.ref, incident.subject, "timeline")]
    assert [(one.actor, one.subject, one.what) for one in Reading.objects.all()] == noted, "a page that refreshes"
    clock.fast_forward(timedelta(minutes=11))
    queries.room(chief, incident.ref)
    assert Reading.objects.count() == 3


def test_breaking_the_glass_takes_a_reason_is_announced_to_the_members_and_ends() -> None:
    chief, admin = world.actor("chief", "commander"), world.admin()
    incident = opened(chief)
    ref = incident.ref
    actions.restrict(by=chief, ref=ref, reason="内部不正の疑い")
    with pytest.raises(Refusal, match="required"):
        actions.break_glass(by=admin, ref=ref, reason=" ")
    for by in (world.actor("responder", "responder"), world.actor("auditor", "auditor")):
        with pytest.raises(NotAllowed):
            actions.break_glass(by=by, ref=ref, reason="見たい")
    stranger = world.actor("stranger", "commander", at=world.organisation("別会社"))
    with pytest.raises(NotFound):
        actions.break_glass(by=stranger, ref=ref, reason="見たい")

    actions.break_glass(by=admin, ref=ref, reason="夜間で担当に連絡がつかない")
    assert all(reading(admin, incident))
    line = queries.timeline(chief, ref).items[0]
    assert (line.fact, line.detail) == ("incidents.GlassBroken", "夜間で担当に連絡がつかない")
    clock.fast_forward(timedelta(hours=4, seconds=1))
    assert not any(reading(admin, incident)), "it mends itself"
    actions.break_glass(by=admin, ref=ref, reason="もう一度")
    assert all(reading(admin, incident))
    assert Entry.objects.filter(fact="incidents.GlassBroken").count() == 2
    assert verify(state=True).holds


def test_nobody_lets_a_newcomer_see_a_restricted_incident_without_command_and_the_last_member_stays() -> None:
    chief, helper = world.actor("chief", "commander"), world.actor("helper", "responder")
    world.person("newcomer", "responder")
    incident = opened(chief)
    ref = incident.ref
    actions.restrict(by=chief, ref=ref, reason="内部不正の疑い")
    actions.assign(by=chief, ref=ref, owner="helper")
    for lets_in in (
        lambda: actions.assign(by=helper, ref=ref, owner="newcomer"),
        lambda: actions.add_person(by=helper, ref=ref, person="newcomer", role="scribe"),
    ):
        with pytest.raises(NotAllowed):
            lets_in()
    actions.assign(by=helper, ref=ref, owner="chief")
    assert not any(reading(helper, incident)), "who gives it away gives up seeing it"
    seat = Participant.objects.get(incident=incident)
    actions.remove_person(by=chief, ref=ref, participant=seat.uuid)
    with pytest.raises(Invalid, match="last_member"):
        actions.assign(by=chief, ref=ref, owner="")
    assert all(reading(chief, incident))
    assert verify(state=True).holds


def test_there_is_no_glass_to_break_where_nothing_is_restricted() -> None:
    incident = opened(world.actor("chief", "commander"))
    with pytest.raises(NotFound):
        actions.break_glass(by=world.admin(), ref=incident.ref, reason="x")


def test_whoever_reports_follows_the_report_and_sees_no_other() -> None:
    reporter = world.actor("reporter", "reporter")
    mine, other = opened(reporter), opened(world.admin())
    assert [one.ref for one in queries.incidents(reporter)] == [mine.ref]
    assert queries.room(reporter, mine.ref).may_work is False
    with pytest.raises(NotFound):
        queries.room(reporter, other.ref)


def test_a_record_belongs_where_its_writer_works_and_never_where_they_may_not() -> None:
    daughter, sister = world.organisation("子会社"), world.organisation("別会社")
    chief = world.actor("chief", "commander", at=daughter)
    assert opened(chief).organisation == daughter
    with pytest.raises(NotFound):
        opened(chief, organisation=sister.uuid)
    with pytest.raises(NotAllowed):
        opened(world.actor("auditor", "auditor"))
    assert opened(world.admin(), organisation=sister.uuid).organisation == Organisation.objects.get(name="別会社")


def test_a_place_out_of_use_takes_in_no_new_record_and_no_report_is_lost_for_it() -> None:
    gone, chief = world.organisation("閉じた支店"), world.admin()
    actions.set_reporting(by=chief, open_to_all=True, organisation=gone.uuid, answer_days=14)
    accounts.retire_organisation(by=chief, organisation=gone.uuid)
    with pytest.raises(Invalid, match="is_retired"):
        opened(chief, organisation=gone.uuid)
    with pytest.raises(Invalid, match="is_retired"):
        actions.set_reporting(by=chief, open_to_all=True, organisation=gone.uuid, answer_days=14)
    received = actions.report(by=system("portal"), purpose=Purpose.ODD, what="変な画面が出た", nonce="a" * 32)
    assert received.incident.organisation.parent is None


def test_the_desks_own_verbs_are_not_for_people() -> None:
    admin = world.admin()
    incident = opened(admin)
    for ask in (
        lambda: actions.require(by=admin, subject=incident.subject, gate="x", asked_by="y"),
        lambda: actions.satisfy(by=admin, subject=incident.subject, gate="x", asked_by="y"),
    ):
        with pytest.raises(NotAllowed):
            ask()
    assert fresh(incident).version == incident.version


def test_every_verb_of_permissions_is_held_by_some_role() -> None:
    held = {verb for verb in permissions.Verb if world.admin().may(verb)}
    assert held == set(permissions.Verb)

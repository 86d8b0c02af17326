"""Reports by people: one record each, followed by a code, answered in public, kept apart from what the desk notes."""

from datetime import timedelta
from uuid import UUID

import pytest

from hikeshi.accounts.models import Person
from hikeshi.accounts.refusals import Wait
from hikeshi.incidents import actions, queries
from hikeshi.incidents.actions import Received
from hikeshi.incidents.codes import Certainty, RecordClass, Status
from hikeshi.incidents.models import FactItem, Incident, Message, Moment, Rating, Reporter
from hikeshi.incidents.reporting import Knock, Place, Purpose, Side, Via, Writing
from hikeshi.kernel.acting import Actor, system
from hikeshi.kernel.refusals import Invalid, NotAllowed, NotFound, Unmet
from hikeshi.ledger import verify
from hikeshi.ledger.models import Entry
from tests import world
from tests.domains.incidents import fresh, moments, phases

DESK = system("portal")
FORM = "form-number-0123456789"


def opened_to_all() -> None:
    actions.set_reporting(by=world.admin(), open_to_all=True, organisation=world.site().uuid, answer_days=14)


def reported(by: Actor | None = None, **more: object) -> Received:
    """From somebody without account where nobody is named."""
    if by is None:
        opened_to_all()
    said = {"purpose": Purpose.ODD, "what": "画面に赤い警告が出ました", "nonce": FORM, "language": "ja", **more}
    return actions.report(by=by or DESK, **said)


def reader(received: Received) -> Actor:
    found = queries.reporter_with(received.code)
    assert found is not None
    return found


def staff() -> Actor:
    return world.actor("mori", "responder")


def asked() -> tuple[Received, Actor]:
    received = reported(purpose=Purpose.REQUEST, what="共有フォルダに入りたい")
    return received, staff()


def test_without_leave_of_the_site_only_people_with_an_account_report() -> None:
    world.site()
    with pytest.raises(NotAllowed):
        actions.report(by=DESK, purpose=Purpose.ODD, what="x", nonce=FORM, language="ja")
    employee = world.actor("sato")  # no role at all
    assert actions.report(by=employee, purpose=Purpose.ODD, what="x", nonce=FORM).incident.opened_by == employee.ref
    opened_to_all()
    assert reported(nonce="another-form-0123456789").incident.opened_by.startswith("reporter:")


def test_nobody_has_decided_what_a_report_is_but_a_near_miss_says_so_itself() -> None:
    odd = reported().incident
    near = reported(purpose=Purpose.NEAR_MISS, nonce="near-miss-form-012345").incident
    wish = reported(purpose=Purpose.REQUEST, nonce="request-form-01234567").incident
    assert [(one.record_class, bool(one.class_by)) for one in (odd, near, wish)] == [
        (RecordClass.EVENT, False),
        (RecordClass.NEAR_MISS, True),
        (RecordClass.REQUEST, False),
    ]
    assert wish.course == "light"
    assert queries.incidents(world.admin(), record_class="near_miss", status="open").count() == 1


def test_the_reporters_own_plain_words_decide_the_kind_and_how_soon_somebody_should_look() -> None:
    locked = reported(likeness="locked").incident
    clicked = reported(likeness="message", did=["entered"], nonce="second-form-0123456789").incident
    assert (locked.kind, locked.urgency) == ("ransomware", 1)
    assert (clicked.kind, clicked.urgency) == ("phishing", 1)
    with pytest.raises(Invalid):
        reported(likeness="apocalypse", nonce="third-form-01234567890")


def test_a_form_sent_twice_is_one_report_with_one_code() -> None:
    first, second = reported(), reported()
    assert (first.incident.pk, first.code) == (second.incident.pk, second.code)
    assert second.again
    assert Message.objects.count() == 1
    mended = reported(what="画面に赤い警告。電源は切りました")
    assert mended.incident.pk == first.incident.pk
    assert list(Message.objects.values_list("text", flat=True)) == [
        "画面に赤い警告が出ました",
        "画面に赤い警告。電源は切りました",
    ]


def test_the_code_is_kept_only_as_a_keyed_digest_and_opens_one_report() -> None:
    received = reported(name="佐藤", contact="090-0000-0000")
    other = reported(nonce="another-form-0123456789")
    kept = {str(field.value_to_string(row)) for row in Reporter.objects.all() for field in row._meta.concrete_fields}
    assert not {text for text in kept if received.code in text or received.code.replace("-", "") in text}
    assert queries.reporter_with(received.code.lower().replace("-", " ")) == reader(received)
    assert reader(received).ref != reader(other).ref
    assert queries.own_report(reader(received), received.reporter.uuid).ref == received.incident.ref
    with pytest.raises(NotFound):
        queries.own_report(reader(other), received.reporter.uuid)
    assert queries.reporter_with("") is None
    assert queries.reporter_with(received.code[:-1] + ("2" if received.code[-1] != "2" else "3")) is None


def test_the_ledger_holds_no_word_of_the_reporter() -> None:
    received = reported(name="佐藤花子", contact="hanako@example.jp", where="経理の端末", when="今朝9時ごろ")
    actions.write_to_desk(by=reader(received), report=received.reporter.uuid, text="秘密の話")
    text = "".join(Entry.objects.values_list("body", flat=True))
    assert not [word for word in ("佐藤", "hanako", "経理", "今朝", "警告", "秘密") if word in text]
    assert verify.verify(state=True).findings == ()


def test_what_was_said_about_time_and_place_stands_on_the_facts_sheet_as_unchecked() -> None:
    received = reported(where="3階のPC", when="昨日の夕方")
    found = FactItem.objects.filter(incident=received.incident)
    assert {(one.key, one.value, one.certainty) for one in found} == {
        ("when", "昨日の夕方", Certainty.UNCONFIRMED),
        ("where", "3階のPC", Certainty.UNCONFIRMED),
    }
    assert "reported" in moments(received.incident)


def test_a_reporter_sees_the_conversation_and_nothing_else_of_the_record() -> None:
    received = reported()
    desk, ref = staff(), received.incident.ref
    actions.note(by=desk, ref=ref, text="疑わしい社員がいる")
    actions.edit(by=desk, ref=ref, title="内部不正: 佐藤")
    actions.reply(by=desk, ref=ref, text="確認しています")
    seen = queries.own_report(reader(received), received.reporter.uuid)
    assert [one.text for one in seen.messages] == ["画面に赤い警告が出ました", "確認しています"]
    assert not queries.visible(reader(received)).exists()


def test_an_employee_follows_their_own_report_without_seeing_its_room() -> None:
    employee = world.actor("sato")
    received = reported(by=employee)
    assert [one.ref for one in queries.own_reports(employee)] == [received.incident.ref]
    with pytest.raises(NotFound):
        queries.room(employee, received.incident.ref)
    with pytest.raises(NotFound):
        queries.own_report(world.actor("kato"), received.reporter.uuid)


def test_who_reported_is_hidden_from_whoever_may_not_see_the_record() -> None:
    received = reported(name="佐藤")
    elsewhere = world.actor("stranger", "administrator", at=world.organisation("Elsewhere"))
    with pytest.raises(NotFound):
        queries.conversation(elsewhere, received.incident.ref)
    chief = world.actor("abe", "commander")
    actions.add_person(by=chief, ref=received.incident.ref, person="abe", role="commander")
    actions.restrict(by=chief, ref=received.incident.ref, reason="names a colleague")
    with pytest.raises(NotFound):
        queries.conversation(world.admin(), received.incident.ref)
    assert queries.conversation(chief, received.incident.ref).reporter.name == "佐藤"
    actions.write_to_desk(by=reader(received), report=received.reporter.uuid, text="まだ出ます")  # still theirs


def test_a_question_is_an_open_point_until_answered_or_withdrawn() -> None:
    received = reported()
    desk, report = staff(), received.reporter.uuid
    question = actions.reply(by=desk, ref=received.incident.ref, text="何時ごろでしたか", asks=True)
    other = actions.reply(by=desk, ref=received.incident.ref, text="機種は", asks=True)
    assert queries.own_report(reader(received), report).place is Place.ASKED
    actions.withdraw_question(by=desk, ref=received.incident.ref, message=other.uuid)
    actions.write_to_desk(by=reader(received), report=report, text="9時", question=question.uuid)
    assert not queries.conversation(desk, received.incident.ref).questions
    assert queries.own_report(reader(received), report).place is Place.IN_HAND
    with pytest.raises(NotFound):
        actions.write_to_desk(by=reader(received), report=report, text="9時", question=question.uuid)


def test_what_the_reporter_writes_is_unread_until_the_desk_answers_or_takes_note() -> None:
    received = reported()
    desk, incident = staff(), received.incident
    assert queries.unread([incident]) == set()
    actions.write_to_desk(by=reader(received), report=received.reporter.uuid, text="電源は?")
    assert queries.unread([incident]) == {incident.pk}
    actions.reply(by=desk, ref=incident.ref, text="切らないでください")
    assert queries.unread([incident]) == set()
    actions.write_to_desk(by=reader(received), report=received.reporter.uuid, text="分かりました")
    assert actions.mark_read(by=desk, ref=incident.ref) == 1
    assert queries.unread([incident]) == set()


def test_a_message_sent_twice_is_one_message() -> None:
    received = reported()
    said = {"by": reader(received), "report": received.reporter.uuid, "text": "もう一つ", "nonce": "n" * 20}
    assert actions.write_to_desk(**said).pk == actions.write_to_desk(**said).pk


def test_the_answer_closes_a_request_through_its_course() -> None:
    received, desk = asked()
    actions.reply(by=desk, ref=received.incident.ref, text="権限を付けました", closes=True)
    record = fresh(received.incident)
    assert (record.status, record.resolution) == (Status.CLOSED, "権限を付けました")
    assert phases(record)["answer"] == "done"
    assert queries.own_report(reader(received), received.reporter.uuid).place is Place.CLOSED


def test_an_answer_does_not_close_what_is_no_request_nor_what_has_work_left() -> None:
    received = reported()
    with pytest.raises(Invalid):
        actions.reply(by=staff(), ref=received.incident.ref, text="x", closes=True)
    wish = reported(purpose=Purpose.REQUEST, nonce="request-form-01234567")
    actions.add_task(by=staff(), ref=wish.incident.ref, title="権限を付ける")
    with pytest.raises(Unmet):
        actions.reply(by=staff(), ref=wish.incident.ref, text="x", closes=True)
    assert not Message.objects.filter(side=Side.DESK).exists()


def test_the_reporter_says_that_it_is_not_over_within_the_time_for_it() -> None:
    received, desk = asked()
    report = received.reporter.uuid
    actions.reply(by=desk, ref=received.incident.ref, text="終わりました", closes=True)
    actions.write_to_desk(by=reader(received), report=report, text="ありがとう")
    assert fresh(received.incident).status == Status.CLOSED  # thanks reopen nothing
    actions.write_to_desk(by=reader(received), report=report, text="まだ入れません", reopens=True)
    record = fresh(received.incident)
    assert (record.status, record.reopened) == (Status.OPEN, 1)
    actions.reply(by=desk, ref=record.ref, text="直しました", closes=True)
    world.clock.fast_forward(timedelta(days=15))
    assert queries.own_report(reader(received), report).writing is Writing.OVER
    with pytest.raises(Invalid, match="answer_period_over"):
        actions.write_to_desk(by=reader(received), report=report, text="やはりだめ", reopens=True)


def test_satisfaction_is_asked_once_for_each_end_and_kept_to_be_counted() -> None:
    received, desk = asked()
    report, me = received.reporter.uuid, reader(received)
    with pytest.raises(Invalid):
        actions.rate(by=me, report=report, score=5)
    actions.reply(by=desk, ref=received.incident.ref, text="終わりました", closes=True)
    with pytest.raises(Invalid):
        actions.rate(by=me, report=report, score=6)
    actions.rate(by=me, report=report, score=4, words="早かった")
    actions.rate(by=me, report=report, score=1, words="まだ動かない")
    assert [(one.score, one.words) for one in Rating.objects.all()] == [(1, "まだ動かない")]
    actions.rate(by=me, report=report, score=4, words="早かった")
    assert verify.verify(state=True).findings == ()
    actions.write_to_desk(by=me, report=report, text="だめでした", reopens=True)
    actions.reply(by=desk, ref=received.incident.ref, text="もう一度", closes=True)
    actions.rate(by=me, report=report, score=2)
    assert list(Rating.objects.values_list("round", "score")) == [(0, 4), (1, 2)]
    assert verify.verify(state=True).findings == ()


def test_one_act_turns_a_request_into_an_incident_and_keeps_its_history() -> None:
    received, desk = asked()
    ref = received.incident.ref
    actions.reply(by=desk, ref=ref, text="確認します")
    before = Entry.objects.filter(subject=received.incident.subject).count()
    actions.turn_into_incident(
        by=desk, ref=ref, kind="unauthorised_access", reason="本人の操作ではない", impact=1, urgency=1
    )
    record = fresh(received.incident)
    assert (record.ref, record.record_class, record.kind, record.course) == (
        ref,
        RecordClass.INCIDENT,
        "unauthorised_access",
        "security",
    )
    assert record.priority == 1
    assert phases(record)["detect"] == "open"
    assert "declared" in moments(record)
    assert Entry.objects.filter(subject=record.subject).count() > before
    assert len(queries.own_report(reader(received), received.reporter.uuid).messages) == 2


def test_a_closed_request_that_was_an_incident_is_taken_up_again() -> None:
    received, desk = asked()
    actions.reply(by=desk, ref=received.incident.ref, text="終わり", closes=True)
    actions.turn_into_incident(by=desk, ref=received.incident.ref, kind="malware", reason="same host beacons")
    assert fresh(received.incident).status == Status.OPEN


def test_a_call_is_written_down_with_the_callers_words_and_the_advice_given() -> None:
    desk = staff()
    called = world.clock.now() - timedelta(minutes=5)
    said = {"caller": "佐藤", "contact": "内線 1234", "words": "この操作はしていません", "advised": "LANを抜く"}
    form = {"nonce": FORM, "called_at": called, "kind": "account_takeover", "urgency": 1}
    received = actions.log_call(by=desk, **said, **form)
    assert actions.log_call(by=desk, **said, **form).incident.pk == received.incident.pk
    assert received.reporter.via == Via.PHONE
    assert Moment.objects.get(incident=received.incident, kind="reported").at == called
    seen = queries.own_report(reader(received), received.reporter.uuid)
    assert [(one.side, one.text, one.spoken) for one in seen.messages] == [
        (Side.REPORTER, "この操作はしていません", False),
        (Side.DESK, "LANを抜く", True),
    ]
    assert Person.objects.get(username="mori").pk != received.reporter.person_id
    assert verify.verify(state=True).findings == ()


def test_a_new_code_ends_the_old_one() -> None:
    received = reported()
    code = actions.renew_follow_code(by=staff(), ref=received.incident.ref, nonce="renewal-0123456789")
    assert queries.reporter_with(received.code) is None
    assert queries.reporter_with(code) is not None


def test_erasing_a_reporter_leaves_the_report_and_nothing_of_them() -> None:
    received = reported(name="佐藤花子", contact="hanako@example.jp")
    actions.erase_reporter(by=world.admin(), ref=received.incident.ref, reason="asked for it")
    row = Reporter.objects.get()
    assert (row.name, row.contact, row.secret, row.code) == ("", "", "", None)
    assert queries.reporter_with(received.code) is None
    assert Incident.objects.get().description == "画面に赤い警告が出ました"
    assert verify.verify(state=True).findings == ()


@pytest.mark.parametrize("text", ["", "  \n", "a\x00b", "\ud800", "か\ufffdた", "x" * 500_000])
def test_words_that_cannot_be_kept_are_refused_and_nothing_is_opened(text: str) -> None:
    opened_to_all()
    with pytest.raises(Invalid) as refused:
        reported(what=text)
    assert refused.value.field == "what"
    assert not Incident.objects.exists()


def test_tries_from_one_network_wait_and_nobody_elsewhere_does() -> None:
    world.site()
    for _ in range(10):
        actions.knock(by=DESK, what=Knock.FOLLOW, place="192.0.2.1")
    one = actions.knock(by=DESK, what=Knock.FOLLOW, place="192.0.2.1")
    with pytest.raises(Wait):
        actions.weigh_knock(by=DESK, knocked=one)
    actions.weigh_knock(by=DESK, knocked=actions.knock(by=DESK, what=Knock.FOLLOW, place="192.0.2.2"))
    actions.weigh_knock(by=DESK, knocked=actions.knock(by=DESK, what=Knock.REPORT, place="192.0.2.1"))
    actions.drop_knock(by=DESK, knocked=one)
    world.clock.fast_forward(timedelta(hours=1))
    actions.weigh_knock(by=DESK, knocked=actions.knock(by=DESK, what=Knock.FOLLOW, place="192.0.2.1"))
    world.clock.fast_forward(timedelta(days=2))
    assert not actions.forget_knocks(world.clock.now())


def test_a_report_of_nobody_is_no_way_in() -> None:
    received = reported()
    for by in (world.actor("kato"), Actor("machine:wazuh", "wazuh"), Actor(f"reporter:{UUID(int=1)}", "")):
        with pytest.raises(NotFound):
            actions.write_to_desk(by=by, report=received.reporter.uuid, text="x")
        with pytest.raises(NotFound):
            actions.rate(by=by, report=received.reporter.uuid, score=1)


def test_a_reporter_adds_files_to_their_own_report_and_to_no_other() -> None:
    received, other = reported(), reported(nonce="another-form-0123456789")
    actions.attach_file(by=reader(received), ref=received.incident.ref, name="mail.eml", chunks=[b"From: x"])
    assert [one.name for one in queries.files(staff(), received.incident.ref)] == ["mail.eml"]
    with pytest.raises(NotFound):
        actions.attach_file(by=reader(received), ref=other.incident.ref, name="x", chunks=[b"x"])

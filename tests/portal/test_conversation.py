"""To and fro between a reporter at the portal and the desk in its room; and calls that somebody takes."""

import re
from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from hikeshi.incidents.models import Incident, Message, Rating, Reporter
from hikeshi.kernel import clock
from tests import world
from tests.portal.reporting import FOLLOW, ODD, REQUEST, code_on, open_site, send, sent_code, stamp_of, stranger
from tests.web import desk


def reported(at: str = ODD, **typed: object) -> tuple[Client, str, str]:
    """The reporter's browser, the address of the report there, and that of the room."""
    open_site()
    browser = stranger()
    send(browser, at, **typed)
    return browser, f"/report/{Reporter.objects.get().uuid}/", f"/incidents/{Incident.objects.get().ref}/"


def mori() -> Client:
    return desk.browser("mori", "responder")


def test_a_question_of_the_desk_is_answered_at_the_portal_and_both_see_it() -> None:
    reporter, report, room = reported()
    mori().post(f"{room}reply", {"text": "Which sender?", "sort": "question"})
    page = reporter.get(report)
    assert "We have a question for you" in desk.page(page)
    question = Message.objects.get(asks=True).uuid
    typed = {"text": "billing@example.com", "question": str(question), "stamp": stamp_of(page)}
    assert reporter.post(f"{report}write", typed).status_code == 302
    assert reporter.post(f"{report}write", {**typed, "question": ""}).status_code == 302
    assert Message.objects.filter(text="billing@example.com").count() == 1
    shown = desk.page(mori().get(room))
    assert "billing@example.com" in shown
    assert "New: 1" in shown
    assert "Reporter wrote" in desk.page(mori().get("/incidents/"))
    mori().post(f"{room}mark-read")
    assert "New: 1" not in desk.page(mori().get(room))


def test_what_the_desk_notes_never_reaches_the_reporter_and_the_boxes_are_not_alike() -> None:
    reporter, report, room = reported()
    browser = mori()
    browser.post(f"{room}note", {"text": "I suspect Sato himself"})
    assert "I suspect" not in desk.page(reporter.get(report))
    inside, outside = desk.page(browser.get(room)), desk.page(browser.get(f"{room}reply"))
    assert "Only the desk reads this." in inside
    assert "The reporter will read this." in outside
    assert "outward" in outside
    assert "outward" not in desk.page(browser.get(f"{room}note"))


def test_a_request_is_answered_closed_rated_and_taken_up_again() -> None:
    reporter, report, room = reported(REQUEST)
    assert mori().post(f"{room}reply", {"text": "Done.", "sort": "closing"}).status_code == 302
    page = reporter.get(report)
    assert "How was it?" in desk.page(page)
    assert reporter.post(f"{report}rate", {"score": "9"}).status_code == 422
    reporter.post(f"{report}rate", {"score": "4", "words": "Quick"})
    assert Rating.objects.get().score == 4
    reporter.post(f"{report}write", {"text": "Still locked out", "reopens": "on", "stamp": stamp_of(page)})
    assert Incident.objects.get().status == "open"
    mori().post(f"{room}reply", {"text": "Now it works.", "sort": "closing"})
    world.clock.fast_forward(timedelta(days=15))
    late = desk.page(reporter.post(f"{report}rate", {"score": "5", "words": "Kind people"}), 403)
    assert 'name="praised" value="Kind people"' in late, "a rating that comes too late keeps its words for the code"
    code_holder = desk.page(reporter.get(report), 403)  # the hour is long over
    assert "Follow code" in code_holder


def test_words_of_a_rating_survive_the_end_of_the_hour() -> None:
    open_site()
    browser = stranger()
    code = sent_code(browser, at=REQUEST)
    record = Incident.objects.get()
    mori().post(f"/incidents/{record.ref}/reply", {"text": "Done.", "sort": "closing"})
    where = browser.post(FOLLOW, {"code": code}).headers["Location"]
    world.clock.fast_forward(timedelta(minutes=61))
    page = desk.page(browser.post(f"{where}rate", {"score": "5", "words": "Kind people"}), 403)
    assert 'name="praised" value="Kind people"' in page
    again = desk.page(browser.post(FOLLOW, {"code": code, "praised": "Kind people"}))
    assert re.search(r'<textarea name="words"[^>]*>\s*Kind people', again)


def test_files_sent_without_a_word_are_told_to_the_desk() -> None:
    reporter, report, room = reported()
    sent = {"attached": SimpleUploadedFile("screen.png", b"png"), "stamp": stamp_of(reporter.get(report))}
    assert reporter.post(f"{report}write", sent).status_code == 302
    shown = desk.page(mori().get(room))
    assert "Added files: screen.png" in shown
    assert "New: 1" in shown
    assert reporter.post(f"{report}write", {"text": " "}).status_code == 422


def test_closing_is_offered_for_requests_alone_and_refused_where_work_is_left() -> None:
    _, _, room = reported()
    assert "the request is closed with it" not in desk.page(mori().get(f"{room}reply"))
    assert mori().post(f"{room}reply", {"text": "x", "sort": "closing"}).status_code == 422
    assert not Message.objects.filter(side="desk").exists()


def test_one_act_in_the_room_turns_a_request_into_an_incident() -> None:
    reporter, report, room = reported(REQUEST, what="Somebody used my account at night")
    levels = {"impact": 2, "effect": 2, "urgency": 1}
    typed = {"kind": "account_takeover", "record_class": "incident", "reason": "not her", **levels}
    assert mori().post(f"{room}turn", typed).status_code == 302
    record = Incident.objects.get()
    assert (record.record_class, record.kind, record.course) == ("incident", "account_takeover", "security")
    assert "Somebody used my account at night" in desk.page(reporter.get(report))
    assert "/turn" not in desk.page(mori().get(room))


def test_a_call_is_logged_and_its_code_read_to_the_caller_opens_the_report() -> None:
    world.site()  # closed to strangers: the code is what lets the caller in
    browser = mori()
    form = browser.get("/phone/")
    nonce = desk.page(form).split('name="nonce" value="')[1].split('"')[0]
    typed = {
        "words": "I did not do this operation",
        "caller": "Sato",
        "contact": "ext. 1234",
        "called_at": clock.now().strftime("%Y-%m-%dT%H:%M"),
        "advised": "Pull the cable",
        "kind": "account_takeover",
        "impact": 3,
        "effect": 2,
        "urgency": 1,
        "language": "en",
        "nonce": nonce,
    }
    answer = browser.post("/phone/", typed)
    code = code_on(answer)
    assert code_on(browser.post("/phone/", typed)) == code
    assert Incident.objects.count() == 1
    caller = stranger()
    page = caller.post(FOLLOW, {"code": code}, follow=True)
    assert "I did not do this operation" in desk.page(page)
    assert "Pull the cable" in desk.page(page)
    assert "ext. 1234" in desk.page(browser.get(f"/incidents/{Incident.objects.get().ref}/"))


def test_a_lost_code_is_replaced_and_the_old_one_and_its_open_browsers_end() -> None:
    reporter, report, room = reported()
    page = mori().get(f"{room}new-code")
    nonce = desk.page(page).split('name="nonce" value="')[1].split('"')[0]
    code = code_on(mori().post(f"{room}new-code", {"nonce": nonce}))
    assert reporter.get(report).status_code == 403
    assert reporter.post(FOLLOW, {"code": code}).status_code == 302
    assert reporter.get(report).status_code == 200


def test_erasing_the_reporter_is_for_whoever_commands_and_leaves_the_report() -> None:
    _, _, room = reported(name="Hanako Sato", contact="hanako@example.jp")
    assert mori().post(f"{room}erase-reporter", {"reason": "asked"}).status_code == 403
    chief = desk.browser("abe", "commander")
    assert chief.post(f"{room}erase-reporter", {"reason": "asked"}).status_code == 302
    page = desk.page(chief.get(room))
    assert "Hanako" not in page
    assert "A red warning appeared" in page


def test_the_page_of_a_report_costs_the_same_however_much_was_said(django_assert_max_num_queries: object) -> None:
    reporter, report, room = reported()
    for number in range(30):
        mori().post(f"{room}reply", {"text": f"Message {number}", "sort": "message"})
    assert callable(django_assert_max_num_queries)
    with django_assert_max_num_queries(16):
        assert "Message 29" in desk.page(reporter.get(report))

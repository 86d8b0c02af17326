"""The portal: anybody may report in a minute, at a human pace, in their language, once."""

import io
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from hikeshi.incidents import actions, queries
from hikeshi.incidents.models import Attachment, Incident, Message, Reporter
from hikeshi.incidents.vaulting import vault
from hikeshi.kernel.acting import Actor
from tests import world
from tests.portal.reporting import (
    FOLLOW,
    NEAR_MISS,
    ODD,
    REQUEST,
    code_on,
    filled,
    open_site,
    send,
    sent_code,
    stranger,
)
from tests.web import desk


@pytest.fixture(autouse=True)
def _a_vault_of_its_own(settings: LazySettings, tmp_path: Path) -> None:
    settings.DATA_ROOT = tmp_path


EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def staff() -> Actor:
    return world.actor("mori", "responder")


@pytest.mark.parametrize("at", [ODD, NEAR_MISS, REQUEST, "/report/sent"])
def test_a_closed_site_sends_strangers_to_the_sign_in_page(at: str) -> None:
    world.site()
    assert stranger().get(at).headers["Location"].startswith("/sign-in/?next=/report/")
    assert stranger().post(at, {"what": "x"}).status_code in {302, 405}
    assert not Incident.objects.exists()


def test_only_an_open_site_shows_the_way_on_its_sign_in_page() -> None:
    world.site()
    assert b'href="/report/"' not in stranger().get("/sign-in/").content
    open_site()
    assert b'href="/report/"' in stranger().get("/sign-in/").content


def test_a_stranger_reports_and_gets_number_and_code_once() -> None:
    open_site()
    browser = stranger()
    answer = send(browser, likeness="message", did=["clicked"], where="my laptop", contact="x@y.jp")
    page = browser.get(answer.headers["Location"])
    record = Incident.objects.get()
    assert record.ref in page.content.decode()
    assert "no-store" in page.headers["Cache-Control"]
    assert (record.kind, record.record_class, record.class_by) == ("phishing", "event", "")
    code = code_on(page)
    world.clock.fast_forward(timedelta(minutes=16))
    assert code not in browser.get("/report/sent", follow=True).content.decode()
    assert code not in str(browser.cookies)


def test_the_near_miss_form_and_the_switch_both_count_as_near_misses() -> None:
    open_site()
    send(stranger(), NEAR_MISS)
    send(stranger(), ODD, near_miss="on")
    send(stranger(), ODD)
    assert queries.incidents(staff(), record_class="near_miss").count() == 2


def test_a_form_posted_twice_or_mended_after_going_back_is_one_report() -> None:
    open_site()
    browser = stranger()
    typed = filled(browser)
    first, second = browser.post(ODD, typed), browser.post(ODD, typed)
    assert code_on(browser.get(first.headers["Location"])) == code_on(browser.get(second.headers["Location"]))
    browser.post(ODD, {**typed, "what": "A red warning, and a noise"})
    assert Incident.objects.count() == 1
    assert Message.objects.count() == 2


def test_robots_are_told_and_nothing_typed_is_lost() -> None:
    open_site()
    browser = stranger()
    typed = filled(browser, website="http://spam.example/")
    page = desk.page(browser.post(ODD, typed), 422)
    assert "A red warning appeared" in page
    assert "Only robots fill in this field" in page
    for stamp in ("", "made-up", "x" * 5000):
        assert "could not be recognised" in desk.page(browser.post(ODD, {**typed, "website": "", "stamp": stamp}), 422)
    typed = filled(browser)
    world.clock.fast_forward(timedelta(days=2))
    assert "more than a day" in desk.page(browser.post(ODD, typed), 422)
    assert not Incident.objects.exists()


def test_what_comes_back_faster_than_a_person_types_is_shown_again_and_goes_through_the_second_time() -> None:
    open_site()
    browser = stranger()
    typed = filled(browser)
    world.clock.fast_forward(timedelta(seconds=-29.5))
    assert "very fast" in desk.page(browser.post(ODD, typed), 422)
    world.clock.fast_forward(timedelta(seconds=20))
    assert browser.post(ODD, typed).status_code == 302


def test_many_reports_from_one_network_wait_and_others_do_not() -> None:
    open_site()
    browser = stranger()
    for _ in range(20):
        assert send(browser).status_code == 302
    typed = filled(browser, what="The twenty-first")
    world.clock.fast_forward(timedelta(seconds=-25))
    page = desk.page(browser.post(ODD, typed), 422)
    assert "Too many tries" in page
    assert "The twenty-first" in page
    assert send(stranger(address="198.51.100.7")).status_code == 302
    assert send(desk.browser("sato")).status_code == 302
    world.clock.fast_forward(timedelta(minutes=6))
    assert browser.post(ODD, typed).status_code == 302


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_language_changes_in_the_middle_of_the_form_and_what_was_typed_stays(language: str) -> None:
    open_site()
    browser = stranger("en" if language == "ja" else "ja")
    typed = filled(browser, what="画面に red warning", did=["clicked"], switch=language)
    page = desk.page(browser.post(ODD, typed))
    assert f'<html lang="{language}"' in page
    assert "画面に red warning" in page
    assert 'value="clicked" id="id_did_0" checked' in page or 'value="clicked" checked' in page
    answer = browser.post(ODD, {name: value for name, value in typed.items() if name != "switch"})
    assert answer.status_code == 302
    assert Reporter.objects.get().language == language


@pytest.mark.parametrize("text", ["", " ", "a\x00b", "x" * 500_000])
def test_bad_words_are_refused_beside_the_field(text: str) -> None:
    open_site()
    page = desk.page(send(stranger(), what=text), 422)
    assert 'id="id_what_error"' in page
    assert not Incident.objects.exists()


def test_another_encoding_is_noticed_and_not_kept_as_rubbish() -> None:
    open_site()
    browser = stranger()
    typed = filled(browser)
    body = b"what=" + "文字化け".encode("cp932") + f"&stamp={typed['stamp']}".encode()
    answer = browser.post(ODD, body, content_type="application/x-www-form-urlencoded")
    assert "arrived broken" in desk.page(answer, 422)


def test_markup_and_links_of_a_reporter_do_nothing_on_any_page() -> None:
    open_site()
    browser = stranger()
    words = (
        "<script>alert(1)</script> [bank](http://evil.example/) <img src=x onerror=alert(1)> {{ 7*7 }} \u202eexe.png"
    )
    answer = send(browser, what=words, name="<b>x</b>", where="<i>y</i>")
    report = Reporter.objects.get().uuid
    pages = [
        browser.get(f"/report/{report}/"),
        desk.browser("mori", "responder").get(f"/incidents/{Incident.objects.get().ref}/"),
    ]
    assert answer.status_code == 302
    for page in pages:
        text = desk.page(page)
        assert "<script>alert" not in text
        assert "&lt;script&gt;alert(1)" in text
        assert 'href="http://evil.example/"' not in text
        assert "<img src=x" not in text
        assert "\u202e" not in text


def test_people_with_an_account_report_under_their_name_and_follow_without_a_code() -> None:
    browser = desk.browser("sato")  # no role, closed site
    answer = send(browser)
    row = Reporter.objects.get()
    assert answer.headers["Location"] == f"/report/{row.uuid}/"
    assert Incident.objects.get().ref in desk.page(browser.get("/report/mine"))
    assert "A red warning appeared" in desk.page(browser.get(answer.headers["Location"]))
    assert desk.browser("kato").get(answer.headers["Location"]).status_code == 403


def test_whoever_waits_reads_what_to_do_meanwhile_until_somebody_has_it_and_only_where_something_is_odd() -> None:
    browser = desk.browser("sato")
    own = send(browser).headers["Location"]
    assert "Leave the machine switched on." in desk.page(browser.get(own))
    actions.assign(by=staff(), ref=Incident.objects.get().ref, owner="mori")
    assert "Leave the machine switched on." not in desk.page(browser.get(own))
    asked = send(browser, REQUEST).headers["Location"]
    assert "Leave the machine switched on." not in desk.page(browser.get(asked))


def test_files_come_with_the_report_and_too_many_or_too_large_ones_are_said(settings: LazySettings) -> None:
    open_site()
    browser = stranger()
    files = [SimpleUploadedFile("画面.png", b"png"), SimpleUploadedFile("mail.eml", b"")]
    assert send(browser, attached=files).status_code == 302
    assert set(Attachment.objects.values_list("name", flat=True)) == {"画面.png", "mail.eml"}
    six = [SimpleUploadedFile(f"{n}.txt", b"x") for n in range(6)]
    assert "At most 5 files" in desk.page(send(browser, attached=six), 422)
    settings.FILE_LIMIT = 3_000_000
    large = [SimpleUploadedFile("first.bin", bytes(1_600_000)), SimpleUploadedFile("dump.bin", bytes(1_600_000))]
    page = desk.page(send(browser, what="Words that stay", name="Sato", attached=large), 422)
    assert "larger than 3 MB" in page
    assert "Words that stay" in page
    assert 'value="Sato"' in page
    assert Incident.objects.count() == 1
    assert len(lying()) == 2  # those of the first report


def lying() -> list[str]:
    return [path.name for path in vault().root.rglob("*") if path.is_file()]


def test_five_gigabytes_are_refused_at_the_first_file_and_the_words_before_it_are_there() -> None:
    open_site()
    browser = stranger()
    typed = filled(browser, what="Words that stay")
    words = "".join(
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{said}\r\n' for name, said in typed.items()
    )
    head = '--x\r\nContent-Disposition: form-data; name="attached"; filename="a.bin"\r\n\r\n'
    unread = io.BytesIO((words + head).encode() + bytes(9_000_000))
    sent = {"wsgi.input": unread, "CONTENT_LENGTH": "5000000000", "CONTENT_TYPE": "multipart/form-data; boundary=x"}
    page = desk.page(browser.generic("POST", ODD, **sent), 422)
    assert "larger than 200 MB" in page
    assert "Words that stay" in page
    assert unread.tell() < 1_000_000
    assert not Incident.objects.exists()
    assert lying() == []


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.log", b""),
        ("ﾏｸﾛ付き\u202egnp.xlsm", EICAR),
        ("<script>x.html", b"GIF89a/*<script>document.title='ran'</script>*/=0;"),
        ("%00..%2f..%2fetc", b"x"),
    ],
)
def test_whatever_a_stranger_brings_is_kept_as_it_is_and_shown_by_nobody(name: str, content: bytes) -> None:
    open_site()
    browser = stranger()
    send(browser, attached=[SimpleUploadedFile(name, content)])
    row = Attachment.objects.get()
    own = desk.page(browser.get(f"/report/{Reporter.objects.get().uuid}/"))
    room = desk.browser("mori", "commander")
    ref = Incident.objects.get().ref
    for page in (own, desk.page(room.get(f"/incidents/{ref}/files"))):
        assert "<script>x" not in page
        assert "\u202e" not in page
    saved = room.get(f"/incidents/{ref}/files/{row.uuid}")
    assert b"".join(saved.streaming_content) == content
    assert saved.headers["Content-Disposition"].startswith("attachment; ")
    assert saved.headers["Content-Disposition"].isprintable()
    assert "/" not in row.name


def test_strangers_leave_more_of_the_disk_free_than_colleagues_and_only_who_may_write_brings_files(
    settings: LazySettings,
) -> None:
    open_site()
    settings.DISK_SPARE = shutil.disk_usage(settings.DATA_ROOT).free // 2
    file = {"attached": [SimpleUploadedFile("a.bin", b"x")]}
    assert "disk has no room" in desk.page(send(stranger(), **file), 422)
    assert send(desk.browser("sato"), attached=[SimpleUploadedFile("a.bin", b"x")]).status_code == 302
    report = Reporter.objects.get().uuid
    before = lying()
    refused = stranger().post(f"/report/{report}/write", {"text": "kept", "attached": SimpleUploadedFile("b", b"x")})
    assert refused.status_code == 403
    assert "kept" in desk.page(refused, 403)
    assert lying() == before


def test_the_pages_own_script_is_told_where_to_go_on_and_reads_nothing_in_between() -> None:
    open_site()
    browser = stranger()
    file = SimpleUploadedFile("a.bin", b"x")
    answer = browser.post(ODD, filled(browser, attached=[file]), headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()) == (201, {"to": "/report/sent"})
    assert code_on(browser.get("/report/sent"))


def test_a_form_from_elsewhere_brings_neither_report_nor_file() -> None:
    open_site()
    forged = Client(enforce_csrf_checks=True)
    typed = {**filled(stranger()), "attached": SimpleUploadedFile("a.bin", bytes(3_000_000))}
    assert forged.post(ODD, typed).status_code == 403
    assert lying() == []
    assert not Incident.objects.exists()


def test_the_code_opens_the_report_for_an_hour_in_this_browser_and_nowhere_else() -> None:
    open_site()
    code = sent_code(stranger())
    elsewhere = stranger(address="203.0.113.9")
    answer = elsewhere.post(FOLLOW, {"code": code.lower().replace("-", " ")})
    where = answer.headers["Location"]
    assert code not in where
    assert "A red warning appeared" in desk.page(elsewhere.get(where))
    assert stranger().get(where).status_code == 403
    world.clock.fast_forward(timedelta(minutes=61))
    page = desk.page(elsewhere.post(f"{where}write", {"text": "Half an hour of typing"}), 403)
    assert "Half an hour of typing" in page
    again = elsewhere.post(FOLLOW, {"code": code, "kept": "Half an hour of typing"})
    assert "Half an hour of typing" in desk.page(again)
    elsewhere.post(f"{where}leave")
    assert elsewhere.get(where).status_code == 403


def test_guessed_codes_wait_and_only_where_they_are_guessed() -> None:
    open_site()
    code = sent_code(stranger())
    guesser = stranger(address="203.0.113.9")
    wrong = "22222-22222-22222-22222"
    good_form = "2" * 20
    for _ in range(10):
        assert "No report has this code" in desk.page(guesser.post(FOLLOW, {"code": good_form}), 422)
    assert "Too many tries" in desk.page(guesser.post(FOLLOW, {"code": code}), 422)
    assert stranger().post(FOLLOW, {"code": code}).status_code == 302
    world.clock.fast_forward(timedelta(minutes=6))
    assert guesser.post(FOLLOW, {"code": code}).status_code == 302
    assert wrong.replace("-", "") == good_form


def test_a_code_mistyped_is_told_from_one_that_opens_nothing_and_costs_no_try() -> None:
    open_site()
    browser = stranger()
    for _ in range(15):
        assert "A letter is wrong or missing" in desk.page(browser.post(FOLLOW, {"code": "ABC"}), 422)


def test_without_a_forgery_token_nothing_is_taken() -> None:
    open_site()
    browser = Client(enforce_csrf_checks=True)
    assert browser.post(ODD, {"what": "x"}).status_code == 403
    assert not Incident.objects.exists()


def test_a_form_that_came_too_late_gives_back_what_was_typed_and_never_a_password() -> None:
    """A page from before an upgrade, or whose session is gone."""
    open_site()
    careful = Client(enforce_csrf_checks=True, headers={"Referer": "http://testserver/report/near-miss"})
    page = careful.post(
        "/report/near-miss", {"what": "<b>I lost it</b>", "password": "hunter2", "csrfmiddlewaretoken": "x"}
    )
    said = page.content.decode()
    assert page.status_code == 403
    assert "&lt;b&gt;I lost it&lt;/b&gt;</textarea>" in said
    assert "hunter2" not in said
    assert 'href="/report/near-miss"' in said
    elsewhere = Client(enforce_csrf_checks=True, headers={"Referer": "https://evil.example/x"})
    assert "evil.example" not in elsewhere.post("/report/near-miss", {"what": "x"}).content.decode()

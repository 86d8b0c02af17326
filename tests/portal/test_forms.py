"""Forms of the site at the portal: shown by their conditions, taken in the version that was begun, told to the desk."""

import zipfile
from dataclasses import replace
from io import BytesIO
from uuid import UUID

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile

from hikeshi.finding.kinds.incidents import texts
from hikeshi.forms import actions
from hikeshi.forms.definitions import Audience, Definition, Field, FieldKind, Text, Use
from hikeshi.incidents import actions as incidents
from hikeshi.incidents.models import Attachment, Incident, Reporter
from hikeshi.ledger import verify
from hikeshi.ledger.models import Entry
from hikeshi.reports import making
from tests import world
from tests.portal.reporting import filled, open_site, send, stranger
from tests.rules.test_forms import LOST
from tests.web import desk


@pytest.fixture(autouse=True)
def _a_vault_of_its_own(settings: LazySettings, tmp_path: object) -> None:
    settings.DATA_ROOT = tmp_path


def offered(definition: Definition = LOST) -> str:
    """Its address."""
    kept = actions.write_form(by=world.admin(), definition=definition)
    actions.offer_form(by=world.admin(), form=kept.form.uuid, number=1)
    return f"/report/forms/{kept.form.uuid}/"


def word_text(content: bytes) -> str:
    return zipfile.ZipFile(BytesIO(content)).read("word/document.xml").decode()


def uuid_in(address: str) -> UUID:
    return UUID(address.split("/")[3])


def test_a_form_is_found_filled_in_and_read_by_the_desk_and_its_reporter() -> None:
    open_site()
    place = world.organisation("Osaka")
    routed = replace(LOST, kind="lost_device", urgency=1, place=str(place.uuid), question=Text("何を?", "Which one?"))
    address, browser = offered(routed), stranger()
    assert address in desk.page(browser.get("/report/"))
    assert "Which one?" in desk.page(browser.get(address))
    typed = {"q-f1": "pc", "q-f2": "no", "q-f3": "A secret place", "q-f4": "3", "shown": ["f2", "f3"]}
    report = browser.get(send(browser, address, form_version="1", **typed).headers["Location"])
    record, row = Incident.objects.get(), Reporter.objects.get()
    assert (record.kind, record.urgency, record.organisation, report.status_code) == ("lost_device", 1, place, 200)
    assert (row.answers, row.form_version) == ({"f1": "pc", "f2": "no", "f3": "A secret place", "f4": "3"}, 1)
    assert not Entry.objects.filter(body__contains="secret place").exists()
    assert verify.verify(state=True).findings == ()
    room = desk.page(desk.browser("abe", "commander").get(f"/incidents/{record.ref}/"))
    assert "A secret place" in room
    assert "Choice pc" in room
    report = making.make(world.actor("abe"), record.ref, form="docx", language="en")
    assert "A secret place" in word_text(report.content)
    assert [one.body for one in texts([record.uuid]) if "A secret place" in one.body]
    own = desk.page(browser.get(f"/report/{row.uuid}/"))
    assert "A secret place" in own


def test_without_a_script_what_depends_on_an_answer_is_asked_before_anything_is_sent() -> None:
    open_site()
    address, browser = offered(), stranger()
    typed = filled(browser, address, form_version="1", **{"q-f1": "pc"})
    assert "a few more questions" in desk.page(browser.post(address, typed), 422)
    typed |= {"q-f2": "no", "shown": ["f2"]}
    assert "a few more questions" in desk.page(browser.post(address, typed), 422)
    page = desk.page(browser.post(address, {**typed, "shown": ["f2", "f3"]}), 422)
    assert "This field is required" in page or "This is needed" in page
    assert not Incident.objects.exists()
    assert browser.post(address, {**typed, "q-f3": "words", "shown": ["f2", "f3"]}).status_code == 302


def test_a_form_begun_before_it_changed_is_still_taken_and_keeps_its_version() -> None:
    open_site()
    address, browser = offered(), stranger()
    typed = filled(browser, address, form_version="1", **{"q-f1": "paper"})
    newer = replace(LOST, fields=(Field("f9", FieldKind.SHORT, Text("新", "New"), required=True),))
    form = uuid_in(address)
    actions.write_form(by=world.admin(), definition=newer, form=form, version=1)
    assert browser.post(address, {**typed, "form_version": "2"}).status_code == 404
    actions.offer_form(by=world.admin(), form=form, number=2)
    assert "q-f9" in desk.page(browser.get(address))
    actions.withdraw_form(by=world.admin(), form=form)
    first, second = browser.post(address, typed), browser.post(address, typed)
    assert (first.status_code, second.status_code) == (302, 302)
    assert Reporter.objects.get().form_version == 1
    assert browser.get(address).status_code == 404


def test_only_whom_a_form_is_for_find_it() -> None:
    open_site()
    ours, theirs = world.organisation("Ours"), world.organisation("Theirs")
    below = world.organisation("Below", parent=ours)
    signed_in = offered(replace(LOST, audience=Audience.SIGNED_IN))
    local = offered(replace(LOST, audience=Audience.ORGANISATION, organisation=str(ours.uuid)))
    phone = offered(replace(LOST, use=Use.PHONE))
    mori, sato = desk.browser("mori", "responder", at=below), desk.browser("sato", "responder", at=theirs)
    browsers = {"nobody": stranger(), "mori": mori, "sato": sato}
    found = {name: [one.get(at).status_code for at in (signed_in, local, phone)] for name, one in browsers.items()}
    assert found == {"nobody": [404] * 3, "mori": [200, 200, 404], "sato": [200, 404, 404]}
    assert local not in desk.page(browsers["sato"].get("/report/"))


def test_a_file_that_is_asked_for_comes_with_the_report() -> None:
    open_site()
    address = offered(replace(LOST, fields=(Field("f1", FieldKind.FILE, Text("写真", "Picture"), required=True),)))
    browser = stranger()
    assert send(browser, address, form_version="1").status_code == 422
    picture = SimpleUploadedFile("a.png", b"PNG")
    assert send(browser, address, form_version="1", **{"q-f1": picture}).status_code == 302
    assert Attachment.objects.get().name == "a.png"
    assert Reporter.objects.get().answers == {"f1": ["a.png"]}


def test_erasing_the_reporter_takes_the_answers_along() -> None:
    open_site()
    address, browser = offered(), stranger()
    send(browser, address, form_version="1", **{"q-f1": "paper"})
    incidents.erase_reporter(by=world.actor("abe", "commander"), ref=Incident.objects.get().ref, reason="asked")
    assert Reporter.objects.get().answers == {}
    assert verify.verify(state=True).findings == ()


def test_a_call_is_logged_with_what_a_form_asked_the_caller() -> None:
    world.site()
    address = offered(replace(LOST, use=Use.PHONE))
    staff = desk.browser("abe", "commander")
    assert str(uuid_in(address)) in desk.page(staff.get("/phone/"))
    at = f"/phone/?form={uuid_in(address)}"
    assert "Question f1" in desk.page(staff.get(at))
    said = {"words": "Lost it", "called_at": "2026-11-21T10:00", "kind": "lost_device", "language": "ja"}
    levels = {"impact": 2, "effect": 2, "urgency": 2, "nonce": "a-form-0123456789", "form_version": "1"}
    assert staff.post(at, {**said, **levels}).status_code == 422
    answer = staff.post(at, {**said, **levels, "q-f1": "paper"})
    assert answer.status_code == 200, answer.content.decode()
    assert Reporter.objects.get().answers == {"f1": "paper"}
    assert staff.get("/phone/?form=x").status_code == 404

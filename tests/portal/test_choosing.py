"""Questions that are answered with a thing of the site: what is offered to whom, what is kept, where it leads."""

import html
import re
from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

import pytest
from django.test import Client

from hikeshi.accounts import queries as accounts
from hikeshi.assets.actions import importing
from hikeshi.assets.models import Asset
from hikeshi.forms import actions
from hikeshi.forms.definitions import Definition, FieldKind, Text, Use
from hikeshi.incidents.models import Incident, LinkedAsset, Reporter
from hikeshi.ledger.verify import verify
from tests import finding, world
from tests.api.calling import body, program
from tests.domains.assets import added
from tests.portal.reporting import open_site, send, stranger
from tests.rules.test_forms import field
from tests.web import desk

OPEN, SECRET = "Accounting portal", "Accounting core"
ASKED = Definition(
    Text("故障", "Broken"),
    Use.ODD,
    fields=(
        field("f1", FieldKind.ASSET),
        field("f2", FieldKind.DEPARTMENT),
        field("f3", FieldKind.PERSON),
    ),
)


@pytest.fixture
def form() -> str:
    open_site()
    added(OPEN, public=True, criticality=4)
    added(SECRET)
    kept = actions.write_form(by=world.admin(), definition=ASKED)
    actions.offer_form(by=world.admin(), form=kept.form.uuid, number=1)
    return str(kept.form.uuid)


def offered(browser: Client, form: str, key: str, words: str, **more: object) -> set[str]:
    answer = browser.post(f"/report/forms/{form}/1/{key}", {f"q-{key}": words, **more})
    return set(re.findall(r'type="radio"[^>]*>(?:</?bdi>|<span>|\s)*([^<]+)<', desk.page(answer)))


def sent(browser: Client, form: str, **typed: object) -> Mapping[str, object]:
    assert send(browser, f"/report/forms/{form}/", form_version="1", what="It is down", **typed).status_code == 302
    answers: Mapping[str, object] = Reporter.objects.latest("pk").answers
    return answers


def uuid_of(name: str) -> UUID:
    return Asset.objects.get(name=name).uuid


def test_strangers_are_offered_public_services_and_nobody_in_the_house(form: str) -> None:
    world.person("mori", "responder")
    said = offered(stranger(), form, "f1", "account")
    assert (OPEN in said, SECRET in said) == (True, False)
    assert offered(stranger(), form, "f1", "a") == set(), "one letter is no question"
    assert offered(stranger(), form, "f1", "core") == set()
    assert offered(stranger(), form, "f2", world.site().name) == set()
    assert offered(stranger(), form, "f3", "mori") == set()
    assert stranger().post(f"/report/forms/{form}/1/f9", {"q-f9": "x"}).status_code == 404
    assert stranger().post(f"/report/forms/{form}/2/f1", {"q-f1": "x"}).status_code == 404


def test_who_has_signed_in_is_offered_what_they_see_and_people_of_their_own_company(form: str) -> None:
    ours, theirs = world.organisation("Alpha"), world.organisation("Beta")
    world.organisation("Alpha sales", ours)
    world.person("alphaworker", "reporter", at=ours)
    world.person("betaworker", "reporter", at=theirs)
    employee, worker = desk.browser("ito", "reporter", at=ours), desk.browser("mori", "responder")
    assert {OPEN, SECRET} & offered(employee, form, "f1", "account") == {OPEN}
    assert {OPEN, SECRET} <= offered(worker, form, "f1", "account")
    assert {"Alpha", "Alpha sales"} <= {one.strip() for one in offered(employee, form, "f2", "alpha")}
    assert offered(employee, form, "f2", "beta") == set()
    assert "Alphaworker" in offered(employee, form, "f3", "worker")
    assert "Betaworker" not in offered(employee, form, "f3", "worker")
    assert "Betaworker" in offered(worker, form, "f3", "worker"), "whoever belongs to the top may name all"


def test_what_was_chosen_is_kept_as_the_thing_and_an_asset_joins_those_that_are_hit(form: str) -> None:
    browser, uuid = stranger(), uuid_of(OPEN)
    assert sent(browser, form, **{"q-f1": "account", "q-f1-is": str(uuid)})["f1"] == {"asset": str(uuid), "name": OPEN}
    record = Incident.objects.latest("pk")
    assert [one.asset.name for one in LinkedAsset.objects.filter(incident=record)] == [OPEN]
    assert record.urgency == 1, "weighed as when the desk links it by hand"
    room = desk.page(desk.browser("mori", "responder").get(f"/incidents/{record.ref}/"))
    assert re.search(rf'<dd><a href="/assets/{uuid}/">(<bdi>)?{OPEN}', room)
    assert verify(state=True).findings == ()


def test_what_is_called_exactly_so_is_meant_and_else_it_is_asked_once_without_a_script(form: str) -> None:
    added("Accounting portal, old", public=True)
    browser, at = stranger(), f"/report/forms/{form}/"
    page = desk.page(send(browser, at, form_version="1", **{"q-f1": "Accounting"}), 422)
    assert "Choose which one you mean" in page
    assert OPEN in page
    assert sent(browser, form, **{"q-f1": "accounting PORTAL"})["f1"] == {"asset": str(uuid_of(OPEN)), "name": OPEN}
    assert sent(browser, form, **{"q-f1": "Accounting", "q-f1-is": "words"})["f1"] == "Accounting"
    assert sent(browser, form, **{"q-f1": "The old printer"})["f1"] == "The old printer"
    assert "f1" not in sent(browser, form)


def test_nobody_chooses_what_they_are_not_offered(form: str) -> None:
    at, typed = f"/report/forms/{form}/", {"q-f1": SECRET, "q-f1-is": str(uuid_of(SECRET))}
    assert sent(stranger(), form, **typed)["f1"] == SECRET, "the words stay words"
    assert not LinkedAsset.objects.exists()
    assert send(stranger(), at, **{"q-f1": SECRET, "q-f1-is": "nonsense", "form_version": "1"}).status_code == 302


def test_the_answer_is_a_link_in_lists_search_and_api_and_stays_one_when_the_question_changes(form: str) -> None:
    uuid = uuid_of(OPEN)
    sent(stranger(), form, **{"q-f1": "account", "q-f1-is": str(uuid)})
    mori, worker = world.person("mori", "commander"), desk.browser("sato", "responder")
    asked_else = replace(ASKED, fields=(field("f1", FieldKind.SHORT), *ASKED.fields[1:]))
    actions.write_form(by=world.admin(), definition=asked_else, form=UUID(form))
    record = Incident.objects.latest("pk")
    assert f'href="/assets/{uuid}/"' in desk.page(worker.get(f"/incidents/{record.ref}/"))
    assert OPEN in desk.page(worker.get(f"/incidents/?columns=answer.{form}.f1"))
    for wanted, there in ((uuid, True), (UUID(int=1), False)):
        listed = desk.page(worker.get(f"/incidents/?filter=answer:is:{form}.f1.{wanted}"))
        assert ("It is down" in listed) is there
    finding.read_in()
    assert "It is down" in finding.titles(accounts.actor_of(mori), OPEN)
    for words in (OPEN, f'"{OPEN}"'):
        assert "It is down" in finding.titles(accounts.actor_of(mori), words), words
    assert "It is down" not in finding.titles(accounts.actor_of(mori), '"portal Accounting"')
    (told,) = body(program(mori).get(f"incidents/{record.ref}/messages"))["told"]
    assert (told["thing"], told["answers"], told["kind"]) == (f"asset:{uuid}", [{"ja": OPEN, "en": OPEN}], "asset")


def test_departments_and_people_of_answers_are_chosen_in_a_filter_and_named_in_it_for_who_may_see_them(
    form: str,
) -> None:
    ours, theirs = world.organisation("Alpha"), world.organisation("Beta")
    near, far = world.person("near", "reporter", at=ours), world.person("far", "reporter", at=theirs)
    worker, chief = desk.browser("ito", "responder", at=ours), desk.browser("mori", "responder")
    builder = "/incidents/filter?new=answer:is&add=1"
    own, whole = desk.page(worker.get(builder)), desk.page(chief.get(builder))
    for value, name in ((f"{form}.f2.{ours.uuid}", "Alpha"), (f"{form}.f3.{near.uuid}", "Near")):
        assert re.search(rf'value="{value}"[^>]*>(\s|<[^>]+>)*[^<]*= {name}', own), name
    for value in (f"{form}.f2.{theirs.uuid}", f"{form}.f3.{far.uuid}"):
        assert value in whole
        assert value not in own
    sent(stranger(), form, **{"q-f1": "account", "q-f1-is": str(uuid_of(OPEN))})
    asset, person = f"{form}.f1.{uuid_of(OPEN)}", f"{form}.f3.{far.uuid}"
    shown = desk.page(chief.get(f"/incidents/?filter=answer:is:{asset}"))
    assert f"= {OPEN}" in html.unescape(shown)
    assert "= Far" in desk.page(chief.get(f"/incidents/?filter=answer:is:{person}"))
    assert "= Far" not in desk.page(worker.get(f"/incidents/?filter=answer:is:{person}"))


def test_words_in_quotes_are_found_in_what_was_answered_in_either_language() -> None:
    open_site()
    asked = Definition(Text("故障", "Broken"), Use.ODD, fields=(field("f1", FieldKind.SHORT),))
    form = actions.write_form(by=world.admin(), definition=asked).form.uuid
    actions.offer_form(by=world.admin(), form=form, number=1)
    sent(stranger(), str(form), **{"q-f1": "会計の入口が開きません – Door 7"})
    mori = world.actor("mori", "commander")
    finding.read_in()
    for phrase, there in (("入口が開き", True), ("door 7", True), ("開き入口", False), ("7 door", False)):
        assert ("It is down" in finding.titles(mori, f'"{phrase}"')) is there, phrase


def test_a_reader_without_a_page_of_the_thing_sees_its_name_and_no_link(form: str) -> None:
    ours = world.organisation("Alpha")
    far = added("Far service", public=True)
    sent(desk.browser("ito", "reporter", at=ours), form, **{"q-f1": "far", "q-f1-is": str(far.uuid)})
    record = Incident.objects.latest("pk")
    room = desk.page(desk.browser("alpha", "responder", at=ours).get(f"/incidents/{record.ref}/"))
    assert "Far service" in room
    assert f"/assets/{far.uuid}/" not in room


def test_a_call_names_things_as_the_portal_does(form: str) -> None:
    kept = actions.write_form(by=world.admin(), definition=replace(ASKED, use=Use.PHONE))
    actions.offer_form(by=world.admin(), form=kept.form.uuid, number=1)
    worker, at = desk.browser("mori", "responder"), f"/phone/?form={kept.form.uuid}"
    page = desk.page(worker.get(at))
    assert f"/report/forms/{kept.form.uuid}/1/f1" in page
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
    typed = {"words": "It is down", "kind": "other", "language": "ja", "called_at": "2026-01-05T09:00", **hidden}
    typed |= {"impact": 2, "effect": 2, "urgency": 2, "q-f1": OPEN}
    assert "follow-code" in desk.page(worker.post(at, typed))
    assert [one.asset.name for one in LinkedAsset.objects.all()] == [OPEN]


def test_the_mark_comes_by_page_file_and_api(form: str) -> None:
    keeper = desk.browser("kei", "administrator")
    asset = Asset.objects.get(name=SECRET)
    assert "Public service" not in desk.page(keeper.get(f"/assets/{asset.uuid}/"))
    assert 'name="public"' in desk.page(keeper.get(f"/assets/{asset.uuid}/edit"))
    api = program(world.person("api", "administrator"))
    assert body(api.patch(f"assets/{asset.uuid}", {"public": True}))["public"] is True
    assert "Public service" in desk.page(keeper.get(f"/assets/{asset.uuid}/"))
    assert SECRET in offered(stranger(), form, "f1", "core")
    file = "資産名,公開サービス\nAccounting core,いいえ\nNew one,はい\n".encode()
    where = world.site().uuid
    brought = importing.prepare_import(by=world.admin(), organisation=where, file_name="a.csv", body=file)
    importing.carry_out_import(by=world.admin(), imported_file=brought.uuid)
    assert dict(Asset.objects.values_list("name", "public")) == {OPEN: True, SECRET: False, "New one": True}
    exported = keeper.get("/assets/export.csv").content.decode("utf-8-sig")
    assert "New one" in exported
    assert verify(state=True).findings == ()

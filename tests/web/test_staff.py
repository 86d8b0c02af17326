"""A staff list on its pages and through the API: brought, matched, ticked, applied."""

import base64
import re
from dataclasses import replace
from datetime import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from hikeshi.accounts import actions, public_desks
from hikeshi.accounts.models import Party, Person, StaffFile
from hikeshi.kernel.acting import system
from hikeshi.ledger.verify import verify
from hikeshi.oncall import actions as oncall
from hikeshi.oncall.models import Rota
from hikeshi.oncall.terms import LayerTerms
from tests import world
from tests.api.calling import body, problem, program
from tests.web.desk import browser, page


def brought(keeper: Client, text: str) -> str:
    """Where one is sent."""
    file = SimpleUploadedFile("名簿.csv", text.encode("cp932"))
    answer = keeper.post("/contacts/staff/", {"file": file, "organisation": str(world.site().uuid)})
    assert answer.status_code == 302
    return str(answer["Location"])


def marks(text: str) -> list[str]:
    return re.findall(r'name="pick" value="([^"]+)"', text)


def test_a_list_with_unknown_headings_is_matched_looked_at_and_applied_by_tick_with_a_successor() -> None:
    world.site()
    keeper = browser("keeper", "administrator")
    desk = system("test")
    gone, to = world.person("mori", "responder"), world.person("abe", "responder")
    actions.edit_person(by=desk, person=to.uuid, name="<安部> 太郎", email="abe@example.jp")
    layer = LayerTerms("Asia/Tokyo", datetime.fromisoformat("2026-01-05 09:00"), (gone.uuid,))
    oncall.add_rota(by=desk, organisation=world.site().uuid, name="夜間", time_zone="Asia/Tokyo", layers=[layer])
    where = brought(keeper, "だれ,ID\n<阿部> 太郎,abe\n新人,shin\n")
    assert "Which column is which" in page(keeper.get(where))
    assert "must tell people apart" in page(keeper.post(where + "columns", {"column-0": "name"}), 422)
    assert keeper.post(where + "columns", {"column-0": "name", "column-1": "username"}).status_code == 302

    shown = page(keeper.get(where))
    assert "&lt;阿部&gt; 太郎" in shown and "<阿部>" not in shown  # noqa: PT018  # one promise: escaped
    assert "夜間" in shown
    assert "Joined, not known here" in shown
    one = next(mark for mark in marks(shown) if str(gone.uuid) in mark)
    changed = next(mark for mark in marks(shown) if mark.startswith("2."))
    nothing = keeper.post(where, {}, follow=True)
    assert "Nothing was ticked" in page(nothing)
    assert "Name a successor" in page(keeper.post(where, {"pick": [one]}, follow=True))
    unknown = {"pick": [one], f"successor-p-{gone.uuid}": "nobody"}
    assert "nobody with the user name" in page(keeper.post(where, unknown, follow=True))
    assert Person.objects.get(pk=gone.pk).is_active
    done = keeper.post(where, {"pick": [one, changed], f"successor-p-{gone.uuid}": "abe"}, follow=True)
    assert "Applied: 2" in page(done)
    assert not Person.objects.get(pk=gone.pk).is_active
    assert str(to.uuid) in str(Rota.objects.get().layers)
    assert not Person.objects.filter(username="shin").exists()
    assert keeper.post(where + "close").status_code == 302
    assert bytes(StaffFile.objects.get().body) == b""
    assert "put away" in page(keeper.get(where))


def test_a_member_and_a_stranger_get_neither_the_page_nor_the_list() -> None:
    where = brought(browser("keeper", "administrator"), "ユーザー名,氏名\nmori,森\n")
    elsewhere = world.organisation("Elsewhere")
    for who, roles, at in (("member", "responder", None), ("stranger", "administrator", elsewhere)):
        assert browser(who, roles, at=at).get(where).status_code in {403, 404}


def test_a_program_brings_a_list_reads_the_differences_and_applies_what_it_read() -> None:
    world.site()
    api = program(Person.objects.get(username="admin"))
    mori = world.person("mori")
    content = base64.b64encode("ID;だれ\nmori;森 花子\n".encode("cp932")).decode()
    new = {"organisation": str(world.site().uuid), "file_name": "a.csv", "content": content}
    first = body(api.post("staff_comparisons", new))
    assert (first["unmatched"], first["differences"]) == (["name", "number"], [])
    path = f"staff_comparisons/{first['uuid']}"
    matched = body(api.put(f"{path}/columns", {"columns": {"username": 0, "name": 1}}))
    (found,) = [one for one in matched["differences"] if one["sort"] == "changed"]
    assert found["changes"] == [{"field": "name", "before": "Mori", "after": "森 花子"}]
    order = {"picks": [{"key": found["key"], "mark": found["mark"]}]}
    assert body(api.post(f"{path}/apply", order))["changed"] == 1
    again = body(api.post(f"{path}/apply", order))
    assert again["refused"] == [{"key": found["key"], "code": "changed_since"}]
    assert Person.objects.get(pk=mori.pk).name == "森 花子"
    problem(program(mori).get(path), 403, "not_allowed")
    assert api.delete(path).status_code == 204


def test_a_public_desk_is_taken_up_once_and_a_newer_edition_is_shown_as_a_difference(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world.site()
    keeper = browser("keeper", "administrator")
    shown = page(keeper.get("/contacts/outside/public/"))
    assert "cs-support@ipa.go.jp" in shown
    assert not Party.objects.exists()  # nothing by itself
    assert keeper.post("/contacts/outside/public/ipa_consulting/take-up").status_code == 302
    keeper.post("/contacts/outside/public/ipa_consulting/take-up")
    party = Party.objects.get()
    assert [way.address for way in party.ways.all()] == ["cs-support@ipa.go.jp"]
    assert party.kind == "ipa"
    # A later product knows another address.
    known = public_desks.desk("ipa_consulting")
    newer = replace(known, edition=2, ways=(*known.ways, public_desks.DeskWay("mail", "new@ipa.example")))
    monkeypatch.setattr(public_desks, "desks", lambda: {"ipa_consulting": newer})
    assert "new@ipa.example" in page(keeper.get("/contacts/outside/public/"))
    assert party.ways.count() == 1
    keeper.post("/contacts/outside/public/ipa_consulting/take-up")
    assert {way.address for way in party.ways.all()} == {"cs-support@ipa.go.jp", "new@ipa.example"}
    assert verify(state=True).holds
    assert browser("looker", "auditor").get("/contacts/outside/public/").status_code == 403


def test_a_public_desk_is_taken_up_for_each_organisation_one_may_write_for_and_for_no_other() -> None:
    branch, other = world.organisation("Branch"), world.organisation("Other")
    local = browser("local", "administrator", at=branch)
    address = "/contacts/outside/public/ipa_consulting/take-up"
    assert page(local.get("/contacts/outside/public/")).count(f'value="{branch.uuid}"') > 0
    assert local.post(address, {"organisation": str(other.uuid)}).status_code == 404
    assert local.post(address, {"organisation": "x"}).status_code == 404
    assert local.post(address).status_code == 302
    assert browser("keeper", "administrator").post(address, {"organisation": str(other.uuid)}).status_code == 302
    assert {party.organisation for party in Party.objects.all()} == {branch, other}


def test_whoever_cannot_be_reached_is_counted_in_the_menu_and_marked_where_they_are_on_call() -> None:
    world.site()
    keeper = browser("keeper", "administrator")
    mori = world.person("mori", "responder")
    layer = LayerTerms("Asia/Tokyo", datetime.fromisoformat("2026-01-05 09:00"), (mori.uuid,))
    place = world.site().uuid
    oncall.add_rota(by=system("test"), organisation=place, name="夜間", time_zone="Asia/Tokyo", layers=[layer])
    assert "No way is known" in page(keeper.get("/oncall/"))
    assert "not to be reached: 3" in page(keeper.get("/settings/"))  # admin, keeper and mori
    way = actions.add_way(by=system("test"), owner=f"person:{mori.uuid}", kind="phone", address="090-1111-2222")
    assert "Never proven" in page(keeper.get("/oncall/"))
    actions.prove_way(by=system("test"), way=way.uuid, how="called")
    calm = page(keeper.get("/oncall/"))
    assert "Never proven" not in calm
    assert "No way is known" not in calm

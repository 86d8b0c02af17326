"""What keeps two people off one thing, through the pages: look-alikes, claims, hand-overs, reports of one outage."""

import re

from hikeshi.incidents import actions
from hikeshi.incidents.models import Incident
from hikeshi.incidents.reporting import Purpose
from hikeshi.notify.models import Outgoing
from tests import world
from tests.web import desk
from tests.web.desk import page


def test_what_is_open_already_is_offered_while_a_new_one_gets_its_title_and_only_what_one_sees() -> None:
    client = desk.browser("sato", "responder")
    seen = desk.incident("共有フォルダが開けない")
    hidden = desk.incident("共有フォルダが開けません")
    actions.restrict(by=world.actor("mori"), ref=hidden.ref, reason="x")
    said = page(client.post("/incidents/alike", {"title": "共有フォルダ が開かない"}))
    assert seen.ref in said
    assert hidden.ref not in said
    assert seen.ref not in page(client.post("/incidents/alike", {"title": "Printer is out of toner"}))
    assert 'hx-post="/incidents/alike"' in page(client.get("/incidents/new"))


def test_an_unowned_one_is_taken_from_the_list_and_handed_over_with_a_note_that_reaches_the_other() -> None:
    client = desk.browser("mori", "commander")
    sato = world.person("sato", "responder")
    made = desk.incident("Files are gone", impact=3, urgency=3, effect=3)
    listed = page(client.get("/incidents/"))
    assert f'action="/incidents/{made.ref}/take"' in listed
    assert f'action="/incidents/{made.ref}/take"' not in page(desk.browser("au", "auditor").get("/incidents/"))
    client.post(f"/incidents/{made.ref}/take", {"version": made.version})
    assert Incident.objects.get(pk=made.pk).owner.username == "mori"
    sent = {"owner": str(sato.uuid), "note": "Backup runs until nine", "version": ""}
    client.post(f"/incidents/{made.ref}/assign", sent)
    assert Incident.objects.get(pk=made.pk).owner == sato
    assert "Backup runs until nine" in page(client.get(f"/incidents/{made.ref}/"))
    assert Outgoing.objects.filter(to=f"person:{sato.uuid}", purpose="told").count() == 1
    assert page(client.post(f"/incidents/{made.ref}/assign", {"owner": "", "note": "x"}), 422)


def test_of_two_who_take_it_on_the_second_is_told_who_has_it_and_takes_nothing_away() -> None:
    """The second's list was loaded before the first acted."""
    made = desk.incident("Two see it")
    first, second = desk.browser("abe", "responder"), desk.browser("ito", "responder")
    for client in (first, second):
        assert f'action="/incidents/{made.ref}/take"' in page(client.get("/incidents/"))
    assert first.post(f"/incidents/{made.ref}/take").status_code == 302
    told = page(second.post(f"/incidents/{made.ref}/take"), 422)
    assert "Abe has it already." in told
    assert Incident.objects.get(pk=made.pk).owner.username == "abe"
    assert first.post(f"/incidents/{made.ref}/take").status_code == 302, "one's own is no reason to be refused"


def test_reports_of_one_outage_are_put_under_it_answered_and_closed_from_its_room() -> None:
    client = desk.browser("mori", "commander")
    outage = desk.incident("Mail is down")
    told = [
        actions.report(by=world.actor(f"s{n}", "reporter"), purpose=Purpose.ODD, what="No mail", nonce=f"{n}" * 20)
        for n in range(2)
    ]
    refs = "\n".join(one.incident.ref for one in told)
    wrong = page(client.post(f"/incidents/{outage.ref}/add-reports", {"reports": f"{refs}, INC-1999-0001"}), 422)
    assert "There is no incident INC-1999-0001" in wrong
    client.post(f"/incidents/{outage.ref}/add-reports", {"reports": refs})
    room = page(client.get(f"/incidents/{outage.ref}/"))
    assert all(one.incident.ref in room for one in told)
    asked = page(client.get(f"/incidents/{outage.ref}/answer-all"))
    assert "each in their own report: 2." in asked
    nonce = asked.split('name="nonce" value="')[1].split('"')[0]
    for _ in range(2):
        client.post(f"/incidents/{outage.ref}/answer-all", {"text": "We are on it", "nonce": nonce})
    assert told[0].incident.messages.filter(text="We are on it").count() == 1
    done = {"resolution": "Back", "record_class": "event", "override_reason": "One outage"}
    client.post(f"/incidents/{outage.ref}/close-all", done)
    assert set(Incident.objects.values_list("status", flat=True)) == {"open", "closed"}
    split = page(client.get(f"/incidents/{outage.ref}/split"))
    assert "Split a part out" in split


def test_the_list_says_who_has_a_record_open_and_what_is_out_of_the_ordinary_about_it() -> None:
    client = desk.browser("mori", "commander")
    looked = desk.incident("Files are gone")
    hidden = desk.incident("Salaries were copied")
    actions.look(by=world.actor("sato", "responder"), ref=looked.ref)
    actions.restrict(by=world.actor("mori"), ref=hidden.ref, reason="x")
    rows = dict(re.findall(r'<tr data-row="([^"]+)">(.*?)</tr>', page(client.get("/incidents/")), re.DOTALL))
    assert 'class="badge plain there" title="sato"' in rows[str(looked.uuid)].lower()
    assert "Restricted" in rows[str(hidden.uuid)]
    assert "there" not in rows[str(hidden.uuid)]
    assert "Restricted" not in rows[str(looked.uuid)]

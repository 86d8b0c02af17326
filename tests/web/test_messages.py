"""The pages of messages out: what they show, what they keep to themselves, and what a person settles for calls."""

import pytest
from django.test import Client

from hikeshi.incidents import actions as incidents
from hikeshi.notify.models import Bounds, Channel, Outgoing, OwnRules
from hikeshi.oncall.escalation import State
from hikeshi.oncall.models import DutyNotice
from hikeshi.oncall.models.runs import Run
from tests import phone, world
from tests.phone import Phone, queue, send


def signed_in(username, *roles):
    client = Client(headers={"accept-language": "en"})
    person = world.person(username, *roles, password=world.PASSWORD)
    person.language = "en"
    person.save()
    client.post("/sign-in/", {"login": username, "password": world.PASSWORD})
    return client, person


def test_a_secret_is_typed_once_and_never_shown_again():
    keeper, _ = signed_in("keeper", "administrator")
    said = {"on": "on", "per_minute": "60", "host": "mail.example.jp", "port": "587", "security": "starttls"}
    said |= {"sender": "desk@example.jp", "password": "hunter2hunter2", "version": "0"}
    assert keeper.post("/settings/channels/mail", said).status_code == 302
    page = keeper.get("/settings/channels/mail").content.decode()
    assert "hunter2" not in page
    assert "Type only to replace it" in page
    assert keeper.post("/settings/channels/mail", {**said, "password": "", "version": "1"}).status_code == 302
    assert "hunter2" not in Channel.objects.get().sealed
    stale = keeper.post("/settings/channels/mail", {**said, "per_minute": "1", "version": "0"})
    assert stale.status_code == 409


def test_what_cannot_be_used_is_said_beside_the_field_and_kept():
    keeper, _ = signed_in("keeper", "administrator")
    said = {"on": "on", "per_minute": "0", "host": "", "port": "99999", "security": "tls", "sender": "desk"}
    answer = keeper.post("/settings/channels/mail", said)
    assert answer.status_code == 422
    assert 'value="99999"' in answer.content.decode()
    assert keeper.post("/settings/channels/hosts", {"hosts": "http://x/", "window": "20"}).status_code == 422
    assert not Channel.objects.exists()


def test_hosts_inside_are_named_by_an_administrator():
    keeper, _ = signed_in("keeper", "administrator")
    assert (
        keeper.post("/settings/channels/hosts", {"hosts": "NTFY.example.jp.\n10.0.0.5:8080", "window": "5"}).status_code
        == 302
    )
    assert Bounds.objects.get().hosts.split() == ["ntfy.example.jp", "10.0.0.5:8080"]


@pytest.mark.parametrize("count", [1, 30])
def test_the_outbox_asks_the_same_however_much_it_shows(count, django_assert_max_num_queries):
    keeper, person = signed_in("keeper", "administrator")
    phone.way(person)
    for number in range(count):
        queue(person, f"k{number}")
    with django_assert_max_num_queries(30):
        page = keeper.get("/settings/messages/")
    assert page.content.decode().count("/settings/messages/0") == count


def test_a_message_about_a_record_somebody_does_not_see_is_not_in_their_outbox():
    keeper, _ = signed_in("keeper", "administrator")
    own, _ = signed_in("chief", "administrator")
    chief = world.actor("chief")
    hidden = incidents.open_incident(by=chief, title="Leak", kind="insider", impact=1)
    incidents.restrict(by=chief, ref=hidden.ref, reason="names a colleague")
    Outgoing.objects.all().delete()
    row = queue(world.person("chief"), subject=f"incident:{hidden.uuid}")
    run = Run.objects.create(
        subject=f"incident:{hidden.uuid}",
        ref=hidden.ref,
        world="real",
        organisation=hidden.organisation,
        priority=1,
        kind="insider",
        policy="x",
        plan={},
        state=State.STOPPED,
        began_by="system:test",
    )
    called = queue(world.person("chief"), "called", subject=f"run:{run.uuid}")
    page = keeper.get("/settings/messages/").content.decode()
    assert str(row.uuid) not in page
    assert str(called.uuid) not in page
    assert keeper.get(f"/settings/messages/{row.uuid}").status_code == 404
    assert str(row.uuid) in own.get("/settings/messages/").content.decode()


def test_the_proof_of_a_message_is_shown():
    keeper, person = signed_in("keeper", "administrator")
    phone.way(person)
    with phone.ringing(ntfy=Phone()):
        row = queue(person)
        send()
    page = keeper.get(f"/settings/messages/{row.uuid}").content.decode()
    assert "taken-1" in page
    assert "https://ntfy.example" not in page


def test_somebody_chooses_which_way_is_taken_at_night():
    mori, person = signed_in("mori", "responder")
    phone.way(person)
    said = {"version": "0", "least_0": "1", "begin_0": "22:00", "end_0": "07:00", "after_0": "5", "repeat_0": "10"}
    assert mori.post("/account/calls", said).status_code == 302
    line = OwnRules.objects.get(person=person.uuid).lines[0]
    assert (line["least"], line["begin"], line["end"], line["after"], line["repeat"]) == (1, 1320, 420, 5, 10)
    wrong = mori.post("/account/calls", {**said, "version": "1", "begin_0": "25:99"})
    assert wrong.status_code == 422
    assert "25:99" in wrong.content.decode()


def test_somebody_chooses_when_they_hear_of_their_duty_and_nobody_saves_over_what_they_did_not_see():
    mori, person = signed_in("mori", "responder")
    assert 'value="24" selected' in mori.get("/account/calls").content.decode()
    assert mori.post("/account/duty-notice", {"notice-version": "0", "notice-hours": "0"}).status_code == 302
    assert 'value="0" selected' in mori.get("/account/calls").content.decode()
    late = mori.post("/account/duty-notice", {"notice-version": "0", "notice-hours": "48"})
    assert late.status_code == 409
    assert 'name="notice-version" value="1"' in late.content.decode()
    assert mori.post("/account/duty-notice", {"notice-version": "1", "notice-hours": "5"}).status_code == 422
    assert DutyNotice.objects.get(person=person).hours == 0


def test_without_any_contact_the_page_says_that_nobody_can_call():
    mori, _ = signed_in("mori", "responder")
    assert "Nobody can call you" in mori.get("/account/calls").content.decode()

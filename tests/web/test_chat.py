"""Chat tools at the door: only what is proved is believed, it is done once, and as the person who wrote it."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from hikeshi.chat import signatures
from hikeshi.engine import escalate
from hikeshi.incidents import actions as incidents
from hikeshi.incidents.models import Incident, Note, Reporter
from hikeshi.incidents.reporting import Via
from hikeshi.kernel import clock
from hikeshi.kernel.acting import system
from hikeshi.kernel.refusals import NotFound
from hikeshi.ledger.models import Entry, Reading
from hikeshi.oncall import actions as oncall
from hikeshi.oncall.models.runs import Run
from hikeshi.rooms import actions, queries
from hikeshi.rooms.makers import Maker
from hikeshi.rooms.models import Errand, Link, LinkCode
from tests import chat, world
from tests.domains.oncall import SATURDAY, planner, responders, rota
from tests.web.desk import browser, page

EVERY = list(Maker)
WHO = {Maker.SLACK: "U1", Maker.MATTERMOST: "u1", Maker.TEAMS: "aad-1", Maker.LINE_WORKS: "w1"}


def speaking(person, language="en"):
    person.language = language
    person.save()
    return person


def text(row, answer):
    """What the person reads."""
    assert answer.status_code == 200
    if row.maker == Maker.LINE_WORKS:
        return Errand.objects.latest("id").about["text"]
    return answer.json()["text"]


@pytest.mark.parametrize("maker", EVERY)
def test_a_person_links_themselves_declares_and_writes_a_note(maker):
    row, mori = chat.workspace(maker), speaking(world.person("mori", "responder"))
    say = chat.SAY[maker]
    assert "Fire" not in text(row, say(row, "declare Fire"))
    assert not Incident.objects.exists()
    code = actions.make_link_code(by=world.actor("mori"))
    assert "Mori" in text(row, say(row, f"link {code.lower()}"))
    assert queries.person_of(row.uuid, WHO[maker]) == mori
    assert "INC-" in text(row, say(row, "declare urgent ransomware Files are encrypted"))
    made = Incident.objects.get()
    assert (made.title, made.kind, made.record_class, made.opened_by) == (
        "Files are encrypted",
        "ransomware",
        "incident",
        f"person:{mori.uuid}",
    )
    assert made.impact == made.urgency == 1
    say(row, f"メモ {made.ref.lower()} 経理部のPC\n2台目も")
    note = Note.objects.get()
    assert (note.text, note.author) == ("経理部のPC\n2台目も", f"person:{mori.uuid}")


@pytest.mark.parametrize("maker", EVERY)
def test_what_is_not_proved_is_not_believed(maker):
    row = chat.workspace(maker)
    chat.known(row, world.person("mori", "responder"), WHO[maker])
    wrong = {"token": "x"} if maker is Maker.MATTERMOST else {"key": "d3Jvbmc="}
    assert chat.SAY[maker](row, "declare Fire", **wrong).status_code == 401
    if maker is Maker.SLACK:
        assert chat.slack(row, "declare Fire", shift=-301).status_code == 401
        assert chat.slack(row, "declare Fire", shift=301).status_code == 401
    elif maker is not Maker.MATTERMOST:
        stale = (clock.now() - timedelta(minutes=6)).isoformat()
        assert chat.SAY[maker](row, "declare Fire", at=stale).status_code == 401
        assert chat.SAY[maker](row, "declare Fire", at="yesterday").status_code == 401
    else:
        assert chat.mattermost(row, "declare Fire", header="Token other").status_code == 401
        assert chat.mattermost(row, "declare Fire", token="", header=f"Token {chat.KEY}").status_code == 401
    assert chat.post(row, b"x" * 100_001, "application/json").status_code == 413
    assert not Incident.objects.exists()


def test_the_makers_own_example_of_a_signature_is_right():
    """docs.slack.dev/authentication/verifying-requests-from-slack."""
    body = (
        b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
        b"&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
        b"&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
        b"&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
    )
    proof = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
    now = datetime.fromtimestamp(1531420618, UTC)
    said = {"at": "1531420618", "signature": proof, "now": now}
    assert signatures.slack(chat.KEY, body=body, **said)
    assert not signatures.slack(chat.KEY, body=body + b"x", **said)


def test_a_workspace_that_is_off_or_has_no_secret_answers_as_if_it_were_not_there():
    row = chat.workspace(on=False)
    assert chat.slack(row, "help").status_code == 404
    actions.set_workspace(by=world.admin(), workspace=row.uuid, name="Talk", on=True)
    type(row).objects.update(sealed="")
    assert chat.slack(row, "help", key="").status_code == 401


def test_what_the_tool_delivers_again_is_done_once():
    row = chat.workspace()
    chat.known(row, speaking(world.person("mori", "responder")), "U1")
    assert chat.slack(row, "declare Fire", trigger="same").json()
    again = chat.slack(row, "declare Fire", trigger="same")
    assert (again.status_code, again.content) == (200, b"")
    assert Incident.objects.count() == 1


def test_slack_is_told_that_somebody_is_there():
    row = chat.workspace()
    answer = chat.slack_event(row, {"type": "url_verification", "token": "x", "challenge": "3eZbrw1aB"})
    assert answer.content == b"3eZbrw1aB"
    assert answer["Content-Type"].startswith("text/plain")


def test_a_person_has_no_right_there_that_they_lack_at_the_desk():
    row = chat.workspace()
    incident = incidents.open_incident(by=world.actor("chief", "commander"), title="Leak", kind="insider", impact=1)
    chat.known(row, speaking(world.person("ito", "reporter")), "U1")
    before = Entry.objects.count()
    for words in (f"note {incident.ref} seen", f"ack {incident.ref}", f"status {incident.ref}"):
        answer = text(row, chat.slack(row, words))
        assert "not for you" in answer
        assert "Leak" not in answer
    assert Entry.objects.count() == before
    assert "not allowed" in text(row, chat.slack(row, "who")).lower()


@pytest.mark.parametrize("maker", EVERY)
def test_whoever_asks_who_is_on_call_hears_who_has_it_now_and_who_is_next(maker):
    row = chat.workspace(maker)
    mori, abe = responders("mori", "abe")
    rota(mori, abe)
    rota(abe, name="Network")
    chat.known(row, speaking(mori), WHO[maker])
    both = text(row, chat.SAY[maker](row, "who"))
    assert both.index("Network") < both.index("now Abe") < both.index("Night") < both.index("now Mori")
    assert ("then Abe" in both, "no end in sight" in both) == (True, True)
    one = text(row, chat.SAY[maker](row, "当番 network"))
    assert ("Network" in one, "Abe" in one, "Night" in one) == (True, True, False)
    oncall.add_absence(by=planner(), person=abe.uuid, begins_at=SATURDAY, ends_at=SATURDAY + timedelta(days=90))
    assert "now nobody" in text(row, chat.SAY[maker](row, "who network"))


def test_a_restricted_record_is_spoken_of_to_its_members_alone_and_never_where_others_read():
    chief = world.actor("chief", "commander")
    speaking(world.person("chief"))
    incident = incidents.open_incident(by=chief, title="Sales list", kind="insider", impact=1)
    incidents.restrict(by=chief, ref=incident.ref, reason="names a colleague")
    slack, teams = chat.workspace(), chat.workspace(Maker.TEAMS)
    for row, who in ((slack, "U1"), (teams, "aad-1")):
        chat.known(row, world.person("chief"), who)
    chat.known(slack, speaking(world.person("mori", "responder")), "U2")
    assert "Sales list" in text(slack, chat.slack(slack, f"status {incident.ref}"))
    assert Reading.objects.filter(actor=chief.ref, what="chat").exists()
    for words in (f"status {incident.ref}", "list", f"note {incident.ref} x", f"ack {incident.ref}"):
        heard = text(teams, chat.teams(teams, words)), text(slack, chat.slack(slack, words, "U2"))
        assert not any("Sales" in one or f"{incident.ref} (" in one for one in heard)
    assert not Note.objects.exists()
    unknown = text(teams, chat.teams(teams, "status INC-2026-9999"))
    assert unknown == text(teams, chat.teams(teams, f"status {incident.ref}"))


def test_in_a_channel_that_others_read_no_title_is_said():
    chief = world.actor("chief", "commander")
    speaking(world.person("chief"))
    incident = incidents.open_incident(by=chief, title="Mail is down", kind="other", impact=2)
    row = chat.workspace(Maker.TEAMS)
    chat.known(row, world.person("chief"), "aad-1")
    answer = text(row, chat.teams(row, "list"))
    assert incident.ref in answer
    assert "Mail" not in answer


def test_a_call_is_answered_without_naming_the_record():
    mori = speaking(world.person("mori", "commander"))
    row = chat.workspace()
    chat.known(row, mori, "U1")
    assert "Nobody is calling you" in text(row, chat.slack(row, "ack"))
    made = incidents.open_incident(by=world.actor("ito", "commander"), title="Fire", kind="other", impact=1, urgency=1)
    incidents.call_for_help(by=system("t"), incident=made.uuid)
    escalate.step(clock.now())
    assert made.ref in text(row, chat.slack(row, "応答"))
    assert Run.objects.get().answered_by == f"person:{mori.uuid}"


def test_all_calls_that_wait_are_taken_by_one_word_but_none_of_others_or_of_a_closed_circle():
    mori = speaking(world.person("mori", "commander"))
    row = chat.workspace()
    chat.known(row, mori, "U1")
    ito, said = world.actor("ito", "commander"), {"kind": "other", "impact": 1, "urgency": 1}
    made = [incidents.open_incident(by=ito, title=f"Fire {number}", **said) for number in range(3)]
    for one in made:
        incidents.call_for_help(by=system("t"), incident=one.uuid)
    escalate.step(clock.now())
    incidents.restrict(by=ito, ref=made[2].ref, reason="Names a colleague")
    asked = text(row, chat.slack(row, "ack"))
    assert "ack all" in asked
    answer = text(row, chat.slack(row, "ack all"))
    assert [one.ref in answer for one in made] == [True, True, False]
    taken = set(Run.objects.filter(answered_by=f"person:{mori.uuid}").values_list("subject", flat=True))
    assert taken == {made[0].subject, made[1].subject}
    assert "Nobody is calling you" in text(row, chat.slack(row, "対応 すべて"))
    assert "Nobody" not in text(row, chat.slack(row, "all"))  # no command by itself: the help


def test_an_employees_report_comes_in_by_chat():
    row = chat.workspace()
    chat.known(row, speaking(world.person("ito"), "ja"), "U1")
    assert "ありがとう" in text(row, chat.slack(row, "報告 覚えのない操作のログがありました", trigger="r"))
    chat.slack(row, "報告 覚えのない操作のログがありました", trigger="r")
    assert Reporter.objects.get().via == Via.CHAT


def test_what_stands_in_a_title_stays_text():
    row = chat.workspace()
    chat.known(row, speaking(world.person("mori", "responder")), "U1")
    assert "<!channel>" not in text(row, chat.slack(row, "declare <!channel> & co"))
    other = chat.workspace(Maker.MATTERMOST)
    chat.known(other, world.person("mori"), "u1")
    answer = text(other, chat.mattermost(other, "declare ![x](https://evil.example/p.png) @channel"))
    assert "![x](" not in answer
    assert "@channel" not in answer


def test_a_code_works_once_for_ten_minutes_and_cannot_be_guessed():
    row, mori = chat.workspace(), speaking(world.person("mori", "responder"))
    code = actions.make_link_code(by=world.actor("mori"))
    assert code.replace("-", "") not in LinkCode.objects.get().digest
    clock.fast_forward(timedelta(minutes=10, seconds=1))
    chat.slack(row, f"link {code}")
    assert not Link.objects.exists()
    code = actions.make_link_code(by=world.actor("mori"))
    for _ in range(5):
        chat.slack(row, "link AAAAA-AAAAA", "U9")
    chat.slack(row, f"link {code}", "U9")
    assert not Link.objects.exists()
    chat.slack(row, f"link {code}", "U1")
    assert Link.objects.get().person == mori
    chat.slack(row, f"link {code}", "U2")
    assert Link.objects.get().chat_id == "U1"


def test_what_an_administrator_writes_down_counts_once_the_person_has_confirmed_it():
    row, mori = chat.workspace(), world.person("mori", "responder")
    link = actions.map_person(by=world.admin(), workspace=row.uuid, person="mori", chat_id="U7")
    assert queries.person_of(row.uuid, "U7") is None
    with pytest.raises(NotFound):
        actions.confirm_link(by=world.admin(), link=link.uuid)
    actions.confirm_link(by=world.actor("mori"), link=link.uuid)
    assert queries.person_of(row.uuid, "U7") == mori


def test_whoever_writes_faster_than_anybody_types_has_to_wait():
    row = chat.workspace()
    chat.known(row, speaking(world.person("mori", "responder")), "U1")
    answers = [text(row, chat.slack(row, "help")) for _ in range(31)]
    assert "often" in answers[-1]
    assert "often" not in answers[-2]
    assert "often" not in text(row, chat.slack(row, "help", "U2"))


def test_the_pages_connect_a_workspace_and_show_no_secret():
    keeper, mori = browser("keeper", "administrator"), browser("mori", "responder")
    assert "/account/chat" not in page(mori.get("/account/"))
    made = keeper.post("/settings/chat/new", {"maker": "slack", "name": "CSIRT"})
    place = made["Location"]
    wrong = keeper.post(place, {"name": "CSIRT", "on": "on", "threshold": "2", "version": "1"})
    assert wrong.status_code == 422
    said = {"name": "CSIRT", "on": "on", "threshold": "2", "version": "1", "signing_secret": chat.KEY}
    assert keeper.post(place, said).status_code == 302
    assert chat.KEY not in page(keeper.get(place)) + page(keeper.get(place.removesuffix("edit")))
    assert "CSIRT" in page(keeper.get("/settings/chat/"))
    assert "/account/chat" in page(mori.get("/account/"))
    shown = page(mori.post("/account/chat"))
    assert "/hikeshi link" in shown
    assert mori.get("/settings/chat/").status_code == 403


def test_the_door_takes_no_get():
    row = chat.workspace()
    assert Client().get(f"/chat/v1/{row.uuid}").status_code == 405


def test_a_broken_body_is_refused_and_not_fatal():
    row = chat.workspace()
    for body in (
        b"{",
        b"[]",
        b"\xff\xfe",
        b'{"type": 5}',
        json.dumps({"type": "event_callback", "event": []}).encode(),
    ):
        answer = chat.post(row, body, "application/json", **chat.slack_headers(body))
        assert answer.status_code in {200, 400}
    assert chat.post(row, b"x", "text/plain", **chat.slack_headers(b"x")).status_code == 415

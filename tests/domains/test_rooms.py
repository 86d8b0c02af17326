"""A room for each incident: private, for its people alone, said once, and made by nobody twice."""

import json
from datetime import timedelta
from unittest.mock import patch
from urllib.parse import urlencode

import pytest

from hikeshi.accounts import actions as accounts
from hikeshi.incidents import actions as incidents
from hikeshi.incidents.models import Link as RecordLink
from hikeshi.incidents.models import Note
from hikeshi.kernel import clock
from hikeshi.ledger import reactions
from hikeshi.notify import actions as notify
from hikeshi.rooms import actions, clients, sending
from hikeshi.rooms.models import Errand, ErrandState, Room, RoomState, Workspace
from tests import chat, chat_tools, receivers, world

pytestmark = pytest.mark.enable_socket


@pytest.fixture
def slack():
    with receivers.running(chat_tools.slack()) as receiver:
        world.site()
        notify.set_hosts(by=world.admin(), hosts=f"127.0.0.1:{receiver.port}")
        made = lambda setup: clients.Slack(setup, base=receiver.url)  # noqa: E731
        with patch.object(sending, "client", made):
            yield receiver


def went_on(rounds=30):
    reactions.begin()
    while reactions.step(clock.now()):
        continue
    for _ in range(rounds):
        if not sending.step(clock.now()):
            break


def talking(**more):
    return chat.workspace(makes_rooms=True, threshold=2, given={"bot_token": "xoxb-1"}, **more)


def test_a_grave_incident_gets_a_private_room_with_its_people_and_a_small_one_none(slack):
    row = talking()
    chat.known(row, world.person("mori", "commander"), "U1")
    reactions.begin()
    mori = world.actor("mori")
    incident = incidents.open_incident(by=mori, title="Fire <!channel>", kind="other", impact=1, urgency=1)
    incidents.open_incident(by=mori, title="Small", kind="other", impact=3, urgency=3)
    went_on()
    rooms = slack.taken[0]
    assert [(one["name"], one["private"], one["people"]) for one in rooms.values()] == [
        (incident.ref.lower(), True, {"UBOT", "U1"})
    ]
    said = rooms["C1"]["said"]
    assert len(said) == 1
    assert "Fire &lt;!channel&gt;" in said[0]
    assert RecordLink.objects.get().url == "https://talk.slack.com/archives/C1"
    chat.known(row, world.person("ito", "responder"), "U2")
    incidents.add_person(by=mori, ref=incident.ref, person="ito", role="scribe")
    went_on()
    assert rooms["C1"]["people"] == {"UBOT", "U1", "U2"}
    assert Room.objects.get().state == RoomState.OPEN


def test_the_room_of_a_restricted_record_holds_its_members_alone_and_no_title(slack):
    row = talking()
    chat.known(row, world.person("mori", "commander"), "U1")
    mori = world.actor("mori")
    reactions.begin()
    incident = incidents.open_incident(by=mori, title="Sales list", kind="insider", impact=1, urgency=1)
    incidents.restrict(by=mori, ref=incident.ref, reason="names a colleague")
    went_on()
    room = slack.taken[0]["C1"]
    assert not any("Sales" in one for one in room["said"])
    room["people"].add("U666")
    incidents.assign(by=mori, ref=incident.ref, owner="mori")
    went_on()
    assert room["people"] == {"UBOT", "U1"}


def test_a_tool_that_refuses_asks_to_wait_or_knows_nobody_is_noted_and_nothing_is_lost(slack):
    row = talking()
    chat.known(row, world.person("mori", "commander"), "U1")
    reactions.begin()
    slack.before = lambda request: (429, {"ok": False, "error": "ratelimited"}, {"Retry-After": "30"})
    incidents.open_incident(by=world.actor("mori"), title="Fire", kind="other", impact=1, urgency=1)
    went_on()
    seen = len(slack.seen)
    went_on()
    assert len(slack.seen) == seen  # left alone until then
    assert Workspace.objects.get().trouble == "busy"
    slack.before = lambda request: None
    clock.fast_forward(timedelta(seconds=31))
    went_on()
    assert Room.objects.get().state == RoomState.OPEN
    Workspace.objects.update(sealed="")
    actions.set_workspace(
        by=world.admin(), workspace=row.uuid, name="Talk", on=True, given={"signing_secret": "x", "bot_token": "y"}
    )
    actions.try_workspace(by=world.admin(), workspace=row.uuid)
    went_on()
    assert (Errand.objects.latest("id").state, Errand.objects.latest("id").error) == (
        ErrandState.FAILED,
        "invalid_auth",
    )


def test_a_desk_that_is_held_says_nothing(slack):
    row = talking()
    accounts.hold_site(by=world.admin())
    actions.try_workspace(by=world.admin(), workspace=row.uuid)
    assert not sending.step(clock.now())
    assert not slack.seen


def test_a_message_marked_in_the_room_stands_in_the_timeline_once(slack):
    row = talking()
    chat.known(row, world.person("mori", "commander"), "U1")
    reactions.begin()
    incidents.open_incident(by=world.actor("mori"), title="Fire", kind="other", impact=1, urgency=1)
    went_on()
    payload = {
        "type": "message_action",
        "callback_id": "hikeshi_mark",
        "user": {"id": "U1"},
        "channel": {"id": "C1"},
        "message": {"ts": "1700000000.000100", "text": "It &amp; that", "user": "U77"},
    }
    body = urlencode({"payload": json.dumps(payload)}).encode()
    for _ in range(2):
        answer = chat.post(row, body, "application/x-www-form-urlencoded", **chat.slack_headers(body))
        assert answer.status_code == 200
    note = Note.objects.get()
    assert "U77" in note.text
    assert "> It & that" in note.text
    assert note.author == world.actor("mori").ref

"""Rooms are told truly: their topic, people and end; none is made twice, and a marked message stands as it was."""

import json
from datetime import timedelta
from unittest.mock import patch

import pytest

from hikeshi.accounts import actions as accounts
from hikeshi.incidents import actions as incidents
from hikeshi.incidents.codes import RecordClass
from hikeshi.incidents.models import Link as RecordLink
from hikeshi.incidents.models import Note
from hikeshi.kernel import clock
from hikeshi.kernel.refusals import Invalid, NotAllowed, NotFound
from hikeshi.ledger.models import Entry
from hikeshi.notify import actions as notify
from hikeshi.notify.channels.line_works import LineWorks
from hikeshi.rooms import actions, clients, sending
from hikeshi.rooms.makers import Maker
from hikeshi.rooms.models import Errand, Mark, Room, RoomState
from tests import chat, chat_tools, makers, receivers, world
from tests.domains.test_rooms import went_on
from tests.stories.test_channels import service_account

pytestmark = pytest.mark.enable_socket
MORI, ITO = "d191e339-3299-44e6-7a44-04d9cb01a5e0", "d191e339-3299-44e6-7a44-04d9cb01a5e1"


class Tool:
    """A chat tool that stands: its receiver, the workspace as the desk knows it, its rooms."""

    def __init__(self, maker, receiver, row):
        self.maker, self.receiver, self.row = maker, receiver, row

    @property
    def rooms(self):
        return self.receiver.taken[0]

    def room(self, number=-1):
        return list(self.rooms.values())[number]

    def topic(self, number=-1):
        return self.room(number)["topic" if self.maker is Maker.SLACK else "header"]


def _setting(maker, receiver, manages):
    if maker is Maker.SLACK:
        return {"bot_token": "xoxb-1"}, lambda setup: clients.Slack(setup, base=receiver.url)
    return {"bot_token": "mm-1", "server": receiver.url, "team": chat_tools.TEAM}, clients.Mattermost


@pytest.fixture(params=[Maker.SLACK, Maker.MATTERMOST])
def tool(request):
    made = chat_tools.slack() if request.param is Maker.SLACK else chat_tools.mattermost()
    with receivers.running(made) as receiver:
        world.site()
        notify.set_hosts(by=world.admin(), hosts=f"127.0.0.1:{receiver.port}")
        given, client = _setting(request.param, receiver, manages=True)
        with patch.object(sending, "client", client):
            row = chat.workspace(request.param, makes_rooms=True, threshold=2, given=given)
            chat.known(row, world.person("mori", "commander"), "U1")
            went_on()
            yield Tool(request.param, receiver, row)


def fire(priority=1):
    return incidents.open_incident(
        by=world.actor("mori"), title="Fire", kind="other", impact=priority, urgency=priority
    )


def ended(made, by):
    incidents.close(by=by, ref=made.ref, resolution="out", record_class=RecordClass.EVENT)


def test_what_stands_above_a_room_follows_priority_and_phase(tool):
    made, mori = fire(), world.actor("mori")
    went_on()
    assert tool.topic().replace("\\", "").startswith(f"{made.ref} · P1 · ")
    before = tool.topic()
    incidents.set_priority(by=mori, ref=made.ref, priority=2, reason="smaller")
    went_on()
    assert "P2" in tool.topic()
    assert tool.topic() != before
    asked = [one for one in tool.receiver.seen if "opic" in one.path or "patch" in one.path]
    incidents.assign(by=mori, ref=made.ref, owner="mori")
    went_on()
    assert asked == [one for one in tool.receiver.seen if "opic" in one.path or "patch" in one.path]


def test_a_room_whose_making_nobody_wrote_down_is_found_again_and_not_made_twice(tool):
    known = tool.receiver.service
    lost = []

    def cut(request):
        """The tool does it, and the answer never comes back."""
        making = request.path.endswith(("conversations.create", "/api/v4/channels")) and request.method == "POST"
        if making and not lost:
            lost.append(known(request))
            return 502, b""
        return None

    tool.receiver.before = cut
    fire()
    went_on()
    clock.fast_forward(timedelta(minutes=2))
    went_on()
    assert lost
    assert len(tool.rooms) == 1
    assert Room.objects.get().state == RoomState.OPEN
    assert len(tool.room()["said"]) == 1


def test_an_engine_that_dies_after_making_finds_the_room_again(tool):
    fire()
    with patch.object(sending.outcomes, "settle"):  # the process ends before anything is written down
        went_on(rounds=3)
    assert Errand.objects.filter(state="going").count() == 1
    clock.fast_forward(timedelta(minutes=4))
    went_on()
    assert len(tool.rooms) == 1
    assert Room.objects.get().state == RoomState.OPEN


def test_a_channel_of_the_same_name_that_is_not_ours_is_left_alone(tool):
    other = fire()
    went_on()
    room = tool.room()
    room["purpose"], room["name"] = "Somebody else's", f"{other.ref.lower()[:-4]}{int(other.ref[-4:]) + 1:04d}"
    fire()
    went_on()
    assert len(tool.rooms) == 2
    assert tool.room()["name"].endswith("-2")


def test_what_could_not_be_made_is_tried_again_and_told_once(tool):
    tool.receiver.before = lambda request: (500, b"")
    fire()
    for _ in range(12):
        went_on()
        clock.fast_forward(timedelta(minutes=40))
    assert Room.objects.get().state == RoomState.FAILED
    assert Entry.objects.filter(fact="rooms.RoomFailed").count() == 1
    tool.receiver.before = lambda request: None
    clock.fast_forward(timedelta(minutes=95))
    went_on()
    assert Room.objects.get().state == RoomState.OPEN
    assert len(tool.room()["said"]) == 1


def test_a_record_that_was_opened_before_gets_its_room_when_somebody_asks(tool):
    small, mori = fire(3), world.actor("mori")
    went_on()
    assert not tool.rooms
    with pytest.raises(NotFound):
        actions.make_room(by=world.actor("ito", "reporter"), ref=small.ref, workspace=tool.row.uuid)
    with pytest.raises(NotAllowed):
        actions.make_room(by=world.actor("aoki", "auditor"), ref=small.ref, workspace=tool.row.uuid)
    actions.make_room(by=mori, ref=small.ref, workspace=tool.row.uuid)
    actions.make_room(by=mori, ref=small.ref, workspace=tool.row.uuid)
    went_on()
    assert len(tool.rooms) == 1
    actions.close_room(by=mori, ref=small.ref, workspace=tool.row.uuid)
    went_on()
    incidents.assign(by=mori, ref=small.ref, owner="mori")
    went_on()
    assert Room.objects.get().state == RoomState.CLOSED  # what somebody closed stays closed


def test_a_room_is_closed_with_its_record_and_there_again_when_it_is_opened_again(tool):
    made, mori = fire(), world.actor("mori")
    went_on()
    ended(made, mori)
    went_on()
    assert tool.room().get("archived") or tool.room().get("delete_at")
    assert Room.objects.get().state == RoomState.CLOSED
    incidents.reopen(by=mori, ref=made.ref, reason="again")
    went_on()
    assert Room.objects.get().state == RoomState.OPEN
    assert not tool.room().get("archived")
    assert not tool.room().get("delete_at")
    assert "U1" in tool.room()["people"]
    # Slack lets no bot unarchive: there a new room takes over, and the record names both.
    assert len(tool.rooms) == RecordLink.objects.count() == (2 if tool.maker is Maker.SLACK else 1)


def test_a_bot_that_may_not_restore_makes_another_room():
    with receivers.running(chat_tools.mattermost(manages=False)) as receiver:
        world.site()
        notify.set_hosts(by=world.admin(), hosts=f"127.0.0.1:{receiver.port}")
        given, _client = _setting(Maker.MATTERMOST, receiver, manages=False)
        row = chat.workspace(Maker.MATTERMOST, makes_rooms=True, threshold=2, given=given)
        chat.known(row, world.person("mori", "commander"), "U1")
        went_on()
        made = fire()
        went_on()
        ended(made, world.actor("mori"))
        went_on()
        incidents.reopen(by=world.actor("mori"), ref=made.ref, reason="again")
        went_on()
        names = [one["name"] for one in receiver.taken[0].values()]
        assert names == [made.ref.lower(), f"{made.ref.lower()}-2"]
        assert Room.objects.get().state == RoomState.OPEN


def test_whoever_leaves_the_record_leaves_its_room_and_others_stay(tool):
    made, mori = fire(), world.actor("mori")
    chat.known(tool.row, world.person("ito", "responder"), "U2")
    incidents.add_person(by=mori, ref=made.ref, person="ito", role="scribe")
    went_on()
    tool.room()["people"].add("U9")  # asked in by hand: the desk does not know them
    assert {"U1", "U2"} <= tool.room()["people"]
    incidents.remove_person(by=mori, ref=made.ref, participant=made.participants.get(person__username="ito").uuid)
    went_on()
    assert "U2" not in tool.room()["people"]
    assert {"U1", "U9"} <= tool.room()["people"]
    chat.known(tool.row, world.person("sato", "reporter"), "U9")
    incidents.assign(by=mori, ref=made.ref, owner="mori")
    went_on()
    assert "U9" not in tool.room()["people"]  # known now, and may not see the record


def test_whoever_leaves_the_company_or_is_untied_leaves_every_room(tool):
    made, mori = fire(), world.actor("mori")
    for number, name in ((2, "ito"), (3, "sato")):
        incidents.add_person(by=mori, ref=made.ref, person=world.person(name, "responder").username, role="scribe")
        chat.known(tool.row, world.person(name), f"U{number}")
    went_on()
    assert {"U1", "U2", "U3"} <= tool.room()["people"]
    accounts.deactivate_person(by=world.admin(), person=world.person("ito").uuid)
    link = world.person("sato").chat_links.get()
    actions.unlink(by=world.admin(), link=link.uuid)
    went_on()
    assert not {"U2", "U3"} & tool.room()["people"]


def test_one_account_that_is_gone_does_not_keep_the_others_from_hearing():
    with receivers.running(chat_tools.slack()) as receiver:
        world.site()
        notify.set_hosts(by=world.admin(), hosts=f"127.0.0.1:{receiver.port}")
        given, client = _setting(Maker.SLACK, receiver, manages=True)
        with patch.object(sending, "client", client):
            row = chat.workspace(makes_rooms=True, threshold=2, given=given)
            chat.known(row, world.person("mori", "commander"), "U404")
            went_on()
            fire()
            went_on()
        assert len(receiver.taken[0]["C1"]["said"]) == 1


def reaction(row, name="pushpin", who="U1", ts="1700000000.000100", place="C1", event="Ev1"):
    item = {"type": "message", "channel": place, "ts": ts}
    said = {"type": "reaction_added", "user": who, "reaction": name, "item_user": "U77", "item": item}
    return chat.slack_event(row, {"type": "event_callback", "event_id": event, "event": said})


@pytest.fixture
def spoken():
    with receivers.running(chat_tools.slack()) as receiver:
        world.site()
        notify.set_hosts(by=world.admin(), hosts=f"127.0.0.1:{receiver.port}")
        given, client = _setting(Maker.SLACK, receiver, manages=True)
        with patch.object(sending, "client", client):
            row = chat.workspace(makes_rooms=True, threshold=2, given={**given, "reaction": ":memo:"})
            chat.known(row, world.person("mori", "commander"), "U1")
            went_on()
            fire()
            went_on()
            receiver.taken[0]["C1"]["written"] = {
                "1700000000.000100": ("U77", "It &amp; that <!channel>", False),
                "1700000000.000200": ("U1", "in a thread", True),
            }
            yield Tool(Maker.SLACK, receiver, row)


def test_a_reaction_that_the_site_chose_takes_a_message_into_the_timeline_once(spoken):
    row = spoken.row
    assert reaction(row, "pushpin").status_code == 200
    went_on()
    assert not Note.objects.exists()
    for event in ("Ev2", "Ev2", "Ev3"):
        assert reaction(row, "memo::skin-tone-2", event=event).status_code == 200
    went_on()
    reaction(row, "memo", event="Ev4")
    reaction(row, "memo", ts="1700000000.000200", event="Ev5")
    went_on()
    taken = list(Note.objects.order_by("pk"))
    assert len(taken) == 2
    assert "U77" in taken[0].text
    assert "> It & that" in taken[0].text
    assert "in a thread" in taken[1].text
    assert taken[0].author == world.actor("mori").ref


def test_a_reaction_of_somebody_without_the_right_or_unsigned_does_nothing(spoken):
    chat.known(spoken.row, world.person("aoki", "auditor"), "U3")
    reaction(spoken.row, "memo", who="U3")
    reaction(spoken.row, "memo", who="U666", event="Ev2")
    reaction(spoken.row, "memo", place="C99", event="Ev3")
    body = json.dumps({"type": "event_callback", "event_id": "Ev4"}).encode()
    signed = chat.slack_headers(body, key="other")
    assert chat.post(spoken.row, body, "application/json", **signed).status_code == 401
    went_on()
    assert not Note.objects.exists()


def changed(row, subtype, ts="1700000000.000100", **more):
    event = {"type": "message", "subtype": subtype, "channel": "C1", **more}
    chat.slack_event(row, {"type": "event_callback", "event_id": f"Ev{subtype}{ts}", "event": event})


def test_a_taken_message_that_is_changed_or_deleted_there_keeps_its_first_words(spoken):
    row, before = spoken.row, {"ts": "1700000000.000100", "text": "It"}
    changed(row, "message_changed", message={**before, "text": "Other"}, previous_message=before)
    assert not Note.objects.exists()  # of what nobody marked, nothing is kept
    reaction(row, "memo")
    went_on()
    first = Note.objects.get().text
    changed(row, "message_changed", message=before, previous_message=before)  # only a preview was added
    assert Note.objects.count() == 1
    for _ in range(2):
        changed(row, "message_changed", message={**before, "text": "Other"}, previous_message=before)
    assert Note.objects.count() == 2
    for _ in range(2):
        changed(row, "message_deleted", deleted_ts=before["ts"])
    assert Note.objects.count() == 3
    assert Note.objects.order_by("pk").first().text == first
    assert not Note.objects.filter(text__contains="Other").exists()


def test_at_mattermost_a_message_is_taken_by_its_link_and_looked_at_again_since_nobody_tells_of_changes():
    with receivers.running(chat_tools.mattermost()) as receiver:
        world.site()
        notify.set_hosts(by=world.admin(), hosts=f"127.0.0.1:{receiver.port}")
        given, _client = _setting(Maker.MATTERMOST, receiver, manages=True)
        row = chat.workspace(Maker.MATTERMOST, makes_rooms=True, threshold=2, given=given)
        mori = world.person("mori", "commander")
        mori.language = "en"
        mori.save()
        chat.known(row, mori, "u1")
        went_on()
        made = fire()
        went_on()
        place, post = next(iter(receiver.taken[0])), "p" * 26
        receiver.posts[post] = {
            "id": post,
            "channel_id": place,
            "user_id": "u9",
            "message": "Pump is hot",
            "create_at": 1_700_000_000_000,
            "delete_at": 0,
        }
        receiver.posts["q" * 26] = {**receiver.posts[post], "id": "q" * 26, "channel_id": "elsewhere"}
        link = f"{receiver.url}/csirt/pl/"
        assert made.ref in chat.mattermost(row, f"mark {link}{post}", place=place).json()["text"]
        chat.mattermost(row, f"mark {link}{'q' * 26}", place=place)
        assert "link" in chat.mattermost(row, "mark that one", place=place).json()["text"]
        went_on()
        first = Note.objects.get().text
        assert "> Pump is hot" in first
        assert "u9" in first
        receiver.posts[post] |= {"update_at": 1_700_000_500_000, "has_reactions": True}
        later(timedelta(minutes=2))
        assert Note.objects.count() == 1  # somebody put a thumb to it; its words are the same
        receiver.posts[post] |= {"message": "Pump is cold", "edit_at": 1_700_000_900_000}
        for _ in range(3):
            later(timedelta(hours=7))
        assert Note.objects.count() == 2
        assert Mark.objects.get().fate == "changed"
        asked = len(receiver.seen)
        receiver.before = lambda request: (403, {"id": "api.context.permissions.app_error", "status_code": 403})
        later(timedelta(hours=7))
        assert len(receiver.seen) > asked
        assert Note.objects.count() == 2  # a bot that was sent out of the channel knows nothing, and claims nothing
        receiver.before = lambda request: None
        del receiver.posts[post]
        for _ in range(2):
            later(timedelta(hours=7))
        assert Note.objects.count() == 3
        assert Mark.objects.get().fate == "gone"
        assert Note.objects.order_by("pk").first().text == first
        assert not Note.objects.filter(text__contains="Pump is cold").exists()
        asked = len(receiver.seen)
        later(timedelta(hours=7))
        assert len(receiver.seen) == asked  # what is gone is not asked for again


def later(span):
    clock.fast_forward(span)
    went_on()


@pytest.fixture
def works():
    account, plain, secret = service_account()
    account.users = (MORI, ITO)
    with receivers.running(chat_tools.works(account)) as receiver:
        world.site()
        notify.set_hosts(by=world.admin(), hosts=f"127.0.0.1:{receiver.port}")
        speaks = LineWorks(base=f"{receiver.url}/v1.0", tokens=f"{receiver.url}/oauth2/v2.0/token")
        client = lambda setup: clients.Works(setup, base=f"{receiver.url}/v1.0", account=speaks)  # noqa: E731
        given = {**plain, **secret}
        with patch.object(sending, "client", client):
            row = chat.workspace(Maker.LINE_WORKS, makes_rooms=True, threshold=2, given=given)
            chat.known(row, world.person("mori", "commander"), MORI)
            went_on()
            yield Tool(Maker.LINE_WORKS, receiver, row)


def test_line_works_makes_a_talk_room_and_another_without_whoever_left(works):
    made, mori = fire(), world.actor("mori")
    chat.known(works.row, world.person("ito", "responder"), ITO)
    incidents.add_person(by=mori, ref=made.ref, person="ito", role="scribe")
    went_on()
    assert [one["people"] for one in works.rooms.values()] == [{MORI, ITO}]
    said = len(works.room()["said"])
    incidents.remove_person(by=mori, ref=made.ref, participant=made.participants.get(person__username="ito").uuid)
    went_on()
    assert [one["people"] for one in works.rooms.values()] == [{MORI, ITO}, {MORI}]
    assert len(works.room(0)["said"]) == said
    assert works.room()["said"]


def test_line_works_is_asked_once_where_nobody_knows_whether_it_was_made(works):
    known = works.receiver.service

    def lost(request):
        return (known(request), (504, b""))[1] if request.path.endswith("/channels") else None

    works.receiver.before = lost
    made = fire()
    went_on()
    clock.fast_forward(timedelta(hours=5))
    works.receiver.before = lambda request: None
    went_on()
    assert (len(works.rooms), Room.objects.get().trouble) == (1, "unknown_outcome")
    actions.make_room(by=world.actor("mori"), ref=made.ref, workspace=works.row.uuid)
    went_on()
    assert (len(works.rooms), Room.objects.get().state) == (2, RoomState.OPEN)


def test_line_works_that_asks_to_wait_is_left_alone_until_then(works):
    limit = {"code": "TOO_MANY_REQUESTS", "description": "API rate limit exceeded"}
    works.receiver.before = lambda request: (429, limit, {"rateLimit-reset": "50"})
    fire()
    went_on()
    seen = len(works.receiver.seen)
    clock.fast_forward(timedelta(seconds=40))
    went_on()
    assert len(works.receiver.seen) == seen
    works.receiver.before = lambda request: None
    clock.fast_forward(timedelta(seconds=11))
    went_on()
    assert Room.objects.get().state == RoomState.OPEN


def test_a_tool_without_what_rooms_need_makes_none_on_demand():
    row = chat.workspace()
    made = incidents.open_incident(by=world.actor("mori", "commander"), title="Fire", kind="other", impact=1)
    with pytest.raises(Invalid):
        actions.make_room(by=world.actor("mori"), ref=made.ref, workspace=row.uuid)


def test_a_token_line_works_ended_before_its_time_is_fetched_anew_and_nothing_is_said_twice(works):
    made = fire()
    went_on()
    said = len(works.room()["said"])
    ended = {one.headers["authorization"] for one in works.receiver.seen if "authorization" in one.headers}
    over = (401, {"code": "UNAUTHORIZED", "description": "Authentication failed"})
    works.receiver.before = lambda request: over if request.headers.get("authorization") in ended else None
    incidents.set_priority(by=world.actor("mori"), ref=made.ref, priority=2, reason="smaller")
    went_on()
    assert len(works.room()["said"]) == said + 1
    assert len([one for one in works.receiver.seen if one.path.endswith("/token")]) == 2
    works.receiver.before = lambda request: over if request.path.endswith("/messages") else None
    incidents.set_priority(by=world.actor("mori"), ref=made.ref, priority=1, reason="larger")
    went_on()
    assert len([one for one in works.receiver.seen if one.path.endswith("/token")]) == 3  # once more, and not for ever
    works.row.refresh_from_db()
    assert works.row.trouble


FLOW = "/workflows/86ffea6392fe4f3f9555f5e8f9b1f06e/triggers/manual/paths/invoke"
SIG = "qXb3Dk_R2v-7mJtYf0aWc9LpZsE1uHnG4oTiK8yVxQ5"


@pytest.fixture
def overheard():
    """A channel of Teams that everybody there reads, by the address of its workflow."""
    with receivers.running(makers.teams(path=FLOW, sig=SIG)) as receiver:
        world.site()
        notify.set_hosts(by=world.admin(), hosts=f"127.0.0.1:{receiver.port}")
        asked = f"api-version=2016-06-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig={SIG}"
        given = {"webhook": f"{receiver.url}{FLOW}?{asked}"}
        row = chat.workspace(Maker.TEAMS, makes_rooms=True, threshold=2, given=given)
        chat.known(row, world.person("mori", "commander"), "aad-1")
        went_on()
        yield receiver, row


def test_a_channel_of_teams_is_told_how_a_record_stands_and_never_what_it_is_called(overheard):
    receiver, _row = overheard
    made, mori = fire(), world.actor("mori")
    went_on()
    assert [made.ref in " ".join(words) for words in receiver.taken] == [True]
    incidents.assign(by=mori, ref=made.ref, owner="mori")
    went_on()
    ended(made, mori)
    went_on()
    assert len(receiver.taken) == 3
    assert not [words for words in receiver.taken if "Fire" in " ".join(words) or "Mori" in " ".join(words)]
    assert Room.objects.get().state == RoomState.CLOSED


def test_a_record_that_becomes_restricted_is_not_spoken_of_where_others_listen(overheard):
    receiver, _row = overheard
    made, mori = fire(), world.actor("mori")
    went_on()
    incidents.restrict(by=mori, ref=made.ref, reason="names a colleague")
    incidents.set_priority(by=mori, ref=made.ref, priority=2, reason="smaller")
    went_on()
    assert len(receiver.taken) == 1


def test_a_workflow_that_knows_us_no_more_or_asks_to_wait_is_noted_and_its_words_come_later(overheard):
    receiver, row = overheard
    receiver.before = lambda _: (429, {"error": {"code": "WorkflowRunActionRateLimited"}}, {"Retry-After": "40"})
    made = fire()
    went_on()
    row.refresh_from_db()
    assert (row.trouble, receiver.taken) == ("busy", [])
    receiver.before = lambda _: None
    later(timedelta(seconds=90))
    assert [made.ref in " ".join(words) for words in receiver.taken] == [True]
    receiver.before = lambda _: (401, {"error": {"code": "AuthorizationFailed"}})
    incidents.set_priority(by=world.actor("mori"), ref=made.ref, priority=2, reason="smaller")
    went_on()
    row.refresh_from_db()
    assert (row.trouble, len(receiver.taken)) == ("unauthorised", 1)

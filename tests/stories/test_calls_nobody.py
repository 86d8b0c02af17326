"""A demonstration, and a desk that is held, connect to nobody: every road out of the desk, each tried on a real desk
first, so that a road that leads nowhere proves nothing.
"""

import contextlib
import socket
from collections.abc import Callable, Iterator

import pytest

from hikeshi.accounts import queries as accounts
from hikeshi.accounts.models import Person, Site
from hikeshi.accounts.ways import Kind
from hikeshi.edge import sns as edge
from hikeshi.intake import actions as intake
from hikeshi.intake import subscribing
from hikeshi.intake.models import Topic
from hikeshi.kernel import clock
from hikeshi.kernel.http import NOBODY, Barred, Permitted, connect, request
from hikeshi.kernel.http.guard import Why, resolve
from hikeshi.kernel.refusals import Invalid
from hikeshi.kernel.worlds import World
from hikeshi.mailboxes import actions as mailboxes
from hikeshi.mailboxes import queries as boxes
from hikeshi.mailboxes import trying
from hikeshi.notify import actions as notify
from hikeshi.notify import setups, tokens
from hikeshi.notify.handing import Failed
from hikeshi.notify.models import Delivery
from hikeshi.notify.replies import following
from hikeshi.notify.sending import Sender
from hikeshi.oncall import actions as oncall
from hikeshi.oncall.actions import subscriptions
from hikeshi.rooms import actions as rooms
from hikeshi.rooms import clients, sending
from hikeshi.rooms.makers import Maker
from tests import chat, phone, world
from tests.domains.test_mailboxes import PASSED, box, come, mail

ARN = "arn:aws:sns:ap-northeast-1:123456789012:alarms"


class Ear:
    """Listens, and says nothing: it counts who knocks."""

    def __init__(self) -> None:
        self.wire = socket.create_server(("127.0.0.1", 0))
        self.wire.setblocking(False)
        self.port: int = self.wire.getsockname()[1]

    def knocks(self) -> int:
        heard = 0
        with contextlib.suppress(BlockingIOError):
            while True:
                self.wire.accept()[0].close()
                heard += 1
        return heard


@pytest.fixture
def ear(monkeypatch: pytest.MonkeyPatch) -> Iterator[Ear]:
    """Whoever calls is cut off as soon as the line stands: what is asked is whether they call."""
    one = Ear()
    world.site()
    notify.set_hosts(by=world.admin(), hosts=f"127.0.0.1:{one.port}")
    monkeypatch.setattr(socket.socket, "sendall", _broken)
    monkeypatch.setattr(socket.socket, "recv_into", _broken)
    yield one
    one.wire.close()


def _broken(*_given: object) -> int:
    raise ConnectionResetError


def _mail_server(ear: Ear) -> None:
    given = {"host": "127.0.0.1", "port": str(ear.port), "security": "none", "sender": "desk@example.jp"}
    given |= {"imap_host": "127.0.0.1", "imap_port": str(ear.port), "imap_security": "none", "imap_username": "desk"}
    notify.set_channel(by=world.admin(), kind="mail", given=given)


def a_mailbox_that_is_tried(ear: Ear) -> None:
    given = {"imap_host": "127.0.0.1", "imap_port": str(ear.port), "imap_security": "none", "imap_username": "desk"}
    row = box(given={**given, "imap_password": "right"})
    with contextlib.suppress(Invalid):
        assert trying.attempt(world.admin(), row.uuid).failed is not None


def an_answer_to_a_letter(ear: Ear) -> None:
    _mail_server(ear)
    come(box(), mail(Authentication_Results=PASSED))
    assert boxes.any_answer_due(clock.now())
    mailboxes.answer_next(clock.now())


def a_subscribed_calendar(ear: Ear) -> None:
    oncall.subscribe_calendar(by=world.actor("mori", "responder"), address=f"http://127.0.0.1:{ear.port}/duty.ics")
    subscriptions.read_next(clock.now())


def a_topic_that_is_confirmed(ear: Ear) -> None:
    intake.allow_topic(by=world.admin(), source="cloudwatch", arn=ARN)
    Topic.objects.update(url=f"http://127.0.0.1:{ear.port}/?Action=ConfirmSubscription", due_at=clock.now())
    subscribing.confirm_next(clock.now())


def a_certificate_of_a_topic(ear: Ear) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(edge, "close_old_connections", lambda: None)  # this thread's one holds the test's own rows
        edge._fetched(f"http://127.0.0.1:{ear.port}/SimpleNotificationService.pem")


def a_chat_tool(ear: Ear) -> None:
    row = chat.workspace(Maker.SLACK, given={"bot_token": "xoxb-1"})
    rooms.try_workspace(by=world.admin(), workspace=row.uuid)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sending, "client", lambda setup: clients.Slack(setup, base=f"http://127.0.0.1:{ear.port}"))
        sending.step(clock.now())


def a_test_message(ear: Ear) -> None:
    keeper = world.admin()
    owner = Person.objects.get(uuid=keeper.ref.removeprefix("person:"))
    notify.try_channel(by=keeper, way=phone.way(owner, Kind.WEBHOOK, f"http://127.0.0.1:{ear.port}/hook"))
    _sent()


def a_test_message_by_apprise(ear: Ear) -> None:
    keeper = world.admin()
    owner = Person.objects.get(uuid=keeper.ref.removeprefix("person:"))
    notify.try_channel(by=keeper, way=phone.way(owner, Kind.NTFY, f"http://127.0.0.1:{ear.port}/topic"))
    _sent()


def _sent() -> None:
    sender = Sender(workers=0)
    for _ in range(5):
        sender.step(clock.now())


def a_token(ear: Ear) -> None:
    given = {"oauth_token_url": f"http://127.0.0.1:{ear.port}/token", "oauth_client_id": "desk"}
    setup = setups.Setup("mail", True, given, {}, setups.way_out())
    ask = tokens.Ask(tokens.Way.GOOGLE_ACCOUNT, "desk@example.jp", setup)
    with pytest.raises(Failed):
        tokens.let_in(ask, lambda _: True)


ROADS = (
    a_mailbox_that_is_tried,
    an_answer_to_a_letter,
    a_subscribed_calendar,
    a_topic_that_is_confirmed,
    a_certificate_of_a_topic,
    a_chat_tool,
    a_test_message,
    a_test_message_by_apprise,
    a_token,
)


@pytest.mark.parametrize("road", ROADS, ids=lambda road: road.__name__)
@pytest.mark.parametrize(("in_world", "live"), [(World.REAL, True), (World.DEMO, True), (World.REAL, False)])
def test_only_a_real_desk_that_was_released_connects(
    road: Callable[[Ear], None], in_world: World, live: bool, ear: Ear
) -> None:
    Site.objects.update(world=in_world, live=live)
    accounts.site()
    road(ear)
    assert bool(ear.knocks()) == (in_world is World.REAL and live)


@pytest.mark.parametrize(("in_world", "live"), [(World.REAL, True), (World.DEMO, True), (World.REAL, False)])
def test_no_mailbox_is_kept_open(in_world: World, live: bool, ear: Ear) -> None:
    Site.objects.update(world=in_world, live=live)
    _mail_server(ear)
    given = {"imap_host": "127.0.0.1", "imap_port": str(ear.port), "imap_username": "desk", "imap_password": "right"}
    box(given=given)
    calls = in_world is World.REAL and live
    assert (bool(boxes.boxes()), following._wanted() is not None) == (calls, calls)


def test_a_program_that_telephones_is_not_started_in_a_demonstration(tmp_path, ear: Ear) -> None:
    del ear
    keeper, mark = world.admin(), tmp_path / "called"
    notify.set_channel(by=keeper, kind="phone", given={"command": f"/usr/bin/touch\n{mark}"})
    owner = Person.objects.get(uuid=keeper.ref.removeprefix("person:"))
    way = phone.way(owner, Kind.PHONE, "+81312345678")
    for in_world, called in ((World.DEMO, False), (World.REAL, True)):
        Site.objects.update(world=in_world)
        notify.try_channel(by=keeper, way=way)
        _sent()
        assert mark.exists() == called
    assert "desk_shut" in Delivery.objects.values_list("error", flat=True)


def test_who_waits_for_a_try_is_told_why_nothing_was_called(ear: Ear) -> None:
    row = box(given={"imap_host": "127.0.0.1", "imap_port": str(ear.port)})
    for change, code in (({"world": World.DEMO}, "desk_shut"), ({"world": World.REAL, "live": False}, "desk_held")):
        Site.objects.update(**change)
        with pytest.raises(Invalid) as refused:
            trying.attempt(world.admin(), row.uuid)
        assert refused.value.reason == code


def test_a_call_that_nobody_permitted_is_not_made() -> None:
    """Not even the name is asked for: that would already be a question to somebody."""
    for shut in (NOBODY, Permitted(frozenset({"127.0.0.1"}), shut=True), NOBODY.along("127.0.0.1")):
        with pytest.raises(Barred, match=Why.SHUT):
            request("GET", "http://127.0.0.1:9/", headers={}, permitted=shut)
        with pytest.raises(Barred, match=Why.SHUT):
            connect("127.0.0.1", 9, shut)
        with pytest.raises(Barred, match=Why.SHUT):
            resolve("desk.example", 9, shut)

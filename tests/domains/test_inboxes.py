"""What every inbox promises, whether it is tables or a stream that several machines keep."""

import itertools
import os
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta

import pytest
from django.db import OperationalError, connection

from hikeshi.engine.digest import DEADLY, Digest
from hikeshi.intake import digesting
from hikeshi.intake.actions import rows
from hikeshi.intake.inbox import claims, owners, place
from hikeshi.intake.inbox.address import Access, Stream
from hikeshi.intake.inbox.appending import Accepted, KeyReused, NotKept, Outcome, Post
from hikeshi.intake.inbox.items import InboxItem
from hikeshi.intake.inbox.jetstream import stream as jetstream
from hikeshi.intake.inbox.jetstream.stream import StreamInbox
from hikeshi.intake.inbox.place import Inbox, Tables
from hikeshi.intake.models import Alert
from hikeshi.kernel.clock import now
from hikeshi.kernel.ids import uuid7
from hikeshi.kernel.worlds import World
from tests.jetstream import Jetstream
from tests.world import clock, site

DEAD = "elsewhere/1/1"
NAMES = (f"site{number}" for number in itertools.count())
pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])


@pytest.fixture(scope="module")
def servers() -> Iterator[Jetstream]:
    running = Jetstream()
    running.start()
    yield running
    running.kill(0)


Open = Callable[..., StreamInbox]


@pytest.fixture
def stream(servers: Jetstream) -> Iterator[Open]:
    """Opens streams of this test's own; the same name again is the same stream, asked by another process."""
    opened = []
    mine = next(NAMES)

    def open_stream(name: str = mine, megabytes: int = 100) -> StreamInbox:
        found = StreamInbox(Stream((servers.url,), name, False, Access(), replicas=1, megabytes=megabytes))
        opened.append(found)
        return found

    yield open_stream
    for one in opened:
        one.wire.close()


@pytest.fixture(params=["tables", "stream"])
def inbox(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Inbox:
    found = Tables() if request.param == "tables" else request.getfixturevalue("stream")()
    monkeypatch.setattr(jetstream, "SWEEP_EVERY", 0.0)
    monkeypatch.setattr(place, "inbox", lambda: found)
    return found


def item(body: bytes = b"{}", alerts: int = 1, source: str = "generic") -> InboxItem:
    return InboxItem(uuid7(), source, site().pk, body, "application/json", now(), World.REAL, alerts)


def accept(inbox: Inbox, *items: InboxItem) -> list[Outcome]:
    return inbox.append([Post(one) for one in items])


def all_of(inbox: Inbox, owner: str = "me/1/1") -> list[list[InboxItem]]:
    found, taken = [], None
    while taken := inbox.take(owner, done=taken):
        found.append(list(taken.items))
    return found


def test_what_was_accepted_comes_out_as_it_went_in_and_in_order(inbox):
    sent = [item(bytes(range(256)), alerts=3), item(b'{"a":"\\u0000"}'), item("検知".encode("cp932"))]
    assert accept(inbox, *sent) == [Accepted(one.receipt, one.alerts) for one in sent]
    assert all_of(inbox) == [sent]
    assert not inbox.pending()


def test_alerts_are_counted_exactly_while_they_wait_are_in_hand_and_are_gone(inbox):
    accept(inbox, item(alerts=5), item(alerts=2, source="wazuh"))
    assert (inbox.totals().accepted, inbox.totals().pending) == (7, 7)
    taken = inbox.take("me/1/1")
    accept(inbox, item(alerts=4))
    assert (inbox.totals().accepted, inbox.totals().pending) == (11, 11)
    taken = inbox.take("me/1/1", done=taken)
    assert (inbox.totals().accepted, inbox.totals().pending) == (11, 4)
    inbox.take("me/1/1", done=taken)
    assert (inbox.totals().accepted, inbox.totals().pending) == (11, 0)
    assert not inbox.pending()


def test_the_same_key_gets_the_same_receipt_is_kept_once_and_takes_no_other_body(inbox):
    first, again, other = (Post(item(alerts=4), b"key", b"digest") for _ in range(3))
    answers = inbox.append([first, again])
    assert answers[0] == answers[1]
    assert inbox.append([other, Post(item(), b"another", b"digest")])[0] == answers[0]
    assert inbox.append([Post(item(), b"key", b"other")]) == [KeyReused()]
    assert inbox.totals().accepted == 5
    assert [len(each) for each in all_of(inbox)] == [2]


def test_two_digesters_never_hold_the_same_body_and_none_is_left_out(inbox):
    sent = [item(b"%d" % number) for number in range(claims.ALERTS + 20)]
    accept(inbox, *sent)
    one, other = inbox.take(owners.me()), inbox.take("elsewhere/2/2")
    assert (list(one.items), list(other.items)) == (sent[: claims.ALERTS], sent[claims.ALERTS :])
    assert inbox.take("elsewhere/3/3") is None
    inbox.take("elsewhere/2/2", done=other)  # what is done first lies behind what is not: that must stay
    clock.fast_forward(claims.LEASE + timedelta(seconds=1))
    assert list(inbox.take("elsewhere/3/3").items) == list(one.items)


def test_one_batch_is_bounded_in_alerts_and_bytes_but_never_empty(inbox):
    accept(inbox, item(alerts=claims.ALERTS + 1), item(), item(b"x" * claims.BYTES), item(b"x" * claims.BYTES))
    assert [len(each) for each in all_of(inbox)] == [1, 1, 1, 1]


def test_the_first_alert_of_a_quiet_source_overtakes_a_storm_and_the_storm_loses_nothing(inbox):
    storm, calm = [item() for _ in range(3 * claims.ALERTS)], [item(source=name) for name in ("wazuh", "zabbix")]
    accept(inbox, *storm, item(alerts=claims.ALERTS, source="splunk"), *calm)
    first = inbox.take("me/1/1")
    assert list(first.items) == calm
    accept(inbox, item(source="okta"))
    second = inbox.take("me/1/1", done=first)
    assert {one.source for one in second.items} == {"generic", "splunk", "okta"}, "the quiet ones leave turns to others"
    seen, taken = [*first.items, *second.items], second
    while taken := inbox.take("me/1/1", done=taken):
        assert sum(one.alerts for one in taken.items) <= claims.ALERTS
        seen += taken.items
    assert [one for one in seen if one.source == "generic"] == storm
    assert len(seen) == len(storm) + 4
    assert inbox.totals().pending == 0


def test_the_first_alert_of_a_quiet_source_overtakes_a_hundred_thousand_of_another(inbox):
    """Accepted after all of them, it is in the next batch that is taken."""
    storm = [item(b"[]", alerts=claims.ALERTS) for _ in range(100_000 // claims.ALERTS)]
    accept(inbox, *storm)
    before = inbox.take("me/1/1")
    quiet = item(source="wazuh")
    accept(inbox, quiet)
    assert quiet in inbox.take("me/1/1", done=before).items
    assert inbox.totals().pending == 100_000 - sum(one.alerts for one in before.items) + 1


def test_a_digester_that_dies_leaves_all_it_held_to_the_next_but_not_before_its_lease_is_over(inbox):
    sent = [item(source=name) for name in ("generic", "wazuh", "zabbix")]
    accept(inbox, *sent)
    assert len(inbox.take(DEAD).items) == 3
    assert inbox.take(owners.me()) is None
    clock.fast_forward(claims.LEASE + timedelta(seconds=1))
    back = [one for each in all_of(inbox, owners.me()) for one in each]
    assert sorted(back, key=lambda one: one.source) == sent


def test_a_dead_digester_s_bodies_are_taken_at_once_where_its_death_is_certain(inbox):
    machine = owners.me().split("/", maxsplit=1)[0]
    accept(inbox, item())
    held = inbox.take(f"{machine}/1/not-the-moment-it-started")
    assert list(inbox.take(owners.me()).items) == list(held.items)


def test_what_is_given_back_is_free_for_the_next(inbox):
    accept(inbox, item())
    held = inbox.take(DEAD)
    inbox.give_back(held)
    assert list(inbox.take(owners.me()).items) == list(held.items)


def test_a_run_that_kills_its_digesters_is_halved_until_the_culprit_stands_alone(inbox):
    culprit = item(b"deadly")
    accept(inbox, *[item() for _ in range(40)], culprit, *[item() for _ in range(60)])
    done, worked, deaths = None, set(), 0
    while True:
        taken = inbox.take(f"elsewhere/{deaths}/1", done=done)
        done = None
        if taken is None and not inbox.pending():
            break
        if taken is None:
            clock.fast_forward(claims.LEASE + timedelta(seconds=1))
        elif taken.deadly:
            assert list(taken.items) == [culprit]
            done = taken
        elif culprit in taken.items:
            deaths += 1
            clock.fast_forward(claims.LEASE + timedelta(seconds=1))
        else:
            worked |= set(taken.items)
            done = taken
    assert len(worked) == 100
    assert deaths <= 11
    assert inbox.totals().pending == 0


class Dies(BaseException):
    """kill -9, as far as one process can play it."""


def digester(owner: str, digest: Callable[[Sequence[InboxItem]], object] = digesting.digest) -> Digest:
    return Digest(owner, digest, lambda _item, _error: None)


def alert(number: int) -> InboxItem:
    return item(b'{"title":"t%d","key":"%d"}' % (number, number))


def test_a_digester_that_dies_after_its_transaction_counts_nothing_twice(inbox):
    accept(inbox, *[alert(number) for number in range(7)])
    dying = digester(DEAD)
    dying.step(now())  # it digested, and never came back to say so
    clock.fast_forward(claims.LEASE + timedelta(seconds=1))
    other = digester(owners.me())
    while other.step(now()):
        continue
    assert sorted(Alert.objects.values_list("title", "count")) == [(f"t{number}", 1) for number in range(7)]
    assert (inbox.totals().accepted, inbox.totals().pending) == (7, 0)


def test_a_digester_that_dies_within_its_transaction_leaves_everything_to_the_next(inbox):
    accept(inbox, *[alert(number) for number in range(7)])

    def dies(items: Sequence[InboxItem]) -> None:
        raise Dies

    with pytest.raises(Dies):
        digester(DEAD, dies).step(now())
    clock.fast_forward(claims.LEASE + timedelta(seconds=1))
    other = digester(owners.me())
    while other.step(now()):
        continue
    assert Alert.objects.count() == 7


def test_a_body_that_ended_every_process_is_parked_unread(inbox, monkeypatch):
    accept(inbox, item(b"deadly"))
    monkeypatch.setattr(claims, "GIVE_UP_AFTER", 0)
    parked: list[tuple[bytes, str]] = []
    loop = Digest("me/1/1", digesting.digest, lambda one, error: parked.append((one.body, error)))
    while loop.step(now()):
        continue
    assert parked == [(b"deadly", DEADLY)]
    assert not inbox.pending()


def test_a_body_that_fails_is_parked_alone_and_the_others_are_counted_once(inbox):
    accept(inbox, *[alert(number) for number in range(5)], item(b"poison"), *[alert(number) for number in range(5, 9)])
    parked: list[bytes] = []

    def digest(items: Sequence[InboxItem]) -> None:
        digesting.digest([one for one in items if one.body != b"poison"])
        if any(one.body == b"poison" for one in items):
            raise RuntimeError("cannot be mapped")

    loop = Digest("me/1/1", digest, lambda one, _error: parked.append(one.body))
    while loop.step(now()):
        continue
    assert parked == [b"poison"]
    assert set(Alert.objects.values_list("count", flat=True)) == {1}
    assert Alert.objects.count() == 9
    assert (inbox.totals().accepted, inbox.totals().pending) == (10, 0)


def test_old_bodies_that_wait_are_known(inbox):
    assert not inbox.waiting_since(now())
    accept(inbox, item())
    assert inbox.waiting_since(now() + timedelta(seconds=5))
    assert not inbox.waiting_since(now() - timedelta(hours=1))


def test_a_commit_wakes_the_digest(inbox):
    waiter = inbox.listen()
    try:
        inbox.ring()
        rung_by_itself = isinstance(inbox, Tables) and connection.vendor == "postgresql"  # by the transaction
        assert rung_by_itself or waiter.wait(60)
        assert not waiter.wait(0.05)
    finally:
        waiter.close()


# The stream alone.


def test_what_was_stored_twice_under_one_receipt_counts_once(stream, monkeypatch):
    """A sender repeats a body after the servers have forgotten its id: it is there twice, and is one."""
    monkeypatch.setattr(jetstream, "SWEEP_EVERY", 0.0)
    one = stream()
    monkeypatch.setattr(place, "inbox", lambda: one)
    sent = alert(1)
    first = one.append([Post(sent, b"key", b"digest")])
    monkeypatch.setattr("hikeshi.intake.inbox.jetstream.keeping.SURE", timedelta(0))
    monkeypatch.setattr("hikeshi.intake.inbox.jetstream.keeping._once", lambda item: uuid7().hex)
    assert one.append([Post(alert(1), b"key", b"digest")]) == first
    assert one.totals().accepted == 1
    loop = digester(owners.me())
    while loop.step(now()):
        continue
    assert list(Alert.objects.values_list("count", flat=True)) == [1]
    assert rows.consumed([sent.receipt]) == {sent.receipt}
    assert (one.totals().accepted, one.totals().pending) == (1, 0)


def test_a_stream_that_is_full_refuses_and_takes_again_when_there_is_room(stream, monkeypatch):
    monkeypatch.setattr(jetstream, "SWEEP_EVERY", 0.0)
    one = stream(megabytes=1)
    big = [item(b"x" * 400_000) for _ in range(3)]
    assert one.append([Post(each) for each in big])[2] == NotKept()
    assert one.totals().pending == 2
    all_of(one)
    assert one.append([Post(big[2])]) == [Accepted(big[2].receipt, 1)]


def test_a_process_that_comes_later_sees_the_same_stream(stream):
    accept(stream(), item(b"1"))
    other = stream()
    assert (other.totals().accepted, [[one.body for one in each] for each in all_of(other)]) == (1, [[b"1"]])


def test_a_stream_made_anew_begins_anew(stream):
    """Whoever set the servers up from nothing has numbers from one again; what was claimed before means nothing."""
    accept(stream(), item(), item())
    all_of(stream())
    fresh = stream("another")
    accept(fresh, item(b"1"))
    assert [[one.body for one in each] for each in all_of(fresh)] == [[b"1"]]


def test_servers_that_are_gone_are_the_site_s_fault_and_nothing_is_lost(stream, monkeypatch):
    alone = Jetstream()
    alone.start()
    one = StreamInbox(Stream((alone.url,), "hikeshi", False, Access(), replicas=1, megabytes=10))
    monkeypatch.setattr(jetstream, "SECONDS", 0.3)
    try:
        accept(one, item(b"1"))
        alone.kill(0)
        assert accept(one, item(b"2")) == [NotKept()]
        with pytest.raises(OperationalError):
            one.take("me/1/1")
        alone.start()
        end = 100
        while end and accept(one, item(b"3")) == [NotKept()]:
            end -= 1
        bodies = [body.body for each in all_of(one) for body in each]
        assert bodies[0] == b"1"
        assert b"3" in bodies
    finally:
        one.wire.close()
        alone.remove(os.getpid())

"""The inbox: what is accepted stays, is given to one digester at a time, and comes back when that one dies."""

from collections.abc import Sequence
from datetime import timedelta

from hikeshi.intake.inbox import claims, owners, purging
from hikeshi.intake.inbox.appending import KEY_LIFE, Accepted, Answer, KeyReused, Post, append
from hikeshi.intake.inbox.items import InboxItem
from hikeshi.intake.inbox.models import Item, Key
from hikeshi.intake.inbox.totals import totals
from hikeshi.kernel.clock import now
from hikeshi.kernel.ids import uuid7
from hikeshi.kernel.worlds import World
from tests.world import clock

DEAD = "elsewhere/1/1"


def item(body: bytes = b"{}", alerts: int = 1, source: str = "generic") -> InboxItem:
    return InboxItem(uuid7(), source, 7, body, "application/json", now(), World.REAL, alerts)


def accept(*items: InboxItem) -> list[Answer]:
    return append([Post(one) for one in items])


def receipts(taken: claims.Taken | None) -> Sequence[object]:
    return [one.receipt for one in taken.items] if taken else []


def test_what_was_accepted_comes_out_as_it_went_in_and_in_order():
    sent = [item(bytes(range(256)), alerts=3), item(b'{"a":"\\u0000"}'), item("検知".encode("cp932"))]
    assert accept(*sent) == [Accepted(one.receipt, one.alerts) for one in sent]
    taken = claims.take("me/1/1")
    assert taken is not None
    assert list(taken.items) == sent


def test_many_go_in_at_once():
    sent = [item(b"%d" % number) for number in range(301)]
    accept(*sent)
    assert [bytes(body) for body in Item.objects.order_by("id").values_list("body", flat=True)] == [
        one.body for one in sent
    ]


def test_totals_count_alerts_not_requests():
    accept(item(alerts=5), item(alerts=2))
    assert (totals().accepted, totals().pending) == (7, 7)
    taken = claims.take("me/1/1")
    claims.take("me/1/1", done=taken)
    assert (totals().accepted, totals().pending) == (7, 0)
    assert not claims.pending()


def test_the_same_key_gets_the_same_receipt_and_is_kept_once():
    first, again, other = (Post(item(alerts=4), b"key", b"digest") for _ in range(3))
    answers = append([first, again])
    assert answers == append([other, Post(item(), b"another", b"digest")])[:1] * 2
    assert answers == [Accepted(first.item.receipt, 4)] * 2
    assert totals().accepted == 5


def test_the_same_key_with_another_body_is_refused():
    append([Post(item(), b"key", b"digest")])
    assert append([Post(item(), b"key", b"other"), Post(item(), b"key", b"digest")])[0] == KeyReused()
    assert totals().accepted == 1


def test_a_key_is_forgotten_after_a_day():
    (before,) = append([Post(item(), b"key", b"digest")])
    clock.fast_forward(KEY_LIFE - timedelta(seconds=1))
    assert append([Post(item(), b"key", b"digest")]) == [before]
    clock.fast_forward(timedelta(seconds=2))
    assert append([Post(item(), b"key", b"other")]) != [before]
    clock.fast_forward(KEY_LIFE + timedelta(seconds=1))
    assert purging.purge_keys() is False
    assert not Key.objects.exists()


def test_two_digesters_never_hold_the_same_body():
    accept(*[item() for _ in range(claims.ALERTS + 20)])
    one, other = claims.take(owners.me()), claims.take("elsewhere/2/2")
    assert len(receipts(one)) == claims.ALERTS
    assert len(receipts(other)) == 20
    assert set(receipts(one)).isdisjoint(receipts(other))
    assert claims.take("elsewhere/3/3") is None


def test_one_claim_is_bounded_in_alerts_and_bytes_but_never_empty():
    accept(item(alerts=claims.ALERTS + 1), item(), item(b"x" * claims.BYTES), item(b"x" * claims.BYTES))
    sizes, taken = [], None
    while taken := claims.take("me/1/1", done=taken):
        sizes.append(len(taken.items))
    assert sizes == [1, 1, 1, 1]


def test_the_first_alert_of_a_quiet_source_overtakes_a_storm_and_the_storm_loses_nothing():
    storm, calm = [item() for _ in range(3 * claims.ALERTS)], [item(source=name) for name in ("wazuh", "zabbix")]
    accept(*storm, item(alerts=claims.ALERTS, source="splunk"), *calm)
    first = claims.take("me/1/1")
    assert first is not None
    assert list(first.items) == calm
    accept(item(source="okta"))
    second = claims.take("me/1/1", done=first)
    assert second is not None
    assert {one.source for one in second.items} == {"generic", "splunk", "okta"}, "the quiet ones leave turns to others"
    seen, taken = [*first.items, *second.items], second
    while taken := claims.take("me/1/1", done=taken):
        assert sum(one.alerts for one in taken.items) <= claims.ALERTS
        seen += taken.items
    assert [one for one in seen if one.source == "generic"] == storm
    assert len(seen) == len(storm) + 4
    assert totals().pending == 0


def test_a_digester_that_dies_with_many_sources_leaves_each_of_them_to_the_next():
    sent = [item(source=name) for name in ("generic", "wazuh", "zabbix")]
    accept(*sent)
    assert len(receipts(claims.take(DEAD))) == 3
    clock.fast_forward(claims.LEASE + timedelta(seconds=1))
    taken, back = None, []
    while taken := claims.take(owners.me(), done=taken):
        back += taken.items
    assert sorted(back, key=lambda one: one.source) == sent


def test_a_dead_digester_s_bodies_are_taken_at_once_where_its_death_is_certain():
    machine = owners.me().split("/", maxsplit=1)[0]
    accept(item())
    held = claims.take(f"{machine}/1/not-the-moment-it-started")
    assert receipts(claims.take(owners.me())) == receipts(held)


def test_a_digester_elsewhere_keeps_its_bodies_until_its_lease_runs_out():
    accept(item())
    held = claims.take(DEAD)
    assert claims.take(owners.me()) is None
    clock.fast_forward(claims.LEASE + timedelta(seconds=1))
    assert receipts(claims.take(owners.me())) == receipts(held)


def test_what_is_given_back_is_free_for_the_next():
    accept(item())
    held = claims.take(DEAD)
    assert held is not None
    claims.give_back(held)
    assert receipts(claims.take(owners.me())) == receipts(held)


def test_a_run_that_kills_its_digesters_is_halved_until_the_culprit_stands_alone():
    culprit = item(b"deadly")
    accept(*[item() for _ in range(40)], culprit, *[item() for _ in range(60)])
    done, worked, deaths = None, set(), 0
    while True:
        taken = claims.take(f"elsewhere/{deaths}/1", done=done)
        done = None
        if taken is None and not claims.pending():
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

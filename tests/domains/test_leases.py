"""What only one engine may do is done by one engine, and by the next when that one is gone."""

from datetime import timedelta

import pytest

from hikeshi.engine.loops import Loop
from hikeshi.engine.run import loops
from hikeshi.intake.inbox import leases, owners
from tests.world import clock

HERE, THERE, FAR = owners.me(), "elsewhere/1/1", "farther/1/1"


def test_the_first_has_it_holds_on_to_it_and_leaves_it_when_its_time_is_over():
    assert leases.take("alone", THERE)
    assert not leases.take("alone", FAR)
    clock.fast_forward(leases.LAST - timedelta(seconds=1))
    assert leases.take("alone", THERE)
    clock.fast_forward(leases.LAST - timedelta(seconds=1))
    assert not leases.take("alone", FAR)
    clock.fast_forward(timedelta(seconds=2))
    assert leases.take("alone", FAR)
    assert not leases.take("alone", THERE), "who comes back finds another at work"


def test_it_passes_on_at_once_when_it_is_given_up_or_its_holder_died_on_this_machine():
    assert leases.take("alone", THERE)
    leases.give_up("alone", FAR)
    assert not leases.take("alone", FAR), "nobody gives up what is another's"
    leases.give_up("alone", THERE)
    machine = HERE.split("/", maxsplit=1)[0]
    assert leases.take("alone", f"{machine}/1/not-the-moment-it-started")
    assert leases.take("alone", HERE)


def test_of_two_that_find_it_free_one_gets_it(monkeypatch):
    assert leases.take("alone", f"{HERE.split('/', maxsplit=1)[0]}/1/not-the-moment-it-started")

    def meanwhile(holder: str) -> bool:
        monkeypatch.undo()
        assert leases.take("alone", FAR)
        return False

    monkeypatch.setattr(leases, "lives", meanwhile)
    assert not leases.take("alone", HERE)


def test_a_loop_that_stands_by_does_nothing_and_writes_no_beat_of_its_own():
    taken: list[object] = []
    waiting = Loop("remind", lambda at: bool(taken.append(at)), may=lambda: False)
    before = waiting.ended_well
    clock.fast_forward(timedelta(seconds=3))
    waiting._worked()
    assert (taken, waiting.stands_by, waiting.ended_well) == ([], True, before)


def test_an_engine_that_stands_by_still_digests_reacts_calls_sends_and_watches_clocks():
    everywhere = {loop.name for loop in loops(lambda: False) if loop.may()}
    assert everywhere >= {"digest", "react", "send", "escalate", "watch_clocks", "letters", "mail-door"}
    assert not everywhere & {"mailboxes", "replies", "import", "retain", "sweep", "index", "history"}


@pytest.mark.parametrize("vendor", ["sqlite", "postgresql"])
def test_a_holding_asks_seldom_and_gives_up_at_the_end(vendor, monkeypatch):
    class Table:
        def __init__(self) -> None:
            self.vendor = vendor

    monkeypatch.setattr(leases.tables, "connection", Table)
    one = leases.Holding(HERE)
    assert one()
    one.give_up()
    assert leases.take("alone", THERE)
    assert leases.Holding(HERE)() is (vendor == "sqlite")

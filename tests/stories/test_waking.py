"""A commit wakes whoever waits, in this process and in others; a waiter that is gone harms nobody."""

import threading

import pytest
from django.db import connection, transaction

from hikeshi.engine import loops
from hikeshi.kernel.acting import system
from hikeshi.ledger import acts, wake
from hikeshi.ledger.facts import ReactionParked

pytestmark = pytest.mark.django_db(transaction=True, databases="__all__")


def _act() -> None:
    with acts.unit():
        acts.record(ReactionParked(reaction="x", entry=1), subject="x:1", by=system("test"))


def test_a_commit_wakes_every_waiter_and_silence_wakes_none() -> None:
    first, second = wake.listen("first"), wake.listen("second")
    try:
        assert not first.wait(0)
        _act()
        assert first.wait(60)
        assert second.wait(60)
        assert not first.wait(0)
    finally:
        first.close()
        second.close()


def test_what_was_rolled_back_wakes_nobody() -> None:
    waiter = wake.listen("waiter")
    try:
        with pytest.raises(ValueError, match="no"), acts.unit():
            acts.record(ReactionParked(reaction="x", entry=1), subject="x:1", by=system("test"))
            raise ValueError("no")
        assert not waiter.wait(0.05)
    finally:
        waiter.close()


def test_a_waiter_that_is_gone_does_not_stop_the_next() -> None:
    wake.listen("gone").close()
    waiter = wake.listen("here")
    try:
        _act()
        _act()
        assert waiter.wait(60)
    finally:
        waiter.close()


def test_who_is_called_by_name_wakes_alone() -> None:
    called, other = wake.listen("called"), wake.listen("other")
    try:
        with transaction.atomic():
            wake.at_commit(connection, only="called")
        assert called.wait(60)
        assert not other.wait(0.05)
        _act()
        assert called.wait(60)
        assert other.wait(60)
    finally:
        called.close()
        other.close()


def test_what_gives_way_leaves_a_commit_to_those_somebody_waits_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loops, "IDLE", 60.0)
    names, stepped = ("first", "later"), [threading.Semaphore(0), threading.Semaphore(0)]
    wakers = [wake.listen(name) for name in names]
    running = [
        loops.Loop(name, lambda _, one=one: bool(one.release()), woken=True, after=after, listen=lambda own=own: own)
        for name, one, own, after in zip(names, stepped, wakers, (0.0, 60.0), strict=True)
    ]
    for loop, one in zip(running, stepped, strict=True):
        loop.start()
        assert one.acquire(timeout=60)
    _act()
    assert stepped[0].acquire(timeout=60)
    assert not stepped[1].acquire(timeout=0.2)
    for loop in running:
        loop.stop()
    _act()
    for thread in threading.enumerate():
        if thread.name in names:
            thread.join(60)
    for own in wakers:
        own.close()

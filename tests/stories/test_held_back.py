"""A call has its connection before the commit that makes it true, and not a byte of it leaves before."""

import select
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from hikeshi.accounts.models import Person
from hikeshi.accounts.ways import Kind
from hikeshi.kernel import clock, http
from hikeshi.kernel.acting import system
from hikeshi.kernel.http import Barred, Permitted
from hikeshi.ledger.acts import at_last, unit
from hikeshi.notify import actions as notify
from hikeshi.notify import sending
from hikeshi.notify.actions import queueing
from hikeshi.notify.models import Delivery, Leg
from hikeshi.notify.sending import Sender
from tests import phone, world

DESK = system("test")
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
real_commits = pytest.mark.django_db(transaction=True, databases="__all__")


@contextmanager
def _provider() -> Iterator[tuple[socket.socket, Sender]]:
    """Where a way of somebody leads, and who sends in this process."""
    sender = Sender(workers=2)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        world.site()
        notify.set_hosts(by=DESK, hosts="127.0.0.1", window=1)
        queueing.hand_to(sender.take)
        try:
            yield listening, sender
        finally:
            queueing.hand_to(None)


def _reached(listening: socket.socket) -> socket.socket:
    listening.settimeout(30)
    wire, _ = listening.accept()
    wire.settimeout(30)
    return wire


def _chief(listening: socket.socket) -> Person:
    chief = world.person("chief", "commander")
    phone.way(chief, Kind.WEBHOOK, f"http://127.0.0.1:{listening.getsockname()[1]}/hook")
    return chief


@real_commits
def test_a_call_is_connected_before_the_commit_and_says_nothing_until_it_is_true(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sending, "HELD_BACK", 60.0)  # however long a busy machine takes for the commit
    with _provider() as (listening, sender):
        chief, wires = _chief(listening), []

        def look() -> None:
            wires.append(_reached(listening))
            assert select.select(wires, [], [], 0.2)[0] == []

        with unit():
            at_last(lambda: at_last(look))  # behind what the sender does last
            phone.queue(chief)
        with wires[0] as wire:
            assert wire.recv(65_536).startswith(b"POST /hook")
            wire.sendall(OK)
            while not Delivery.objects.filter(leg=Leg.SENT).exists():
                sender.step(clock.now())


@real_commits
def test_a_call_that_does_not_become_true_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "HELD_BACK", 0.05)
    with _provider() as (listening, _):
        chief = _chief(listening)

        def undone() -> None:
            raise InterruptedError

        with pytest.raises(InterruptedError), unit():
            at_last(lambda: at_last(undone))
            phone.queue(chief)
        with _reached(listening) as wire:
            assert wire.recv(65_536) == b""
        assert Delivery.objects.count() == 0


@real_commits
def test_a_call_whose_commit_took_too_long_is_made_anew_after_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "HELD_BACK", 0.0)
    with _provider() as (listening, sender):
        chief = _chief(listening)

        def look() -> None:
            with _reached(listening) as wire:
                assert wire.recv(65_536) == b""

        with unit():
            at_last(lambda: at_last(look))
            phone.queue(chief)
        with _reached(listening) as wire:
            assert wire.recv(65_536).startswith(b"POST /hook")
            wire.sendall(OK)
            while not Delivery.objects.filter(leg=Leg.SENT).exists():
                sender.step(clock.now())


def test_the_word_is_waited_for_by_each_call_before_its_first_byte() -> None:
    said: list[bool] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/"
        with http.until(lambda: bool(said.append(True))), pytest.raises(Barred, match="held"):
            http.request("POST", url, headers={}, body=b"x", permitted=Permitted(frozenset({"127.0.0.1"})))
        with _reached(listening) as wire:
            assert (wire.recv(65_536), said) == (b"", [True])

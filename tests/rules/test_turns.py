"""Writers of one process take turns in the order in which they asked."""

import threading
import time

import pytest

from hikeshi.ledger.turns import Turns


def test_nobody_overtakes_and_nobody_is_left_out():
    turns, order, inside = Turns(), [], []

    def write(number: int) -> None:
        with turns.turn():
            inside.append(number)
            assert inside == [number]
            order.append(number)
            inside.remove(number)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(20)]
    with turns.turn():
        for number, thread in enumerate(threads):
            thread.start()
            while len(turns._queue) <= number:
                time.sleep(0)
    for thread in threads:
        thread.join()
    assert order == list(range(20))


def test_a_turn_that_fails_is_passed_on():
    turns = Turns()
    for _ in range(2):
        with pytest.raises(ZeroDivisionError), turns.turn():
            1 / 0  # noqa: B018  # it is the failure that counts
    with turns.turn():
        assert turns._taken
    assert not turns._taken

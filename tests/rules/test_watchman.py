"""The watch wakes somebody for what lasts, once, and says when it is over."""

from hikeshi.cli.watchman import (
    BACKLOG,
    GROWING,
    JUMP,
    PATIENCE,
    REPEAT,
    Backlog,
    Clocks,
    Notice,
    Trouble,
    Turn,
    Watchman,
)

ENGINE = frozenset({Trouble.ENGINE})
NOTHING: frozenset[Trouble] = frozenset()


def told(watchman: Watchman, looks: dict[float, frozenset[Trouble]]) -> list[tuple[float, Trouble, Turn]]:
    return [(at, one.trouble, one.turn) for at, found in looks.items() for one in watchman.step(at, found)]


def test_a_restart_wakes_nobody() -> None:
    watchman = Watchman()
    assert told(watchman, {0: ENGINE, 10: ENGINE, 20: NOTHING, 30: ENGINE, 40: ENGINE, 50: NOTHING}) == []
    assert watchman.well


def test_what_lasts_is_told_once_and_again_every_hour() -> None:
    watchman = Watchman()
    looks = {10.0 * step: ENGINE for step in range(int((2 * REPEAT + PATIENCE) / 10) + 1)}
    began, again = PATIENCE, PATIENCE + REPEAT
    assert told(watchman, looks) == [
        (began, Trouble.ENGINE, Turn.BEGAN),
        (again, Trouble.ENGINE, Turn.LASTS),
        (again + REPEAT, Trouble.ENGINE, Turn.LASTS),
    ]


def test_the_end_is_told_when_it_has_held() -> None:
    watchman = Watchman()
    assert [one[2] for one in told(watchman, {0: ENGINE, 30: ENGINE})] == [Turn.BEGAN]
    assert told(watchman, {40: NOTHING, 50: ENGINE, 60: NOTHING, 70: NOTHING}) == []
    assert watchman.step(80, NOTHING) == [Notice(Trouble.ENGINE, Turn.OVER, 50)]
    assert watchman.well


def test_each_trouble_has_its_own_course() -> None:
    watchman = Watchman()
    both = frozenset({Trouble.ENGINE, Trouble.DISK})
    assert told(watchman, {0: ENGINE, 20: both, 30: both, 50: both}) == [
        (30, Trouble.ENGINE, Turn.BEGAN),
        (50, Trouble.DISK, Turn.BEGAN),
    ]


def test_a_clock_that_runs_on_is_no_jump_and_one_that_is_set_back_is() -> None:
    clocks = Clocks(1_000_000.0, 0.0)
    assert clocks.step(1_000_000.0 + 90, 90) is None  # a machine that slept: both went on
    assert clocks.step(1_000_000.0 + 100 - JUMP - 1, 100) == Notice(Trouble.CLOCK, Turn.BEGAN, -JUMP - 1)
    assert clocks.step(1_000_000.0 + 110 - JUMP - 1, 110) is None


def test_a_backlog_counts_when_it_never_shrinks_and_is_more_than_a_moments_work() -> None:
    growing, shrinking, small, standing, burst = (Backlog() for _ in range(5))
    steps = [10.0 * step for step in range(int(GROWING / 10) + 1)]
    assert [growing.step(at, BACKLOG + at) for at in steps][-2:] == [False, True]
    assert not any(shrinking.step(at, BACKLOG + (at if at != 150 else 0)) for at in steps)
    assert not any(small.step(at, at / 10) for at in steps)
    assert [standing.step(at, BACKLOG + 1) for at in steps][-2:] == [False, True]
    assert not any(burst.step(at, BACKLOG if at < 290 else 2 * BACKLOG) for at in steps)

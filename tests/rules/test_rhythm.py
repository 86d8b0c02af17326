"""When a source counts as silent, from what it did before: never in vain where weeks are alike, always in the end."""

import random
from datetime import UTC, datetime
from itertools import accumulate, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hikeshi.intake import rhythm
from hikeshi.intake.rhythm import DAY, HOUR, LEAST, LONGEST, WEEK, due

MONDAY = rhythm.slot(datetime(2026, 10, 5, tzinfo=UTC))
OFFICE = [day * DAY + at for day in range(5) for at in range(9 * HOUR, 18 * HOUR + 1, 2)]
WEEKS = st.sets(st.integers(0, WEEK - 1), min_size=5, max_size=60).map(sorted)


def weekly(week: list[int], weeks: int) -> list[int]:
    return [MONDAY + number * WEEK + at for number in range(weeks) for at in week]


def cried_in_vain(heard: list[int], since: int) -> list[int]:
    """Each word that came after it was given up, from the ``since``-th on."""
    told = ((due(heard[: place + 1]), heard[place + 1]) for place in range(since, len(heard) - 1))
    return [came for said, came in told if said is not None and said <= came]


@given(st.lists(st.integers(0, 8 * WEEK), unique=True, max_size=200).map(sorted))
def test_nothing_is_said_before_enough_is_known_and_then_always_something(heard: list[int]) -> None:
    newest = [at for at in heard if at >= heard[-1] - rhythm.LOOKED_AT]
    known = len(newest) > rhythm.FEWEST and newest[-1] - newest[0] >= rhythm.KNOWN
    found = due(heard)
    assert (found is not None) == known
    if found is not None:
        assert heard[-1] + LEAST <= found <= heard[-1] + LONGEST


@settings(deadline=None)
@given(WEEKS, st.integers(2, 6))
def test_what_does_the_same_every_week_is_never_told_of(week: list[int], weeks: int) -> None:
    heard = weekly(week, weeks)
    assert cried_in_vain(heard, 2 * len(week)) == []


@settings(deadline=None, derandomize=True)
@given(st.integers(0, 10_000), st.integers(1, 24))
def test_what_comes_at_random_is_hardly_ever_told_of_in_vain(seed: int, hours: int) -> None:
    """With a mean gap of so many hours, over eight weeks."""
    chance = random.Random(seed)  # nothing hangs on it
    gaps = [max(1, round(chance.expovariate(1 / (hours * HOUR)))) for _ in range(8 * WEEK // (hours * HOUR))]
    heard = list(accumulate(gaps, initial=MONDAY))
    assert len(cried_in_vain(heard[:: max(1, len(heard) // 300)], 1)) <= 2


def test_a_minutely_source_is_missed_within_an_hour_or_so() -> None:
    heard = list(range(MONDAY, MONDAY + 3 * WEEK))
    assert due(heard) == heard[-1] + LEAST


def test_one_outage_does_not_make_a_busy_source_deaf() -> None:
    heard = [at for at in range(MONDAY, MONDAY + 3 * WEEK, 2) if not 0 < at - MONDAY - WEEK < 3 * DAY]
    assert due(heard) == heard[-1] + LEAST


def test_a_daily_report_is_missed_after_two_days() -> None:
    heard = [MONDAY + day * DAY for day in range(20)]
    assert due(heard) == heard[-1] + 2 * DAY


@pytest.mark.parametrize(
    ("last", "hour"), [(18, 24 + 11), (12, 14)], ids=["after the evening, next morning", "at noon, the same afternoon"]
)
def test_office_hours_are_known_after_three_weeks(last: int, hour: int) -> None:
    """The source falls silent on a Monday after that hour."""
    monday = MONDAY + 4 * WEEK
    heard = weekly(OFFICE, 4) + [monday + at for at in range(9 * HOUR, last * HOUR + 1, 2)]
    found = due(heard)
    assert found is not None
    assert monday + (hour - 1) * HOUR <= found <= monday + hour * HOUR


def test_nothing_of_the_week_holds_from_a_day_off_on() -> None:
    heard = weekly(OFFICE, 4)
    found = due(heard, day_off=MONDAY + 4 * WEEK)
    weekend = max(later - earlier for earlier, later in pairwise(heard))
    assert found == heard[-1] + 2 * weekend
    assert due(heard) < found

"""Folding, whatever the order in which alerts arrive."""

from datetime import UTC, datetime, timedelta
from functools import reduce
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from hikeshi.intake.folding import Change, Event, Folded, fold

START = datetime(2026, 11, 21, tzinfo=UTC)


def at(minute: int) -> datetime:
    return START + timedelta(minutes=minute)


def event(minute: int, state: str = "firing", severity: int = 3, last: int | None = None) -> Event:
    return Event(at(minute), at(minute if last is None else last), at(minute), state, severity)


def folded(events: list[Event]) -> Folded:
    found = reduce(lambda before, each: fold(before, each)[0], events, None)
    assert found is not None
    return found


def changes(events: list[Event]) -> list[Change]:
    found, before = [], None
    for each in events:
        before, change = fold(before, each)
        found.append(change)
    return found


STATES = ["firing", "acknowledged", "resolved"]
EVENTS = st.lists(
    st.builds(
        event,
        st.integers(0, 8),
        st.sampled_from(STATES),
        st.integers(1, 6),
        st.integers(8, 12),
    ),
    min_size=1,
    max_size=12,
)


@given(EVENTS, st.randoms(use_true_random=False))
def test_order_of_arrival_changes_nothing_but_how_often_it_fired_again(events: list[Event], shuffler) -> None:
    other = list(events)
    shuffler.shuffle(other)
    one, two = folded(events), folded(other)
    assert (one.count, one.first_seen, one.last_seen, one.status) == (
        two.count,
        two.first_seen,
        two.last_seen,
        two.status,
    )
    assert (one.firing_at, one.resolved_at) == (two.firing_at, two.resolved_at)
    if one.firing_at is not None:
        assert one.severity == two.severity


@given(EVENTS)
def test_every_alert_counts_once_and_its_times_are_the_outermost(events: list[Event]) -> None:
    found = folded(events)
    assert found.count == len(events)
    assert found.first_seen == min(each.first for each in events)
    assert found.last_seen == max(each.last for each in events)


@given(EVENTS)
def test_it_fires_again_exactly_when_it_goes_from_over_to_firing(events: list[Event]) -> None:
    seen, before = [], None
    for each in events:
        before, _ = fold(before, each)
        seen.append(before.status)
    again = sum(old == "resolved" and new == "firing" for old, new in pairwise(seen))
    assert folded(events).fired == again


def test_the_life_of_an_alert_names_each_change() -> None:
    life = [event(0), event(0), event(5, "resolved"), event(5, "resolved"), event(7), event(8, severity=5)]
    assert changes(life) == ["new", "repeated", "resolved", "repeated", "refired", "worse"]


def test_a_late_copy_of_a_firing_does_not_reopen_what_is_over() -> None:
    assert changes([event(0), event(5, "resolved"), event(0)])[-1] is Change.REPEATED


def test_an_end_before_its_beginning_stays_over() -> None:
    assert folded([event(5, "resolved"), event(0)]).status == "resolved"


def test_an_end_and_a_beginning_of_one_instant_are_an_end() -> None:
    assert folded([event(5), event(5, "resolved")]).status == "resolved"


def test_an_end_does_not_soften_what_the_alert_was() -> None:
    assert folded([event(0, severity=5), event(5, "resolved", severity=1)]).severity == 5


def test_what_is_taken_in_hand_neither_begins_nor_ends() -> None:
    life = [event(0), event(3, "acknowledged", severity=5), event(4, "resolved"), event(6, "acknowledged")]
    assert changes(life) == ["new", "repeated", "resolved", "repeated"]
    assert (folded(life).status, folded(life).severity, folded(life).resolved_at) == ("resolved", 3, at(4))


def test_a_thing_only_known_to_be_in_hand_does_not_fire_until_it_is_told_even_late() -> None:
    alone = [event(3, "acknowledged")]
    assert folded(alone).status == "resolved"
    assert changes([*alone, event(1)]) == ["new", "refired"]
    assert folded([*alone, event(1)]).status == "firing"

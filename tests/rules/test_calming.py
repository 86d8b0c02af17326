"""When an alert flaps, and which values are known to be harmless; without a database."""

import ipaddress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hikeshi.intake import benign, flapping
from hikeshi.intake.benign import BadValue, Book, Entry, Kind
from hikeshi.intake.flapping import Seen, Terms
from hikeshi.intake.matchers import Told

T0 = datetime(2026, 11, 22, tzinfo=UTC)
SIX_IN_AN_HOUR = Terms(6, 60)


def after(minutes: float) -> datetime:
    return T0 + timedelta(minutes=minutes)


def changing(*minutes: float, terms: Terms = SIX_IN_AN_HOUR) -> Seen:
    seen = Seen()
    for one in minutes:
        seen = flapping.note(seen, [after(one)], terms, after(one))
    return seen


def test_six_changes_within_the_hour_flap_and_five_or_slower_ones_do_not() -> None:
    assert changing(0, 1, 2, 3, 4).since is None
    assert changing(0, 1, 2, 3, 4, 5).since == after(5)
    assert changing(0, 15, 30, 45, 60, 75).since is None
    assert changing(0, 1, 2, 3, 4, 5, terms=Terms(0, 60)).since is None


def test_it_ends_by_itself_when_fewer_than_half_lie_within_the_time() -> None:
    seen = changing(0, 1, 2, 3, 4, 5)
    assert flapping.due(seen, SIX_IN_AN_HOUR) == after(63)
    assert flapping.settle(seen, SIX_IN_AN_HOUR, after(62)).since == after(5)
    calm = flapping.settle(seen, SIX_IN_AN_HOUR, after(63))
    assert calm.since is None
    assert flapping.due(flapping.settle(calm, SIX_IN_AN_HOUR, after(70)), SIX_IN_AN_HOUR) is None


def test_what_never_comes_to_rest_is_judged_once_a_day() -> None:
    seen = changing(*range(0, 24 * 60 + 4, 5))
    assert seen.since == after(25)
    assert flapping.due(seen, SIX_IN_AN_HOUR) == after(25) + flapping.AT_MOST
    assert flapping.settle(seen, SIX_IN_AN_HOUR, after(25) + flapping.AT_MOST).since is None


@given(st.lists(st.integers(0, 300), max_size=60), st.integers(3, 10), st.integers(1, 90))
def test_it_flaps_only_where_so_many_changes_lay_within_the_time_and_ends_when_said(minutes, changes, within) -> None:
    terms, seen = Terms(changes, within), Seen()
    minutes = sorted(minutes)
    for number, at in enumerate(minutes, 1):
        before, seen = seen, flapping.note(seen, [after(at)], terms, after(at))
        lately = [one for one in minutes[:number] if at - one < within]
        if before.since is None and seen.since is not None:
            assert len(lately) >= changes
        if before.since is None and seen.since is None:
            assert len(lately) < changes
    due = flapping.due(seen, terms)
    if due is not None:
        assert flapping.settle(seen, terms, due) != seen, "when it is due, something ends"


def entry(kind: Kind, *values: str, code: str = "benign-x", places: frozenset[int] = frozenset({1})) -> Entry:
    return Entry(code, "known", places, kind, *benign.read(kind, "\n".join(values)))


def told(**values: str) -> Told:
    seen = [{"type": {"address": "ip"}.get(name, name), "value": value} for name, value in values.items()]
    return Told("generic", "x", 4, "f", {}, seen)


ADDRESSES = st.integers(2**24, 2**32 - 2).map(lambda number: str(ipaddress.IPv4Address(number)))
NETWORKS = st.tuples(ADDRESSES, st.integers(8, 32)).map(lambda said: f"{said[0]}/{said[1]}")


@given(st.lists(st.one_of(ADDRESSES, NETWORKS), min_size=1, max_size=8), ADDRESSES)
def test_an_address_is_found_in_the_list_exactly_where_one_of_its_networks_holds_it(listed, address) -> None:
    book = Book([entry(Kind.ADDRESS, *listed)])
    for asked in (address, listed[0].partition("/")[0]):
        plainly = any(ipaddress.ip_address(asked) in ipaddress.ip_network(one, strict=False) for one in listed)
        assert (book.find(1, told(address=asked)) is not None) is plainly


def test_values_count_under_their_kind_and_in_their_organisation_only() -> None:
    book = Book([entry(Kind.HOST, "SCANNER1"), entry(Kind.USER, "probe", places=frozenset({2}))])
    assert book.find(1, told(host="scanner1")) is not None
    assert book.find(1, told(user="scanner1")) is None
    assert book.find(1, told(user="probe")) is None
    assert book.find(2, told(user="Probe")) is not None
    assert book.find(1, told()) is None


@pytest.mark.parametrize(
    ("kind", "text", "code", "line"),
    [
        (Kind.ADDRESS, "", "benign_none", 1),
        (Kind.ADDRESS, "192.0.2.1\nnonsense", "benign_value", 2),
        (Kind.ADDRESS, "0.0.0.0/0", "benign_network", 1),
        (Kind.ADDRESS, "::/8", "benign_network", 1),
        (Kind.HOST, "localhost", "benign_value", 1),
        (Kind.HOST, "\n".join(f"h{n}" for n in range(1_001)), "benign_many", 1_001),
    ],
)
def test_what_is_no_value_or_far_too_much_is_refused_with_its_line(kind, text, code, line) -> None:
    with pytest.raises(BadValue) as problem:
        benign.read(kind, text)
    assert (problem.value.code, problem.value.line) == (code, line)

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from hikeshi.accounts import networks
from hikeshi.accounts.throttle import LONGEST, NETWORK, NONE, PAIR, Record, wait

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
times = st.lists(st.integers(0, 7200).map(lambda ago: NOW - timedelta(seconds=ago)), max_size=40)


def failures(number: int, ago: float = 1) -> list[datetime]:
    return [NOW - timedelta(seconds=ago)] * number


def test_a_few_typing_mistakes_cost_nothing() -> None:
    assert wait(Record(pair=failures(PAIR.free - 1)), NOW) == NONE


def test_the_wait_doubles_and_has_an_end() -> None:
    waits = [PAIR.wait(failures(number, ago=0), NOW) for number in range(PAIR.free, PAIR.free + 12)]
    assert waits[:3] == [timedelta(seconds=2), timedelta(seconds=4), timedelta(seconds=8)]
    assert waits[-1] == LONGEST


def test_the_wait_runs_out() -> None:
    assert wait(Record(pair=failures(PAIR.free, ago=3)), NOW) == NONE


@given(times)
def test_the_right_password_works_at_once_from_a_device_the_account_knows(elsewhere: list[datetime]) -> None:
    record = Record(pair=elsewhere, network=elsewhere * 10, second_factor=elsewhere * 10, device=())
    assert wait(record, NOW) == NONE


@given(times)
def test_an_attack_on_other_accounts_of_the_office_does_not_stop_who_has_signed_in_from_there(
    others: list[datetime],
) -> None:
    assert wait(Record(network=others * 10, network_known=True), NOW) == NONE


@given(times, times)
def test_more_failures_never_shorten_the_wait(some: list[datetime], more: list[datetime]) -> None:
    assert wait(Record(pair=some + more), NOW) >= wait(Record(pair=some), NOW)


def test_a_stolen_device_cookie_buys_only_a_few_guesses_more() -> None:
    assert wait(Record(pair=failures(20), device=failures(20)), NOW) > NONE


def test_one_network_trying_many_names_is_slowed_for_new_devices() -> None:
    assert wait(Record(network=failures(NETWORK.free)), NOW) > NONE


def test_addresses_of_one_ipv6_subscriber_are_one_network() -> None:
    assert networks.network("2001:db8:1:2::1") == networks.network("2001:db8:1:2:ffff::9%eth0")
    assert networks.network("2001:db8:1:2::1") != networks.network("2001:db8:1:3::1")
    assert networks.network("::ffff:192.0.2.7") == networks.network("192.0.2.7")
    assert networks.network("not an address") == "not an address"

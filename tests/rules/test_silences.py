"""When a silence holds, and what its conditions match; without a database."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hikeshi.intake import matchers, silences
from hikeshi.intake.matchers import BadMatcher, Subject
from hikeshi.intake.silences import Every, Terms

BERLIN = "Europe/Berlin"


def terms(starts: datetime, hours: float, every: Every = Every.ONCE, until: datetime | None = None) -> Terms:
    return Terms("t", "host = db1", "r", "", starts, starts + timedelta(hours=hours), every, until)


def test_a_window_that_comes_again_keeps_its_local_time_over_the_change_of_the_clocks() -> None:
    starts = datetime(2026, 10, 23, 22, tzinfo=ZoneInfo(BERLIN)).astimezone(UTC)
    found = list(silences.windows(terms(starts, 4, Every.DAY, starts + timedelta(days=5)), BERLIN))
    assert [one.begins.astimezone(ZoneInfo(BERLIN)).hour for one in found] == [22] * len(found)
    assert len(found) == 5, "the sixth begins an hour after the last moment, since the clocks went back"
    assert {one.ends - one.begins for one in found} == {timedelta(hours=4)}


@given(
    st.integers(0, 365 * 24),
    st.integers(1, 23),
    st.sampled_from(list(Every)),
    st.integers(1, 60),
    st.integers(0, 70 * 24),
)
def test_the_window_of_a_moment_is_the_first_that_is_not_over(hour, hours, every, days, later) -> None:
    starts = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=hour)
    wanted = terms(starts, hours, every, starts + timedelta(days=days))
    at, every_one = starts + timedelta(hours=later), list(silences.windows(wanted, BERLIN))
    found = silences.window(wanted, BERLIN, at)
    assert found == next((one for one in every_one if one.ends > at), None)
    assert all(one.ends <= after.begins for one, after in pairwise(every_one))


ALERT = Subject({"host": ("db1", "db1.example"), "source": ("wazuh",), "label.team": ("web",)})


@pytest.mark.parametrize(
    ("text", "matches"),
    [
        ("host = db1", True),
        ('HOST = "DB1"', True),
        ("host = db", False),
        ("host =~ db.*example", True),
        ("host =~ db", False),
        ("source = wazuh\nhost != db1", False),
        ("source = wazuh\nhost != db2", True),
        ("source = wazuh\nhost !~ db.*", False),
        ("source = wazuh\nuser = ", True),
        ("source = wazuh\n\nhost = db2", False),
        ("label.team = WEB", True),
        ("label.other != x\nsource=~wa.+", True),
        ('source = "wa\\zuh"', True),
    ],
)
def test_all_conditions_must_hold_and_what_is_missing_is_empty(text: str, matches: bool) -> None:
    assert matchers.read(text).match(ALERT) is matches


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("", "matcher_all", 1),
        ("\nhost =~ .*", "matcher_all", 2),
        ("host != db1", "matcher_all", 1),
        ("user =", "matcher_all", 1),
        ("host = a\nnonsense", "matcher_line", 2),
        ("colour = red", "matcher_name", 1),
        ("host =~ (", "matcher_pattern", 1),
        ("\n".join(["host = a"] * 21), "matcher_many", 21),
        ("host = " + "a" * 600, "matcher_line", 1),
    ],
)
def test_what_would_hold_everything_or_says_nothing_is_refused_with_its_line(text, code, line) -> None:
    with pytest.raises(BadMatcher) as problem:
        matchers.read(text)
    assert (problem.value.code, problem.value.line) == (code, line)


def test_what_is_wrong_with_a_pattern_is_said_in_letters() -> None:
    with pytest.raises(BadMatcher, match="missing") as problem:
        matchers.read("host =~ (")
    assert "b'" not in str(problem.value)


@given(st.text(max_size=60))
def test_an_exact_condition_asks_for_this_very_value(value: str) -> None:
    value = " ".join(value.split())
    if not value or any(ord(letter) < 32 for letter in value):
        return
    wanted = matchers.read(matchers.exactly(matchers.Name.TITLE, value))
    assert wanted.match(Subject({"title": (value.casefold(),)}))
    assert not wanted.match(Subject({"title": (value.casefold() + "x",)}))

"""When a calendar of others is asked again, and how its address is read."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hikeshi.oncall import subscribing
from hikeshi.oncall.ical import Shift

NOW = datetime(2026, 11, 23, tzinfo=UTC)


@given(failures=st.integers(0, 10_000), share=st.floats(0, 1))
def test_the_next_time_lies_ahead_longer_after_each_failure_and_never_longer_than_six_hours(
    failures: int, share: float
) -> None:
    wait = subscribing.next_time(NOW, failures, share) - NOW
    assert timedelta(minutes=4) < wait < timedelta(hours=7)
    if failures:
        assert wait <= subscribing.next_time(NOW, failures + 1, share) - NOW
    assert wait <= subscribing.next_time(NOW, failures, 1.0) - NOW


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        (" webcal://x.example/a.ics ", "https://x.example/a.ics"),
        ("WEBCALS://x.example/a", "https://x.example/a"),
        ("https://x.example:8443/a?b=c", "https://x.example:8443/a?b=c"),
        ("https://x.example/a b", ""),
        ("https://x.example/予定.ics", ""),
        ("https://u:p@x.example/a", ""),
        ("https://x.example:99999/a", ""),
        ("https:///a", ""),
        ("javascript:alert(1)", ""),
        ("", ""),
    ],
)
def test_an_address_is_asked_for_by_https_or_is_none(typed: str, asked: str) -> None:
    assert subscribing.spelled(typed) == asked


def test_a_hint_shows_the_host_and_little_of_what_is_secret() -> None:
    assert subscribing.hint("https://x.example/private-abcdef/basic.ics") == "x.example/….ics"
    assert subscribing.hint("https://x.example/abc") == "x.example/…"


def test_somebody_is_told_after_a_day_and_once() -> None:
    day = timedelta(days=1)
    assert subscribing.must_be_told(NOW, NOW - day, None)
    assert not subscribing.must_be_told(NOW, NOW - day, NOW)
    assert not subscribing.must_be_told(NOW, NOW - day / 2, None)
    assert not subscribing.must_be_told(NOW, None, None)


def test_a_mark_is_another_for_another_event_time_title_or_person_and_for_nothing_else() -> None:
    day = timedelta(days=1)
    one = Shift(NOW, NOW + day, "ito", ("ito@x.example",), days=False, note="", uid="1")
    other = (
        replace(one, uid="2"),
        replace(one, title="abe"),
        replace(one, begin=NOW - day),
        replace(one, end=NOW + day + day),
        replace(one, addresses=()),
    )
    marks = {subscribing.mark([each]) for each in (one, *other)}
    assert len(marks) == len(other) + 1
    assert subscribing.mark([one]) == subscribing.mark([replace(one, note="said otherwise")])
    assert subscribing.mark([one, other[0]]) == subscribing.mark([other[0], one])


def test_days_are_read_as_they_were_written() -> None:
    days = {date(2026, 11, 23): "勤労感謝の日", date(2027, 1, 1): "", date(2026, 12, 25): "2026-12-25 / x"}
    assert subscribing.read_lines(subscribing.lines(days)) == days

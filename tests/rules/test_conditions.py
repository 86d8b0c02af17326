"""A filter is one text, read the same wherever it stands."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from hikeshi.kernel.refusals import Invalid
from hikeshi.lists import conditions
from hikeshi.lists.periods import Period, span

TOKYO = ZoneInfo("Asia/Tokyo")
NOW = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)  # Monday the 23rd, 05:00 in Tokyo


@pytest.mark.parametrize(
    "text",
    [
        "kind:is:phishing,malware",
        "kind:is:phishing;owner:is:none|phase:was:contain:last_week",
        "priority:to:2;left:over|status:changed::7d",
        "title:has:50%25 off%3A a%2C b%7C c%3B d",
        "opened:last:7;updated:before:2026-11-01",
    ],
)
def test_what_is_read_is_written_the_same(text: str) -> None:
    assert conditions.parse(text).text == text


def test_words_may_hold_what_else_sets_a_filter_apart() -> None:
    (one,) = conditions.parse("title:has:50%25 off%3A a%2C b%7C c%3B d")
    assert one.values == ("50% off: a, b| c; d",)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("colour:is:red", "condition_unknown"),
        ("kind", "condition_unknown"),
        ("kind:under:3", "condition_unknown"),
        ("opened:before:0001-01-01", "condition_value"),
        ("opened:after:9999-12-31", "condition_value"),
        ("kind:is:", "condition_value"),
        ("left:under:soon", "condition_value"),
        ("left:under:0", "condition_value"),
        ("opened:after:yesterday", "condition_value"),
        ("phase:was:contain:1999", "condition_value"),
        ("kind:is:phishing:7d", "condition_value"),
        (";".join(["left:over"] * 13), "too_many_conditions"),
        ("title:has:" + "x" * 3000, "too_long"),
    ],
)
def test_what_cannot_be_read_is_refused_and_says_which_piece(text: str, reason: str) -> None:
    with pytest.raises(Invalid) as refused:
        conditions.parse(text)
    assert refused.value.reason == reason


def test_a_history_without_a_time_asks_whether_ever() -> None:
    (one,) = conditions.parse("owner:was:me")
    assert one.period == Period.EVER


@pytest.mark.parametrize(
    ("period", "since", "until"),
    [
        (Period.THIS_WEEK, datetime(2026, 11, 23, tzinfo=TOKYO), NOW),
        (Period.LAST_WEEK, datetime(2026, 11, 16, tzinfo=TOKYO), datetime(2026, 11, 23, tzinfo=TOKYO)),
        (Period.THIS_MONTH, datetime(2026, 11, 1, tzinfo=TOKYO), NOW),
        (Period.LAST_MONTH, datetime(2026, 10, 1, tzinfo=TOKYO), datetime(2026, 11, 1, tzinfo=TOKYO)),
        (Period.DAY, datetime(2026, 11, 21, 20, tzinfo=UTC), NOW),
    ],
)
def test_weeks_and_months_are_those_of_the_reader(period: Period, since: datetime, until: datetime) -> None:
    found = span(period, NOW, TOKYO)
    assert (found.since, found.until) == (since, until)

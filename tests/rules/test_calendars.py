"""Business time: what a clock counts, over holidays, closing days, nights, and clocks put forward and back."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hikeshi.calendars import calendar as calendars
from hikeshi.calendars import days, holidays, hours, working
from hikeshi.calendars.calendar import Calendar, Sort
from hikeshi.calendars.hours import Fault, Span, Unreadable

TOKYO = ZoneInfo("Asia/Tokyo")
H = timedelta(hours=1)
OFFICE = calendars.standard("Asia/Tokyo")


def jst(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=TOKYO)


def weekly(*week: str, zone: str = "Asia/Tokyo", **more: str) -> Calendar:
    return calendars.read(zone=zone, week=[*week, *([""] * (7 - len(week)))], **more)


PUBLISHED = {  # as the Cabinet Office publishes them (https://www8.cao.go.jp/chosei/shukujitsu/syukujitsu.csv)
    2019: "1-1 1-14 2-11 3-21 4-29 4-30 5-1 5-2 5-3 5-4 5-5 5-6 7-15 8-11 8-12 9-16 9-23 10-14 10-22 11-3 11-4 11-23",
    2021: "1-1 1-11 2-11 2-23 3-20 4-29 5-3 5-4 5-5 7-22 7-23 8-8 8-9 9-20 9-23 11-3 11-23",
    2025: "1-1 1-13 2-11 2-23 2-24 3-20 4-29 5-3 5-4 5-5 5-6 7-21 8-11 9-15 9-23 10-13 11-3 11-23 11-24",
    2026: "1-1 1-12 2-11 2-23 3-20 4-29 5-3 5-4 5-5 5-6 7-20 8-11 9-21 9-22 9-23 10-12 11-3 11-23",
    2027: "1-1 1-11 2-11 2-23 3-21 3-22 4-29 5-3 5-4 5-5 7-19 8-11 9-20 9-23 10-11 11-3 11-23",
}


@pytest.mark.parametrize("year", PUBLISHED)
def test_japans_holidays_are_those_the_cabinet_office_publishes(year: int) -> None:
    published = {date(year, *map(int, day.split("-"))) for day in PUBLISHED[year].split()}
    assert set(holidays.of_year("JP", year)) == published


@pytest.mark.parametrize("year", range(2008, 2051))
def test_a_holiday_on_sunday_is_made_up_for_and_a_day_between_two_is_free(year: int) -> None:
    """Act on National Holidays, Article 3 paragraphs 2 and 3."""
    free = holidays.of_year("JP", year)
    for day in free:
        following = day
        while day.weekday() == 6 and free[following].en != "Substitute Holiday":
            following += timedelta(days=1)  # ends in a KeyError where nothing makes up for the Sunday
        assert (day + timedelta(days=2)) not in free or (day + timedelta(days=1)) in free, day


def test_a_holiday_has_its_name_in_both_languages() -> None:
    made_up, between = OFFICE.about(date(2026, 5, 6)), OFFICE.about(date(2026, 9, 22))
    assert (made_up.sort, made_up.ja, made_up.en) == (Sort.HOLIDAY, "振替休日", "Substitute Holiday")
    assert (between.sort, between.ja) == (Sort.HOLIDAY, "国民の休日")
    assert holidays.of_year("", 2026) == {}
    for country in holidays.COUNTRIES:
        assert holidays.of_year(country, 2026), country


@pytest.mark.parametrize(
    ("start", "amount", "due"),
    [
        ("2026-11-20 16:00", 4 * H, "2026-11-24 11:00"),  # Friday, weekend, Labour Thanksgiving Day
        ("2026-11-24 09:00", 9 * H, "2026-11-24 18:00"),  # a whole day ends with the day
        ("2026-11-24 18:00", timedelta(minutes=1), "2026-11-25 09:01"),
        ("2026-12-28 17:00", 2 * H, "2027-01-04 10:00"),  # closed over New Year
        ("2026-05-01 17:30", H, "2026-05-07 09:30"),  # the substitute holiday of 6 May
        ("2026-11-22 03:00", timedelta(), "2026-11-22 03:00"),
    ],
)
def test_office_hours_pass_only_in_the_office(start: str, amount: timedelta, due: str) -> None:
    assert working.add_business_time(OFFICE, jst(start), amount) == jst(due)


def test_a_lunch_break_counts_for_nobody() -> None:
    """GLPI's example too: four hours from 16:00 with 08-18 end at 10:00."""
    broken = weekly(*["09:00-12:00, 13:00-18:00"] * 5)
    assert working.add_business_time(broken, jst("2026-11-24 11:00"), 2 * H) == jst("2026-11-24 14:00")
    assert not working.is_open(broken, jst("2026-11-24 12:30"))
    assert working.next_open(broken, jst("2026-11-24 12:30")) == jst("2026-11-24 13:00")
    eight = weekly(*["08:00-18:00"] * 5)
    assert working.add_business_time(eight, jst("2026-11-24 16:00"), 4 * H) == jst("2026-11-25 10:00")


def test_a_night_belongs_to_the_day_it_begins_on() -> None:
    nights = weekly(*["22:00-06:00"] * 5)
    assert working.is_open(nights, jst("2026-11-28 05:59"))  # Friday's night runs into Saturday
    assert not working.is_open(nights, jst("2026-11-28 06:00"))
    assert not working.is_open(nights, jst("2026-11-23 05:00"))  # Sunday's night does not exist
    assert working.business_time_between(nights, jst("2026-11-27 00:00"), jst("2026-11-29 00:00")) == 14 * H


def test_a_day_with_hours_of_its_own_goes_before_holiday_and_closing_day() -> None:
    keeping = weekly(
        *["09:00-18:00"] * 5, country="JP", closings="12-29..01-03", specials="2026-12-30 10:00-12:00 Shift"
    )
    assert working.next_open(keeping, jst("2026-12-28 18:00")) == jst("2026-12-30 10:00")
    assert working.add_business_days(keeping, date(2026, 12, 28), 2) == date(2027, 1, 4)


@pytest.mark.parametrize(
    ("day", "count", "found"),
    [
        ("2026-11-20", 1, "2026-11-24"),
        ("2026-11-21", 1, "2026-11-24"),
        ("2026-11-21", 0, "2026-11-24"),
        ("2026-11-20", 0, "2026-11-20"),
        ("2026-11-24", -1, "2026-11-20"),
        ("2026-02-26", 3, "2026-03-03"),
        ("2026-12-25", 3, "2027-01-05"),
    ],
)
def test_business_days_are_counted_from_the_day_after(day: str, count: int, found: str) -> None:
    assert working.add_business_days(OFFICE, date.fromisoformat(day), count) == date.fromisoformat(found)


def test_when_clocks_change_hours_are_what_the_wall_clock_shows() -> None:
    around = weekly(*["00:00-24:00"] * 7, zone="Europe/Berlin")
    march, october = datetime(2026, 3, 29, tzinfo=ZoneInfo("Europe/Berlin")), date(2026, 10, 25)
    spring = working.business_time_between(around, march, datetime(2026, 3, 30, tzinfo=ZoneInfo("Europe/Berlin")))
    assert spring == 23 * H
    assert sum((b - a for a, b in working.open_times(around, october)), timedelta()) == 25 * H
    night = weekly(*["01:00-02:30"] * 7, zone="Europe/Berlin")
    assert sum((b - a for a, b in working.open_times(night, date(2026, 3, 29))), timedelta()) == H
    twice = working.open_times(night, october)
    assert [(b - a) for a, b in twice] == [1.5 * H, 0.5 * H]


def test_what_never_opens_is_said_and_not_waited_for() -> None:
    shut = weekly("09:00-18:00", closings="01-01..12-31")
    with pytest.raises(working.NeverOpen):
        working.next_open(shut, jst("2026-11-24 09:00"))
    with pytest.raises(working.NeverOpen):
        working.add_business_days(shut, date(2026, 11, 24), 1)


@pytest.mark.parametrize(
    ("typed", "spans"),
    [
        ("9-18", (Span(540, 1080),)),
        ("１３：００〜１８：００、９：００-１２：００", (Span(540, 720), Span(780, 1080))),
        ("22:00-06:00", (Span(1320, 1800),)),
        ("00:00-24:00", (Span(0, 1440),)),
        ("", ()),
    ],
)
def test_hours_are_read_as_people_write_them(typed: str, spans: tuple[Span, ...]) -> None:
    assert hours.read(typed) == spans
    assert hours.read(hours.written(spans)) == spans


@pytest.mark.parametrize(
    ("week", "more", "part", "line", "fault"),
    [
        (["9:00 to 5"], {}, "hours", 1, Fault.HOURS_FORM),
        (["", "25:00-26:00"], {}, "hours", 2, Fault.HOURS_RANGE),
        (["9:75-10:00"], {}, "hours", 1, Fault.HOURS_RANGE),
        (["9-12, 11-13"], {}, "hours", 1, Fault.HOURS_OVERLAP),
        (["22-6", "5-9"], {}, "hours", 1, Fault.HOURS_OVERLAP),
        ([], {}, "hours", 0, Fault.NEVER_OPEN),
        (["9-18"], {"closings": "12/29-1/3\n13/1"}, "closings", 2, Fault.NO_SUCH_DAY),
        (["9-18"], {"closings": "tomorrow"}, "closings", 1, Fault.DAY_FORM),
        (["9-18"], {"closings": "2026-08-15..2026-08-13"}, "closings", 1, Fault.DAY_ORDER),
        (["9-18"], {"specials": "2026-12-28"}, "specials", 1, Fault.DAY_FORM),
        (["9-18"], {"specials": "2026-02-30 9-12"}, "specials", 1, Fault.NO_SUCH_DAY),
        (["9-18"], {"specials": "2026-12-28 9-12\n2026/12/28 10-12"}, "specials", 2, Fault.DAY_TWICE),
        (["9-18"], {"zone": "Asia/Edo"}, "zone", 0, Fault.NO_ZONE),
    ],
)
def test_what_cannot_be_read_names_its_line(
    week: list[str], more: dict[str, str], part: str, line: int, fault: Fault
) -> None:
    with pytest.raises(Unreadable) as refused:
        weekly(*week, **more)
    assert (refused.value.part, refused.value.line, refused.value.fault) == (part, line, fault)


def test_closing_days_are_read_from_a_list_or_a_sheet_and_written_back() -> None:
    """The Cabinet Office's own list can be pasted as it is."""
    typed = "12/29～1/3 年末年始\n2026/1/1,元日\n2026-08-13 - 2026-08-15 夏季休業\n\n# a remark\n6/1 創立記念日"
    found = days.read_closings(typed)
    assert [str(one) for one in found] == [
        "12-29..01-03 年末年始",
        "2026-01-01 元日",
        "2026-08-13..2026-08-15 夏季休業",
        "06-01 創立記念日",
    ]
    assert days.read_closings("\n".join(map(str, found))) == found
    assert [found[0].holds(date(2027, *day)) for day in ((1, 3), (1, 4), (12, 28), (12, 29))] == [
        True,
        False,
        False,
        True,
    ]


ZONES = ("Asia/Tokyo", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata")
SPAN = st.tuples(st.integers(0, 1439), st.integers(1, 1440)).map(lambda one: Span(one[0], one[0] + one[1]))


@st.composite
def any_calendar(draw: st.DrawFn) -> Calendar:
    """Weeks that nobody checked for overlaps, so that these are met too."""
    week = draw(st.lists(st.lists(SPAN, max_size=3).map(lambda one: tuple(sorted(one))), min_size=7, max_size=7))
    week[draw(st.integers(0, 6))] = (draw(SPAN),)
    closings = days.read_closings("12-29..01-03\n10-25")
    return Calendar(draw(st.sampled_from(ZONES)), tuple(week), draw(st.sampled_from(["", "JP"])), closings)


NAIVE = (datetime(2026, 1, 1), datetime(2027, 12, 31))  # noqa: DTZ001  # as Hypothesis wants its bounds
MOMENT = st.datetimes(*NAIVE, timezones=st.just(UTC))
AMOUNT = st.integers(0, 60 * 24 * 20).map(lambda minutes: timedelta(minutes=minutes))


@settings(deadline=None, max_examples=150)
@given(calendar=any_calendar(), start=MOMENT, amount=AMOUNT, more=AMOUNT)
def test_what_was_added_is_what_is_measured_and_more_is_never_earlier(
    calendar: Calendar, start: datetime, amount: timedelta, more: timedelta
) -> None:
    due = working.add_business_time(calendar, start, amount)
    assert working.business_time_between(calendar, start, due) == amount
    assert working.add_business_time(calendar, start, amount + more) >= due >= start
    assert working.add_business_time(calendar, start + more, amount) >= due


@settings(deadline=None, max_examples=150)
@given(calendar=any_calendar(), day=st.dates(date(2026, 1, 1), date(2027, 12, 31)), minute=st.integers(0, 1439))
def test_open_times_and_the_wall_clock_agree(calendar: Calendar, day: date, minute: int) -> None:
    """Asked in UTC, minute for minute, against a reading of the wall clock alone."""
    at = datetime.combine(day, time(), tzinfo=UTC) + timedelta(minutes=minute)
    here = at.astimezone(calendar.place)
    within = any(
        a <= at < b for n in (-1, 0, 1) for a, b in working.open_times(calendar, here.date() + timedelta(days=n))
    )
    assert within == working.is_open(calendar, at)
    assert working.is_open(calendar, working.next_open(calendar, at))
    assert working.next_open(calendar, at) == at or not within

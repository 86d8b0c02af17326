"""Follow the sun: Tokyo, London and New York hand one duty on around the world, each by the clock on its own wall,
over a year in which two of them put it forward and back on different days.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from hikeshi.calendars import calendar as calendars
from hikeshi.calendars import hours
from hikeshi.oncall.rota import Rota, Watch, Why, gaps, on_call, watches
from hikeshi.oncall.turns import Holidays, Layer, Unit

SINCE, UNTIL = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
TOKYO, LONDON, NEW_YORK = "Asia/Tokyo", "Europe/London", "America/New_York"
PEOPLE = {TOKYO: ("sato", "mori"), LONDON: ("ada", "joan"), NEW_YORK: ("grace", "jean")}
CHANGES = (date(2026, 3, 8), date(2026, 3, 29), date(2026, 10, 25), date(2026, 11, 1))
"""New York forward, London forward, London back, New York back."""
MINUTE = timedelta(minutes=1)


def layer(zone: str, held: str) -> Layer:
    """Weekly turns, handed on within the city every Monday at nine on its own clock."""
    return Layer(
        zone=zone,
        begins=datetime.fromisoformat("2025-12-29 09:00"),
        people=PEOPLE[zone],
        unit=Unit.WEEK,
        every=1,
        week=(hours.read(held),) * 7,
        holidays=Holidays.ALIKE,
        calendar=calendars.standard(TOKYO),
        ends=None,
    )


@pytest.fixture(scope="module")
def sun() -> Rota:
    """Whoever begins later takes over from whoever is still there."""
    return Rota((layer(TOKYO, "08:00-20:00"), layer(LONDON, "08:00-18:00"), layer(NEW_YORK, "09:00-21:00")))


@pytest.fixture(scope="module")
def year(sun: Rota) -> tuple[Watch, ...]:
    return watches(sun, SINCE, UNTIL)


def wall(zone: str, day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), ZoneInfo(zone)).astimezone(UTC)


def days() -> Iterator[date]:
    return (date(2025, 12, 31) + timedelta(days=number) for number in range(367))


def city(person: str) -> str:
    return next(zone for zone, people in PEOPLE.items() if person in people)


def handed_on() -> dict[datetime, str]:
    """Each hand-over from city to city, as the walls of the cities say it."""
    found = {}
    for day in days():
        found[wall(LONDON, day, 8)] = LONDON
        found[wall(NEW_YORK, day, 9)] = NEW_YORK
        found[wall(NEW_YORK, day, 21)] = TOKYO
    return {at: zone for at, zone in found.items() if SINCE < at < UNTIL}


def test_over_a_year_there_is_no_gap_and_no_overlap(year: tuple[Watch, ...]) -> None:
    assert not gaps(year)
    assert all(one.person and one.why is Why.TURN and one.begin < one.end for one in year)
    assert (year[0].begin, year[-1].end) == (SINCE, UNTIL)
    assert all(before.end == after.begin for before, after in pairwise(year))


def test_every_hand_over_around_the_world_is_at_the_hour_on_the_wall_of_the_city(year: tuple[Watch, ...]) -> None:
    met = {
        after.begin: city(after.person) for before, after in pairwise(year) if city(before.person) != city(after.person)
    }
    assert met == handed_on()
    assert len(met) >= 3 * 364


def test_when_clocks_change_the_hand_over_moves_by_an_hour_that_day_and_not_before(year: tuple[Watch, ...]) -> None:
    begins = {(city(one.person), one.begin.date()): one.begin.hour for one in year if city(one.person) != TOKYO}
    eve = timedelta(days=1)
    new_york, london, london_back, new_york_back = CHANGES
    assert [begins[NEW_YORK, day] for day in (new_york - eve, new_york)] == [14, 13]
    assert [begins[LONDON, day] for day in (london - eve, london)] == [8, 7]
    assert [begins[LONDON, day] for day in (london_back - eve, london_back)] == [7, 8]
    assert [begins[NEW_YORK, day] for day in (new_york_back - eve, new_york_back)] == [13, 14]


def test_within_a_city_turns_change_on_monday_and_alternate_all_year(year: tuple[Watch, ...]) -> None:
    for zone, (first, second) in PEOPLE.items():
        own = [one for one in year if city(one.person) == zone]
        for one in own:
            local = one.begin.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
            weeks = (local - datetime.fromisoformat("2025-12-29 09:00")) // timedelta(weeks=1)
            assert one.person == (first, second)[weeks % 2], one


@pytest.mark.parametrize("day", CHANGES)
def test_around_each_change_whoever_is_asked_for_minute_by_minute_is_who_the_year_says(
    sun: Rota, year: tuple[Watch, ...], day: date
) -> None:
    at = datetime.combine(day, time(), UTC) - timedelta(hours=6)
    for _ in range(36 * 60 // 7):
        (now,) = on_call(sun, at)
        assert now.person == next(one.person for one in year if one.begin <= at < one.end), at
        at += 7 * MINUTE
